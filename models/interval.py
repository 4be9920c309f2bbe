"""
The interval of a score: where the event rate among children with this score lies, given this fitted model.

It is tabulated on a grid of served log-odds when a bundle is made, and read off by straight lines between the points.
How far learning again would move a score is another figure (`models.bands`), and no part of it.
"""

from bisect import bisect_right
from itertools import pairwise
from typing import Annotated, NamedTuple, Self

import numpy as np
from pydantic import Field, FiniteFloat, model_validator

from models.estimator import Floats, expit
from models.terms import Part

LEVEL = 0.95
MOST_POINTS = 200
Points = Annotated[tuple[FiniteFloat, ...], Field(min_length=2, max_length=MOST_POINTS)]


class IntervalTable(Part):
    """
    Lower and upper bounds, all on the log-odds, at served log-odds that ascend; `widest` is a width in probability.

    At every point low <= log_odds <= high, so that the interval always holds the score that is served.
    """

    landmark: str
    outcome: str
    log_odds: Points
    low: Points
    high: Points
    widest: Annotated[FiniteFloat, Field(gt=0, le=1)]

    @model_validator(mode="after")
    def _holds_its_points(self) -> Self:
        if not len(self.log_odds) == len(self.low) == len(self.high):
            raise ValueError("an interval has a low and a high for each point")
        if any(first >= second for first, second in pairwise(self.log_odds)):
            raise ValueError("the points of an interval ascend")
        if any(low > at or at > high for low, at, high in zip(self.low, self.log_odds, self.high, strict=True)):
            raise ValueError("an interval holds the score it is of")
        return self


class Interval(NamedTuple):
    """Bounds of a probability; `widened`: some source is not known, and it is wider than its nominal level asks."""

    low: float
    high: float
    widened: bool


class Intervals:
    """Reads the intervals of one estimator's scores from their table."""

    def __init__(self, table: IntervalTable) -> None:
        self.widest = table.widest
        self._points = list(table.log_odds)
        # One line before the first point and one after the last: there the bounds keep their distance.
        starts = [0, *range(len(self._points))]
        self._at = [table.log_odds[i] for i in starts]
        self._low = [table.low[i] for i in starts]
        self._high = [table.high[i] for i in starts]
        self._down = [1.0, *_slopes(table.log_odds, table.low), 1.0]
        self._up = [1.0, *_slopes(table.log_odds, table.high), 1.0]

    def at(self, log_odds: float, probability: float, *, widened: bool) -> Interval:
        """Return the interval of a served log-odds and the probability that it is."""
        line = bisect_right(self._points, log_odds)
        along = log_odds - self._at[line]
        low = min(expit(self._low[line] + along * self._down[line]), probability)
        high = max(expit(self._high[line] + along * self._up[line]), probability)
        if widened:
            low, high = _widened(low, high, self.widest)
        return Interval(low, high, widened)

    def at_all(self, log_odds: Floats, probability: Floats) -> tuple[Floats, Floats]:
        """Return the bounds (n,) of many scores at once, each equal to the bit to what `at` gives, not widened."""
        line = np.searchsorted(self._points, log_odds, side="right")
        along = log_odds - np.array(self._at)[line]
        low = np.array(self._low)[line] + along * np.array(self._down)[line]
        high = np.array(self._high)[line] + along * np.array(self._up)[line]
        return (
            np.minimum([expit(x) for x in low.tolist()], probability),
            np.maximum([expit(x) for x in high.tolist()], probability),
        )

    def widen(self, low: float, high: float) -> Interval:
        """Return an interval made as wide as the widest of the table, if it is not."""
        return Interval(*_widened(low, high, self.widest), widened=True)


def _slopes(points: tuple[float, ...], bounds: tuple[float, ...]) -> list[float]:
    return [(b - a) / (right - left) for (left, right), (a, b) in zip(pairwise(points), pairwise(bounds), strict=True)]


def _widened(low: float, high: float, width: float) -> tuple[float, float]:
    """Stretch both ends alike to `width`; what would pass 0 or 1 is added at the other end."""
    lacking = width - (high - low)
    if lacking <= 0.0:
        return low, high
    low, high = low - lacking / 2, high + lacking / 2
    if low < 0.0:
        low, high = 0.0, high - low
    elif high > 1.0:
        low, high = low - (high - 1.0), 1.0
    # What is subtracted may leave a hair below 0, or above 1.
    return max(low, 0.0), min(high, 1.0)
