"""Who would move band were the challenger to take the champion's place: counts in fives, none that would tell of a child."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.head import Head
from models.small_numbers import FEWEST, rounded
from training.champion.unseen import Unseen

Integers = NDArray[np.int64]
WAYS = ("earlier", "same", "later")


def moves(champion: Head, challenger: Head, children: Unseen) -> dict[str, Any] | None:
    """
    Return who moves, each bundle by its own bands; None where the two have not as many bands.

    `table` is from the champion's bands (down) to the challenger's (across). *Earlier*: offered sooner than now.
    """
    bands = [[band.label for band in head.banded.policy.bands] for head in (champion, challenger)]
    if len(bands[0]) != len(bands[1]):
        return None
    before, after = _places(champion, children.champion), _places(challenger, children.challenger)
    size = len(bands[0])
    table = np.bincount(before * size + after, minlength=size**2).reshape(size, size)
    way = np.sign(after - before) + 1
    return {
        "from": bands[0],
        "to": bands[1],
        "table": told(table),
        "everyone": _ways(np.zeros(len(way), dtype=np.str_), way)[""],
        "by_group": {name: _ways(groups, way) for name, groups in children.groups.items()},
    }


def _places(head: Head, log_odds: NDArray[np.float64]) -> Integers:
    return np.array([head.banded.place(x) for x in log_odds.tolist()], dtype=np.int64)


def _ways(groups: NDArray[np.str_], way: Integers) -> dict[str, dict[str, Any]]:
    """Return, for each group, how many would move which way, and the share who move, of what is told."""
    names, group = np.unique(groups, return_inverse=True)
    counts = np.bincount(group * len(WAYS) + way, minlength=len(names) * len(WAYS)).reshape(-1, len(WAYS))
    return {str(name): _way(line) for name, line in zip(names, told(counts), strict=True)}


def _way(line: Sequence[int | None]) -> dict[str, Any]:
    known = [count for count in line if count is not None]
    share = round(1 - known[1] / sum(known), 3) if len(known) == len(WAYS) else None
    return {**dict(zip(WAYS, line, strict=True)), "share_moving": share}


def told(counts: Integers) -> list[list[int | None]]:
    """
    Return a table of counts as it may be told: to the nearest five, none below ten.

    Where one alone of a row or of a column is hidden, the smallest of the others is hidden with it, until no line has but one:
    the total of a line may be known from elsewhere.
    """
    seen = counts >= FEWEST
    before = ~seen
    while (seen != before).any():
        before = seen.copy()
        for line, shown in [*zip(counts, seen, strict=True), *zip(counts.T, seen.T, strict=True)]:
            if (~shown).sum() == 1 and shown.any():
                left = np.flatnonzero(shown)
                shown[left[line[left].argmin()]] = False
    return [
        [rounded(count) if shown else None for count, shown in zip(line, own, strict=True)]
        for line, own in zip(counts.tolist(), seen.tolist(), strict=True)
    ]
