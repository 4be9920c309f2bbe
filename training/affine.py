"""Affine calibration on the log-odds, for one set of weights or for many at once (the bootstrap's)."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_ITERATIONS = 30


def fit_affine(log_odds: Floats, y: Floats, weights: Floats | None = None) -> tuple[Floats, Floats]:
    """
    Fit y ~ intercept + slope * log_odds by maximum likelihood (Newton's method).

    log_odds and y are (n,); weights are (n,) or (B, n) for B fits at once. Returns intercepts and slopes, each (B,)
    (B = 1 without a second dimension). Where the children are perfectly separated a fit has no end and gives NaN.
    """
    w = np.atleast_2d(np.ones_like(y) if weights is None else weights)
    intercept, slope = np.zeros(len(w)), np.ones(len(w))
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for _ in range(_ITERATIONS):
            p = 1.0 / (1.0 + np.exp(-(intercept[:, None] + slope[:, None] * log_odds)))
            spread, miss = w * p * (1.0 - p), w * (y - p)
            a, b, c = spread.sum(axis=1), spread @ log_odds, spread @ (log_odds**2)
            g, h = miss.sum(axis=1), miss @ log_odds
            determinant = a * c - b * b
            up, across = (c * g - b * h) / determinant, (a * h - b * g) / determinant
            intercept, slope = intercept + up, slope + across
            if np.nanmax(np.abs([up, across]), initial=0.0) < 1e-10:
                break
    bad = ~np.isfinite(intercept) | ~np.isfinite(slope)
    intercept[bad] = slope[bad] = np.nan
    return intercept, slope
