"""
Restricted cubic spline calibration, for many bootstrap resamples at once: what an affine calibration cannot bend to.

Between its four knots it is a cubic, beyond the outer two a straight line, so that the few children there cannot pull it.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# Where Harrell puts four knots ("Regression Modeling Strategies", section 2.4.6).
KNOTS_AT = (0.05, 0.35, 0.65, 0.95)
# Ten children of either outcome for each of the four coefficients.
FEWEST_OF_EITHER = 40
# Knots nearer to each other than this share of their span would be two knots in name only.
_NEAREST = 0.01
_ITERATIONS = 60
_LONGEST_STEP = 2.0
# Keeps a step solvable where a resample holds too little to tell two coefficients apart; moves no answer.
_RIDGE = 1e-9


def knots_of(log_odds: Floats, y: Floats) -> Floats | None:
    """
    Return the four knots (4,) for these log-odds, all repeats together, and the children's outcomes `y`.

    None where ties put knots in one place, or where too few children have the outcome or do not.
    """
    knots = np.quantile(log_odds, KNOTS_AT)
    nearest, span = np.diff(knots).min(), knots[-1] - knots[0]
    enough = min(y.sum(), len(y) - y.sum()) >= FEWEST_OF_EITHER
    return knots if enough and nearest > _NEAREST * span else None


def spline_basis(x: Floats, knots: Floats) -> Floats:
    """Return the columns (n, 4) that a spline is a weighted sum of: 1, x, and a cubic for each of the first two knots."""
    last, end = knots[-2:]
    above = np.maximum(x[:, None] - knots, 0.0) ** 3
    bent = [
        above[:, i] - above[:, -2] * (end - knots[i]) / (end - last) + above[:, -1] * (last - knots[i]) / (end - last)
        for i in range(len(knots) - 2)
    ]
    return np.column_stack([np.ones_like(x), x, *(cubic / (end - knots[0]) ** 2 for cubic in bent)])


def fit_spline(log_odds: Floats, events: Floats, others: Floats, knots: Floats) -> Floats:
    """
    Fit a spline to each resample by maximum likelihood; returns coefficients (B, 4) of `spline_basis`.

    log_odds is (bins,); events and others, (B, bins), count the children of each bin with and without the outcome. A
    fit that has no end is NaN.
    """
    basis = spline_basis(log_odds, knots)
    # Columns at right angles, each of mean square 1: no step is then long or short for its units.
    even, back = np.linalg.qr(basis)
    found = _climb(even * np.sqrt(len(basis)), events, events + others)
    return np.asarray(np.linalg.solve(back, found.T * np.sqrt(len(basis))).T)


def _climb(x: Floats, events: Floats, n: Floats) -> Floats:
    """Return the coefficients (B, k) of the columns x (m, k), by Newton's method."""
    width = x.shape[1]
    products = (x[:, :, None] * x[:, None, :]).reshape(len(x), -1)
    found, moved = np.zeros((len(n), width)), np.full(len(n), np.inf)
    for _ in range(_ITERATIONS):
        p = 1.0 / (1.0 + np.exp(-(found @ x.T)))
        bend = ((n * p * (1.0 - p)) @ products).reshape(-1, width, width)
        bend += _RIDGE * np.trace(bend, axis1=1, axis2=2)[:, None, None] * np.eye(width)
        step = np.linalg.solve(bend, ((events - n * p) @ x)[:, :, None])[:, :, 0]
        moved = np.abs(step).max(axis=1)
        found += step * np.minimum(1.0, _LONGEST_STEP / np.maximum(moved, _LONGEST_STEP))[:, None]
        if moved.max() <= 1e-10:
            break
    found[moved > 1e-6] = np.nan
    return found
