"""
Intervals of scores (M4): where the event rate among children with a score lies, given this fitted model.

The hull of two calibrations, each fitted anew to resamples of whole families: the affine one that is served, which is
sure of itself where it is wrong, and a restricted cubic spline, which bends and so is less sure.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.estimator import LOG_ODDS_BOUND, expit
from models.interval import LEVEL, MOST_POINTS, Intervals, IntervalTable
from models.terms import Calibration
from training.affine import fit_affine
from training.binned_resamples import Binned, binned_resamples
from training.spline import fit_spline, knots_of, spline_basis

# The places kept, so that the same records give the same bytes wherever they are learned from.
_PLACES = 6
# Served log-odds nearer together than this are one score, and get a grid of their own about it.
_NARROWEST = 0.01
_SCANNED = np.linspace(-LOG_ODDS_BOUND, LOG_ODDS_BOUND, 24_001)

Floats = NDArray[np.float64]


class Curves(NamedTuple):
    """Log-odds of the outcome at some points, by two calibrations fitted to each resample: (resamples, points) each."""

    affine: Floats
    spline: Floats


def interval_table(
    landmark: str,
    outcome: str,
    raw_log_odds: Floats,
    y: Floats,
    families: NDArray[np.str_],
    calibration: Calibration,
    resamples: int,
    seed: int,
    points: int = MOST_POINTS,
    weights: Floats | None = None,
) -> IntervalTable:
    """
    Tabulate the intervals of an estimator's scores, over the range of its calibration children.

    raw_log_odds are theirs before `calibration`: (n,), or (repeats, n) where every repeat scored each child once, all
    of which a resample weighs alike. y, families and weights (None: all count alike) are (n,). The bounds hold the served log-odds at every point.
    """
    at = _grid(calibration.intercept + calibration.slope * raw_log_odds, points)
    asked = (at - calibration.intercept) / calibration.slope
    low, high = hull(curves_of(raw_log_odds, y, families, asked, resamples, seed, weights))
    table = IntervalTable(
        landmark=landmark,
        outcome=outcome,
        log_odds=tuple(at.tolist()),
        low=tuple(np.minimum(low.round(_PLACES), at).tolist()),
        high=tuple(np.maximum(high.round(_PLACES), at).tolist()),
        widest=1.0,
    )
    return table.model_copy(update={"widest": _widest(table)})


def curves_of(
    raw_log_odds: Floats,
    y: Floats,
    families: NDArray[np.str_],
    at: Floats,
    resamples: int,
    seed: int,
    weights: Floats | None = None,
) -> Curves:
    """
    Fit both calibrations to every resample of families, and return their log-odds at the raw log-odds `at` (points,).

    Weights (n,) say how many children each stands for (None: one). The spline is the affine calibration where its four knots have no places or too few children of either outcome
    (`knots_of`), and in a resample that it separates perfectly: it could only follow chance there, and the affine
    calibration is what is served. A resample that the affine one separates has no end, and is NaN.
    """
    binned = binned_resamples(raw_log_odds, y, families, resamples, seed, weights=weights)
    affine, knots = _affine(binned, at), knots_of(raw_log_odds, y)
    if knots is None:
        return Curves(affine, affine)
    spline = fit_spline(*binned, knots) @ spline_basis(at, knots).T
    return Curves(affine, np.where(np.isnan(spline), affine, spline))


def hull(curves: Curves) -> tuple[Floats, Floats]:
    """Return the lower and the upper bounds (points,): the outer of both calibrations' percentiles."""
    low, high = zip(*(percentiles(curve) for curve in curves), strict=True)
    return np.minimum(*low), np.maximum(*high)


def percentiles(curve: Floats) -> tuple[Floats, Floats]:
    """Return the middle 95 % of the resamples at each point; one whose fit has no end speaks against no rate at all."""
    tail = (1.0 - LEVEL) / 2
    lowest, highest = (
        np.clip(np.where(np.isnan(curve), end, curve), -LOG_ODDS_BOUND, LOG_ODDS_BOUND)
        for end in (-LOG_ODDS_BOUND, LOG_ODDS_BOUND)
    )
    return np.quantile(lowest, tail, axis=0), np.quantile(highest, 1.0 - tail, axis=0)


def _affine(binned: Binned, at: Floats) -> Floats:
    """Return the affine calibration of each resample at these points."""
    bins = len(binned.log_odds)
    weights = np.hstack([binned.others, binned.events])
    intercept, slope = fit_affine(np.tile(binned.log_odds, 2), np.repeat([0.0, 1.0], bins), weights)
    return intercept[:, None] + slope[:, None] * at


def _grid(served: Floats, points: int) -> Floats:
    """Return points an equal way apart over the range of the served log-odds."""
    low, high = np.clip([served.min(), served.max()], -LOG_ODDS_BOUND, LOG_ODDS_BOUND)
    if high - low < _NARROWEST:
        low, high = low - _NARROWEST, high + _NARROWEST
    return np.linspace(low, high, points).round(_PLACES)


def _widest(table: IntervalTable) -> float:
    """Return a width in probability that no interval read from the table passes, at any log-odds that can be served."""
    at = np.union1d(_SCANNED, np.array(table.log_odds))
    low, high = Intervals(table).at_all(at, np.array([expit(x) for x in at.tolist()]))
    # Each bound is monotone between two neighbours, so that what lies between them is no wider than their hull.
    widest = (np.maximum(high[1:], high[:-1]) - np.minimum(low[1:], low[:-1])).max()
    return min(1.0, float(np.ceil(widest * 10**_PLACES) / 10**_PLACES))
