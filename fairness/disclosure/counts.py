"""Counts that are the parts of one whole, or of groups, as they may be told in any table of a bundle."""

from collections.abc import Mapping

import numpy as np

from fairness.disclosure.rates import counted, of_counts
from fairness.disclosure.recovered import POSSIBLE
from models.small_numbers import FEWEST

Two = Mapping[str, tuple[int, int]]
Told = dict[str, tuple[int | None, int | None]]


def partition(counts: Mapping[str, int]) -> dict[str, int | None]:
    """
    Return the parts of a whole that is known exactly: each as it is, or None.

    Hidden is each of one to nine, and beside them, while they could be worked out from the whole, the smallest that is not; where
    there is none, all of them. A hidden part can then be at least three numbers, unless the whole itself is fewer than two.
    """
    hidden = {name for name, count in counts.items() if 0 < count < FEWEST}
    if hidden and not _hides([counts[name] for name in hidden]):
        others = [name for name in counts if counts[name] >= FEWEST]
        hidden |= {min(others, key=lambda name: counts[name])} if others else set(counts)
    return {name: None if name in hidden else count for name, count in counts.items()}


def _hides(small: list[int]) -> bool:
    """Whether each of some small parts, none of them nobody, could be three numbers by their sum."""
    others = len(small) - 1
    lowest, highest = max(1, sum(small) - (FEWEST - 1) * others), min(FEWEST - 1, sum(small) - others)
    return highest - lowest + 1 >= POSSIBLE


def of_groups(attributes: Mapping[str, Two]) -> dict[str, Told]:
    """
    Return what is told of groups' counts, all and a part of them: to the nearest five, hidden where they are few.

    Hidden groups are counted with the largest. Every attribute divides the same children.
    """
    told: dict[str, Told] = {}
    for name, groups in attributes.items():
        n, having = np.array([*groups.values()], dtype=np.float64).reshape(-1, 2).T
        nobody = np.zeros(len(groups))
        counts = np.stack([n, having, nobody, nobody, nobody])
        every = counted("everyone", ("everyone",), counts.sum(axis=1, keepdims=True))
        lines = of_counts([every, counted(name, [*groups], counts)], FEWEST)[name]["groups"]
        told[name] = {line["group"]: (line["n"], 0 if line["n"] == 0 else line["events"]) for line in lines}
    return told
