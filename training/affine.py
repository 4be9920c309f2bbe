"""Affine calibration on the log-odds, for one set of weights or for many at once (the bootstrap's)."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_ITERATIONS = 60
# Newton's method is sure of its way on a log-likelihood only near the top; far from it no step is longer than this.
_LONGEST_STEP = 2.0
# So many numbers are worked on at once as a processor keeps close by: many fits are then several times quicker.
_AT_ONCE = 200_000


def fit_affine(log_odds: Floats, y: Floats, weights: Floats | None = None) -> tuple[Floats, Floats]:
    """
    Fit y ~ intercept + slope * log_odds by maximum likelihood (Newton's method on the standardised log-odds).

    log_odds and y are (n,); weights are (n,) or (B, n) for B fits at once. Returns intercepts and slopes, each (B,)
    (B = 1 without a second dimension). A fit that has no end (the children are perfectly separated, or all have one
    outcome, or one log-odds) is NaN.
    """
    w = np.atleast_2d(np.ones_like(y) if weights is None else weights)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        mean, spread = log_odds.mean(), log_odds.std()
        rate = (w @ y) / w.sum(axis=1)
        x, start = (log_odds - mean) / spread, np.log(rate / (1 - rate))
        several = max(1, _AT_ONCE // len(y))
        parts = [slice(first, first + several) for first in range(0, len(w), several)]
        height, slope = np.hstack([_climb(x, y, w[part], start[part]) for part in parts])
        slope = slope / spread
        return height - slope * mean, slope


def _climb(x: Floats, y: Floats, w: Floats, start: Floats) -> tuple[Floats, Floats]:
    intercept, slope = start, np.zeros(len(w))
    moved = np.full(len(w), np.inf)
    for _ in range(_ITERATIONS):
        p = 1.0 / (1.0 + np.exp(-(intercept[:, None] + slope[:, None] * x)))
        spread, miss = w * p * (1.0 - p), w * (y - p)
        a, b, c = spread.sum(axis=1), spread @ x, spread @ (x * x)
        g, h = miss.sum(axis=1), miss @ x
        determinant = a * c - b * b
        up, across = (c * g - b * h) / determinant, (a * h - b * g) / determinant
        shorter = np.minimum(1.0, _LONGEST_STEP / np.maximum(np.abs(up), np.abs(across)))
        intercept, slope = (
            intercept + np.where(up == 0, 0, shorter * up),
            slope + np.where(across == 0, 0, shorter * across),
        )
        moved = np.maximum(np.abs(up), np.abs(across))
        if not (moved > 1e-10).any():
            break
    endless = ~(moved <= 1e-6)
    intercept[endless] = slope[endless] = np.nan
    return intercept, slope
