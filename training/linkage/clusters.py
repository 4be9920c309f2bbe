"""
Joins linked pairs into children, the likeliest pairs first, never against a person's decision or an agency's promise.

An agency that promises one id a child never has two ids in one child. Splink's clustering knows nothing of a person's
decision that two records are two children, which must hold through third records too; hence our own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Decided = Iterable[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Clusters:
    """
    Who is one child, and how sure that is.

    `child` (n,) names each record's child by the lowest record in it; `strength` (n,) is the least probability on the
    likeliest way from the record to that lowest one (1 for a record alone); `refused` are the pairs not joined.
    """

    child: Ints
    strength: Floats
    refused: list[tuple[int, int]] = field(default_factory=list)


class _Growing:
    """Children as pairs are joined: which promising agencies are in each, and who it must not be joined with."""

    def __init__(self, promised: Ints, apart: Decided) -> None:
        self.root = list(range(len(promised)))
        self.agencies = promised.tolist()
        self.apart: dict[int, set[int]] = {}
        for one, other in apart:
            self.apart.setdefault(one, set()).add(other)
            self.apart.setdefault(other, set()).add(one)
        self.tree: list[tuple[int, int, float]] = []

    def find(self, record: int) -> int:
        """Return the record that stands for a record's child."""
        root = self.root
        while root[record] != record:
            root[record] = root[root[record]]
            record = root[record]
        return record

    def join(self, one: int, other: int, probability: float, *, decided: bool) -> bool:
        """Join two children unless something forbids it; returns whether they are one now."""
        low, high = sorted((self.find(one), self.find(other)))
        if low == high:
            return True
        if high in self.apart.get(low, ()) or (not decided and self.agencies[low] & self.agencies[high]):
            return False
        self.root[high] = low
        self.agencies[low] |= self.agencies[high]
        for foe in self.apart.pop(high, set()):
            self.apart[foe].discard(high)
            self.apart[foe].add(low)
            self.apart.setdefault(low, set()).add(foe)
        self.tree.append((one, other, probability))
        return True


def cluster(promised: Ints, left: Ints, right: Ints, probability: Floats, *, same: Decided, apart: Decided) -> Clusters:
    """
    Return who is one child.

    `promised` (n,) holds one bit for each agency that promises one id a child (0: no promise). Pairs (m,) are taken
    from the likeliest on, ties by record. `same` and `apart` are a person's decisions: they win over both.
    """
    growing = _Growing(promised, apart)
    refused = [pair for pair in same if not growing.join(*pair, 1.0, decided=True)]
    order = np.lexsort((right, left, -probability))
    for one, other, p in zip(left[order].tolist(), right[order].tolist(), probability[order].tolist(), strict=True):
        if not growing.join(one, other, p, decided=False):
            refused.append((one, other))
    child = np.array([growing.find(record) for record in range(len(promised))], dtype=np.int64)
    return Clusters(child, _strengths(child, growing.tree), refused)


def _strengths(child: Ints, tree: list[tuple[int, int, float]]) -> Floats:
    """Walk each child's tree from its lowest record; joined likeliest first, that tree holds the likeliest ways."""
    beside: dict[int, list[tuple[int, float]]] = {}
    for one, other, p in tree:
        beside.setdefault(one, []).append((other, p))
        beside.setdefault(other, []).append((one, p))
    strength = np.ones(len(child))
    for start in {int(child[record]) for record in beside}:
        waiting, seen = [(start, 1.0)], {start}
        while waiting:
            record, least = waiting.pop()
            strength[record] = least
            for neighbour, p in beside.get(record, ()):
                if neighbour not in seen:
                    seen.add(neighbour)
                    waiting.append((neighbour, min(least, p)))
    return strength
