"""Which entries retention erased: their numbers as runs, as an entry of retention tells them."""

import json
from bisect import bisect_right
from collections.abc import Iterator

Runs = list[tuple[int, int]]


def grow(runs: Runs, seq: int) -> None:
    """Add a number to runs of smaller ones: 1, 2, 3, 7 make (1, 3), (7, 7)."""
    if runs and seq == runs[-1][1] + 1:
        runs[-1] = (runs[-1][0], seq)
    else:
        runs.append((seq, seq))


def erased_by(payload: bytes) -> Runs:
    """Return the runs that the payload of an entry of retention tells; raises ValueError when it tells none."""
    try:
        told = json.loads(payload)["erased"]
        return [(int(first), int(last)) for first, last in told]
    except (KeyError, TypeError) as error:
        raise ValueError("no runs of erased entries") from error


class Erasures:
    """What entries of retention say that they erased."""

    def __init__(self) -> None:
        self._runs: Runs = []

    def add(self, by: int, runs: Runs) -> None:
        """Take the runs of the entry `by`; it could not erase what came after it, so that does not count."""
        self._runs += [(first, min(last, by - 1)) for first, last in runs if first < by]

    def all(self) -> Runs:
        """Return all that was erased as ascending runs that do not touch."""
        merged: Runs = []
        for first, last in sorted(self._runs):
            if merged and first <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
            else:
                merged.append((first, last))
        return merged


def left_of(runs: Runs, taken: Runs) -> Iterator[tuple[int, int]]:
    """Yield the parts of ascending runs that are in none of other ascending runs."""
    for first, last in runs:
        yield from _without(first, last, taken)


def _without(first: int, last: int, taken: Runs) -> Iterator[tuple[int, int]]:
    place = max(bisect_right(taken, (first, float("inf"))) - 1, 0)
    while place < len(taken) and taken[place][0] <= last:
        low, high = taken[place]
        if high >= first:
            if low > first:
                yield first, low - 1
            first = high + 1
        place += 1
    if first <= last:
        yield first, last
