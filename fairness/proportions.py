"""
Score intervals of shares, and of the gap of two shares, over arrays (M8): Wilson's, and Newcombe's hybrid of two of them.

Rows need not be independent: n is the number of independent rows that they are worth, and need not be whole.
"""

import math

import numpy as np
from numpy.typing import NDArray

# Two-sided 95 % of the standard normal distribution.
Z95 = 1.959963984540054
# 80 % of the standard normal distribution lies below it.
Z_POWER = 0.8416212335729143
# A gap is never more standard deviations from a margin than this, as far as is looked.
_FURTHEST = 40.0
# Halved so often, the distance that is looked at is under a billionth.
_HALVINGS = 36

Floats = NDArray[np.float64]
Two = tuple[Floats, Floats]


def wilson(share: Floats, n: Floats, z: Floats | float) -> Two:
    """Return both ends of the Wilson score interval of a share of n independent rows, z deviations wide; NaN of no row."""
    with np.errstate(divide="ignore", invalid="ignore"):
        shrunk = 1 + z * z / n
        middle = share + z * z / (2 * n)
        reach = z * np.sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2)
        return np.maximum(0.0, (middle - reach) / shrunk), np.minimum(1.0, (middle + reach) / shrunk)


def newcombe_wilson(share: Floats, n: Floats, other: Floats, other_n: Floats, z: Floats | float) -> Two:
    """Return both ends of Newcombe's hybrid score interval of share minus other (his method 10, 1998), z deviations wide."""
    (low, high), (other_low, other_high) = wilson(share, n, z), wilson(other, other_n, z)
    gap = share - other
    return gap - np.hypot(share - low, other_high - other), gap + np.hypot(high - share, other - other_low)


def newcombe_p(share: Floats, n: Floats, other: Floats, other_n: Floats, margin: float) -> Floats:
    """Return the smallest alpha whose 1 - alpha interval lies wholly beyond the margin, by bisection; NaN of no row."""
    gap = np.asarray(share - other)
    up = gap > 0
    above, above_n, below, below_n = (np.where(up, a, b) for a, b in _sides(share, n, other, other_n))
    near, far = np.zeros_like(gap), np.full_like(gap, _FURTHEST)
    for _ in range(_HALVINGS):
        middle = (near + far) / 2
        beyond = newcombe_wilson(above, above_n, below, below_n, middle)[0] > margin
        near, far = np.where(beyond, middle, near), np.where(beyond, far, middle)
    return np.where(np.isnan(gap), np.nan, np.where(np.abs(gap) <= margin, 1.0, two_sided(near)))


def two_sided(z: Floats) -> Floats:
    """Return the chance that a standard normal is further from 0 than z."""
    return np.asarray(np.vectorize(math.erfc, otypes=[np.float64])(np.asarray(z) / math.sqrt(2)))


def smallest_gap_seen(low: Floats, high: Floats) -> Floats:
    """
    Return the true gap that four of five audits like this one would have told from none.

    It is half the width of the 95 % interval, times (1.96 + .84) / 1.96: an estimate that far from 0 or further has an
    interval without 0 in four of five draws.
    """
    return (high - low) / 2 * (Z95 + Z_POWER) / Z95


def _sides(share: Floats, n: Floats, other: Floats, other_n: Floats) -> tuple[Two, Two, Two, Two]:
    return (share, other), (n, other_n), (other, share), (other_n, n)
