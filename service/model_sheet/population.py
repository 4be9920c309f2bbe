"""
How many training children are in each cell of a term, as it may be told.

Neighbouring cells are counted together until ten children or more are in each group; where fewer than ten are *not
known*, they are counted with the first group. Every child is so in one group that is told, and even an exact total says
no more of a small cell than that it is small. (To hide *not known* alone, or with another cell, would: counts told to the
nearest five lie at the ends of what they could be often enough that a total gives the hidden one back.)
"""

from collections.abc import Sequence
from dataclasses import dataclass

from models.small_numbers import FEWEST, rounded


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring cells, from `first` to `last`, and their children to the nearest five; None: they are few in all."""

    first: int
    last: int
    children: int | None


@dataclass(frozen=True, slots=True)
class Population:
    """The groups of all cells but *not known*, and that cell's children; None where the first group counts them too."""

    groups: tuple[Group, ...]
    not_known: int | None

    def of(self, cell: int) -> Group:
        """Return the group that holds a cell."""
        return next(group for group in self.groups if group.first <= cell <= group.last)


def population(n: Sequence[int]) -> Population:
    """Return what may be told of the training children in each cell, the last of which is for *not known*."""
    *known, unknown = n
    counted_in = unknown if unknown < FEWEST else 0
    groups: list[Group] = []
    first, gathered, whole = 0, counted_in, 0
    for cell, count in enumerate(known):
        gathered += count
        if gathered >= FEWEST:
            groups.append(Group(first, cell, rounded(gathered)))
            first, gathered, whole = cell + 1, 0, gathered
    if first < len(known):
        # What is left at the end joins the last group that is large enough.
        start = groups.pop().first if groups else 0
        groups.append(Group(start, len(known) - 1, rounded(whole + gathered)))
    return Population(tuple(groups), 0 if unknown == 0 else rounded(unknown))
