"""How well single columns of numbers put children with an outcome above those without: AUC with an interval that holds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

Floats = NDArray[np.float64]
Z = 1.959964


@dataclass(frozen=True, slots=True)
class Auc:
    """An AUC turned so that it is .5 or more, its 95 % interval, and how many children with and without it rests on."""

    value: float
    low: float
    high: float
    events: int
    without: int


def auc_of(numbers: Floats, y: Floats) -> Auc:
    """
    Return the AUC of one column (n,) for an outcome (n,) 0 or 1, in whichever direction it foresees; NaN is left out.

    The interval is Newcombe's method 5 (Statistics in Medicine 2006;25:559-573): a score interval, which does not shrink to
    nothing where a handful of children happen to be told apart perfectly.
    """
    known = ~np.isnan(numbers)
    outcome = y[known]
    events, without = int(outcome.sum()), int(len(outcome) - outcome.sum())
    if not events or not without:
        return Auc(0.5, 0.0, 1.0, events, without)
    ranks = rankdata(numbers[known])
    area = (float(ranks[outcome == 1].sum()) - events * (events + 1) / 2) / (events * without)
    value = max(area, 1 - area)
    return Auc(value, *interval(value, events, without), events, without)


def interval(value: float, events: int, without: int) -> tuple[float, float]:
    """Return the 95 % interval of an AUC of so many children with and without the outcome."""
    return _end(value, events, without, 0.0), _end(value, events, without, 1.0)


def _end(value: float, events: int, without: int, limit: float) -> float:
    """Return, between the value and the limit, the AUC from which the value would lie just 1.96 standard errors away."""
    near, far = value, limit
    for _ in range(40):
        middle = (near + far) / 2
        if abs(value - middle) < Z * _error(middle, events, without):
            near = middle
        else:
            far = middle
    return (near + far) / 2


def _error(area: float, events: int, without: int) -> float:
    """Return the standard error of an AUC (Hanley and McNeil, with both groups taken as large as they are on average)."""
    half = (events + without) / 2 - 1
    spread = 1 + half * (1 - area) / (2 - area) + half * area / (1 + area)
    return float(np.sqrt(area * (1 - area) * spread / (events * without)))
