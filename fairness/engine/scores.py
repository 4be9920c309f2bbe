"""
Scores in order and in bins: what the measures that do not depend on the list are worked out from.

AUC is worked out from the exact order. Resamples count rows in about a hundred bins, finest at the top, where lists end; reliability
curves in tenths of all children.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairness.engine.ranks import Ranked, ranked

# Where bins of the score end, as shares of all rows from the highest down: half points, points, and then twos.
_ENDS = np.concatenate([np.arange(5, 200, 5), np.arange(200, 600, 10), np.arange(600, 1000, 20)]) / 1000
BINS = len(_ENDS) + 1
CURVE_BINS = 10
# Recalibration is exact where no more scores than this differ, and of as many bins where more do.
_MOST_LEVELS = 4_096
# A probability of 0 or 1 has no log-odds; one this near to it is beyond what any score says.
_NEAREST = 1e-9

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Binned:
    """The bin of each row (rows,), how many bins there are, and the mean log-odds and probability in each (bins,)."""

    bin: Integers
    bins: int
    log_odds: Floats
    probability: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """
    Each row's probability (rows,), the rows in order, and in bins.

    `coarse` has the highest scores first; `fine`, for recalibration, and `curve` the lowest.
    """

    probability: Floats
    ranked: Ranked
    coarse: Binned
    fine: Binned
    curve: Integers


def scores_of(probability: Floats, observed: Integers) -> Scores:
    """Return scores in order and in bins; equal scores are always in one bin."""
    differ, level, rows = np.unique(probability, return_inverse=True, return_counts=True)
    below = (np.cumsum(rows) - rows / 2) / len(probability)
    fine = np.arange(len(differ))
    if len(differ) > _MOST_LEVELS:
        fine = np.minimum(below * _MOST_LEVELS, _MOST_LEVELS - 1).astype(np.int64)
    return Scores(
        probability,
        ranked(observed, level),
        _binned(probability, np.searchsorted(_ENDS, 1 - below)[level], BINS),
        _binned(probability, fine[level], int(fine[-1]) + 1),
        np.minimum(below * CURVE_BINS, CURVE_BINS - 1).astype(np.int64)[level],
    )


def log_odds(probability: Floats) -> Floats:
    """Return log-odds, of a probability of 0 or 1 those of one very near to it."""
    inside = np.clip(probability, _NEAREST, 1 - _NEAREST)
    return np.asarray(np.log(inside / (1 - inside)))


def _binned(probability: Floats, which: Integers, bins: int) -> Binned:
    rows = np.maximum(np.bincount(which, minlength=bins), 1)
    of_log_odds = np.bincount(which, weights=log_odds(probability), minlength=bins) / rows
    return Binned(which, bins, of_log_odds, np.bincount(which, weights=probability, minlength=bins) / rows)
