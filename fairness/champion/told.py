"""What may be told of a line of two models: figures of rounded counts, with the ends of intervals to a whole point from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairness.champion.drawn import MEASURES, Line
from fairness.champion.new_gap import Bounds, Change, Says, measure_of, percentiles
from fairness.disclosure import rounding
from fairness.policy.policy import Policy
from models.small_numbers import FEWEST, nearest, rounded

Told = dict[str, Any]
Two = tuple[float, float]
_SAYS = list(Says)
_LISTED = ("recall", "ppv")


@dataclass(frozen=True, slots=True)
class Counts:
    """
    A line's counts as they may be told: with the outcome, and without.

    For both models: on the list (`listed`), with the outcome on it and not on it (`found`, `missed`), and on it without (`needless`).
    """

    events: int
    others: int
    listed: tuple[int, ...]
    found: tuple[int, ...]
    missed: tuple[int, ...]
    needless: tuple[int, ...]

    def without(self, some: "Counts") -> "Counts":
        """Return what these counts leave of everyone without some: nothing that they do not tell."""
        return Counts(
            self.events - some.events,
            self.others - some.others,
            _less(self.listed, some.listed),
            _less(self.found, some.found),
            _less(self.missed, some.missed),
            _less(self.needless, some.needless),
        )

    def rates(self, name: str) -> Two | None:
        """Return both models' recall or PPV; None where a part of either is fewer than ten, so that no share is of a few."""
        recall = name == "recall"
        wholes = (self.events, self.events) if recall else self.listed
        if min(*wholes, *self.found, *(self.missed if recall else self.needless)) < FEWEST:
            return None
        first, second = (min(1.0, part / whole) for part, whole in zip(self.found, wholes, strict=True))
        return round(first, 3), round(second, 3)


def counts_of(line: Line) -> Counts:
    """Return a line's counts, each to the nearest five."""
    n, events, listed, found = line.n[0], line.events[0], line.listed[:, 0], line.found[:, 0]
    return Counts(
        _count(events),
        _count(n - events),
        _counts(listed),
        _counts(found),
        _counts(events - found),
        _counts(listed - found),
    )


def _less(ours: tuple[int, ...], theirs: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(one - other for one, other in zip(ours, theirs, strict=True))


def hidden_line(n: int | None) -> Told:
    """Return the line of a group that is told of by name alone: nobody is in it (0), or a few (None)."""
    return {"n": n, "events": n, "small": True, "figures": {}, "moves": None, "gap": None, "says": None}


def told_line(line: Line, moves: Mapping[str, int], policy: Policy) -> Told:
    """Return a line of everyone; `moves` are its children by the way they go."""
    return {
        "n": rounded(line.n[0]),
        "events": rounded(line.events[0]),
        "small": bool(line.n[0] < policy.floors.children),
        "figures": {name: _figure(line, name, few=_few(moves)) for name in MEASURES},
        "moves": {way: rounded(count) for way, count in moves.items()},
        "gap": None,
        "says": None,
    }


def told_group(line: Line, everyone: Line, moves: Mapping[str, int], change: Change | None, policy: Policy) -> Told:
    """Return a group's line, with how its gap to everyone else changes."""
    says = Says.CANNOT_TELL if change is None else change.says
    return told_line(line, moves, policy) | {
        "gap": None if change is None else _gap(line, everyone, change, moves, policy),
        "says": _SAYS.index(says),
    }


def _figure(line: Line, name: str, *, few: bool) -> list[float | None]:
    """Return both models' figure, the difference, and its interval; of a list not where few have moved."""
    values = counts_of(line).rates(name) if name in _LISTED else _standing(line, name)
    if values is None:
        return [None] * 5
    exact = line.measure(name)
    bounds = None if few and name in _LISTED else percentiles(exact[1] - exact[0])
    return [*values, *_about(values[1] - values[0], float(exact[1, 0] - exact[0, 0]), bounds)]


def _standing(line: Line, name: str) -> Two | None:
    """Return both models' AUC, to two places, or how many had the outcome for each one foreseen; None of ten or fewer."""
    counts = counts_of(line)
    if min(counts.events, counts.others) <= FEWEST:
        return None
    if name == "auc":
        first, second = (round(float(each), 2) for each in line.auc[:, 0])
    else:
        foreseen = [max(nearest(each), 1) for each in line.foreseen[:, 0].tolist()]
        first, second = (round(counts.events / each, 2) for each in foreseen)
    return first, second


def _gap(
    line: Line, everyone: Line, change: Change, moves: Mapping[str, int], policy: Policy
) -> list[float | None] | None:
    """Return both models' gap to everyone else and its change, with the interval where enough have moved."""
    ours, name = counts_of(line), measure_of(policy)
    group, rest = ours.rates(name), counts_of(everyone).without(ours).rates(name)
    if group is None or rest is None:
        return None
    gaps = [round(mine - theirs, 3) + 0.0 for mine, theirs in zip(group, rest, strict=True)]
    bounds = None if _few(moves) else change.bounds
    return [*gaps, *_about(gaps[1] - gaps[0], change.challenger - change.champion, bounds)]


def _about(told: float, exact: float, bounds: Bounds | None) -> list[float | None]:
    """Return a told difference, and the ends of its interval as far from it as they are from the exact one, to a whole point."""
    if bounds is None or np.isnan(bounds).any():
        return [round(told, 3) + 0.0, None, None]
    return [round(told + round(offset, 2), 3) + 0.0 for offset in (0.0, bounds[0] - exact, bounds[1] - exact)]


def _few(moves: Mapping[str, int]) -> bool:
    return moves["on"] + moves["off"] < FEWEST


def _counts(counts: NDArray[np.float64]) -> tuple[int, ...]:
    return tuple(_count(count) for count in counts.tolist())


def _count(count: float) -> int:
    return int(rounding.told(np.array([count]), np.array([False]))[0])
