"""
The exact AUC of every group, and of the rest of each, from ranks: no group costs another pass over all rows.

AUC is the chance that a child with the outcome scores higher than one without; equal scores count half. Pairs that are in the
right order are counted twice over, so that they are whole numbers. Those of the rest are everyone's, less those with one child
or both in the group.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """
    Rows with the lowest score first: where each was, whether it has the outcome, and its place among scores that differ.

    `pairs` is, of each row, how many rows of the other outcome it is in the right order with, twice over. (rows,) each.
    """

    order: Integers
    observed: Integers
    level: Integers
    pairs: Integers

    def aucs(self, number: Integers, groups: int) -> tuple[Floats, Floats]:
        """Return the AUC of each group and of the rest of each; `number` is each row's group, under 0 for none."""
        number = number[self.order]
        rows = np.argsort(number.astype(np.int16), kind="stable")[np.count_nonzero(number < 0) :]
        group, observed = number[rows], self.observed[rows]
        both = _totals(_pairs(observed, self.level[rows], group), observed == 1, group, groups)
        either = _totals(self.pairs[rows], observed >= 0, group, groups)
        events, others = (_totals(np.ones_like(rows), observed == which, group, groups) for which in (1, 0))
        all_events = int(self.observed.sum())
        all_others = len(self.observed) - all_events
        of_rest = self.pairs[self.observed == 1].sum() - either + both
        return _auc(both, events, others), _auc(of_rest, all_events - events, all_others - others)


def ranked(observed: Integers, level: Integers) -> Ranked:
    """Return rows in the order of their scores, given each one's place among those that differ."""
    order = np.argsort(level, kind="stable")
    observed, level = observed[order], level[order]
    return Ranked(order, observed, level, _pairs(observed, level, np.zeros_like(level)))


def _pairs(observed: Integers, level: Integers, group: Integers) -> Integers:
    """Return how many rows of its group each is in the right order with, twice over; rows come by group and then by level."""
    begins = np.diff(group, prepend=-1) != 0
    differs = begins | (np.diff(level, prepend=-1) != 0)
    with_others, with_events = (_lower(observed == other, begins, differs) for other in (0, 1))
    of_group = np.cumsum(begins) - 1
    events = np.bincount(of_group, weights=observed)[of_group].astype(np.int64)
    return np.where(observed == 1, with_others, 2 * events - with_events)


def _lower(other: Flags, begins: Flags, differs: Flags) -> Integers:
    """Return how many such rows of its group score less than each, twice over, those that score the same counting once."""
    before = np.append(0, np.cumsum(other))
    run = np.cumsum(differs) - 1
    ends = np.append(np.flatnonzero(differs), len(other))
    begin = np.flatnonzero(begins)[np.cumsum(begins) - 1]
    return np.asarray(before[ends[run]] + before[ends[run + 1]] - 2 * before[begin])


def _totals(amount: Integers, which: Flags, group: Integers, groups: int) -> Integers:
    return np.bincount(group[which], weights=amount[which], minlength=groups).astype(np.int64)


def _auc(pairs: Integers, events: Integers, others: Integers) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(pairs / (2 * events * others))
