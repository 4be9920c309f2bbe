"""Each measure of two models on the same draws of families, of everyone and of each group."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fairness.champion.both import Both
from fairness.engine.blocks import numbered, resamples_of

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
MEASURES = ("recall", "ppv", "auc", "observed_over_expected")
# Of each model: its list, those of them with the outcome, and how many it foresaw.
_OF_EACH = ("listed", "found", "foreseen", "auc")


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """
    A line's totals: of the children themselves, then in each resample, (1 + resamples,), and of both models (2, 1 + resamples).

    `auc` is NaN where no child has the outcome, or every one.
    """

    n: Floats
    events: Floats
    listed: Floats
    found: Floats
    foreseen: Floats
    auc: Floats

    def measure(self, name: str) -> Floats:
        """Return a measure of both models, (2, 1 + resamples); NaN where there is nobody to measure."""
        part, whole = {
            "recall": (self.found, self.events),
            "ppv": (self.found, self.listed),
            "observed_over_expected": (self.events, self.foreseen),
            "auc": (self.auc, np.ones(1)),
        }[name]
        with np.errstate(divide="ignore", invalid="ignore"):
            found = np.asarray(part / whole)
        return np.where(np.isfinite(found), found, np.nan)

    def without(self, some: "Line") -> "Line":
        """Return everyone but some, whose AUC nobody asks for."""
        return Line(
            self.n - some.n,
            self.events - some.events,
            self.listed - some.listed,
            self.found - some.found,
            self.foreseen - some.foreseen,
            np.full_like(self.auc, np.nan),
        )


class Draws:
    """The resamples of the children's families, and the totals of lines in them."""

    def __init__(self, children: Both) -> None:
        self._children = children
        drawn = resamples_of(*numbered(pd.Series(children.family)))
        self._block = drawn.block
        self._times = np.column_stack([np.ones(len(drawn.times)), drawn.times.astype(np.float64)])

    def lines(self, place: Integers, places: int) -> Iterator[Line]:
        """Yield the totals of every place, given the place that each child is in (n,)."""
        of = self._children
        both = (
            [of.listed[k], of.listed[k] & of.observed, of.probability[k], self._influence(k, place, places)]
            for k in (0, 1)
        )
        counted = [np.ones(len(place)), of.observed, *(row for rows in both for row in rows)]
        totals = self._totals([each.astype(np.float64) for each in counted], place, places)
        areas = np.stack([_areas(of.probability[k], of.observed, place, places) for k in (0, 1)], axis=1)
        for n_and_events, each, area in zip(totals[:, :2], totals[:, 2:], areas, strict=True):
            listed, found, foreseen, moved = each.reshape(2, len(_OF_EACH), -1).swapaxes(0, 1)
            n, events = n_and_events
            yield Line(n, events, listed, found, foreseen, area[:, None] + _but_first(moved))

    def _totals(self, amounts: Sequence[Floats], place: Integers, places: int) -> Floats:
        """Return every amount's total in every place, (places, amounts, 1 + resamples): one product of two matrices."""
        blocks = len(self._times)
        cell = place * blocks + self._block
        by_block = np.stack([np.bincount(cell, amount, places * blocks) for amount in amounts])
        drawn = by_block.reshape(-1, blocks) @ self._times
        return np.asarray(drawn.reshape(len(amounts), places, -1).swapaxes(0, 1))

    def _influence(self, model: int, place: Integers, places: int) -> Floats:
        """
        Return what each child adds to its group's AUC, once more or less (n,): its first-order part, as DeLong has it.

        Summed over families drawn again it is the AUC's own variance (Obuchowski 1997), at the cost of one sort.
        """
        found = np.zeros(len(place))
        for at in range(places):
            rows = np.flatnonzero(place == at)
            y = self._children.observed[rows]
            if y.any() and not y.all():
                found[rows] = _added(self._children.probability[model, rows], y)
        return found


def _but_first(moved: Floats) -> Floats:
    """Return how far each resample is from the children themselves, of whom the first column is."""
    return np.concatenate([np.zeros_like(moved[:, :1]), moved[:, 1:]], axis=1)


def _beaten(probability: Floats, y: NDArray[np.bool_]) -> Floats:
    """Return, for each child, the share of those of the other outcome whose score is on its right side; ties count half."""
    other = {True: np.sort(probability[~y]), False: np.sort(probability[y])}
    found = np.empty(len(y))
    for side in (True, False):
        below, up_to = (np.searchsorted(other[side], probability[y == side], end) for end in ("left", "right"))
        share = (below + up_to) / 2 / len(other[side])
        found[y == side] = share if side else 1 - share
    return found


def _added(probability: Floats, y: NDArray[np.bool_]) -> Floats:
    share = _beaten(probability, y)
    return np.asarray(np.where(y, share - share[y].mean(), share - share[~y].mean()) / np.where(y, y.sum(), (~y).sum()))


def _areas(probability: Floats, y: NDArray[np.bool_], place: Integers, places: int) -> Floats:
    """Return the AUC of each place; NaN where no child has the outcome, or every one."""
    found = np.full(places, np.nan)
    for at in range(places):
        rows = place == at
        if y[rows].any() and not y[rows].all():
            found[at] = _beaten(probability[rows], y[rows])[y[rows]].mean()
    return found
