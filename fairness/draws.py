"""
What resamples tell, over arrays whose last axis is the resamples: percentile intervals, and how seldom a gap arises.

A measure that a resample has nobody to take of is NaN there, and is left out of its own figures alone. One that is missing
from more than half of the resamples has none.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairness.proportions import Floats, two_sided

# Fewer resamples than this beyond a margin say little of how seldom such a gap arises.
_FEW_RESAMPLES = 10
_ENDS = (0.025, 0.975)

# Counts of resamples are in 32 bits, and what is exact in 64.
Drawn = NDArray[Any]
Integers = NDArray[np.int64]


def percentiles(ordered: Drawn) -> tuple[Floats, Floats]:
    """Return both ends of the 95 % percentile interval of sorted draws; NaN where too many are missing."""
    held = _held(ordered)
    low, high = (_at(ordered, end * (held - 1)) for end in _ENDS)
    few = 2 * held < ordered.shape[-1]
    return np.where(few, np.nan, low), np.where(few, np.nan, high)


def ends(drawn: Drawn, told: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return both ends of the 95 % percentile interval of draws, where they may be told; NaN elsewhere."""
    low, high = percentiles(np.sort(drawn, axis=-1))
    return np.where(told, low, np.nan), np.where(told, high, np.nan)


def variance(drawn: Drawn) -> Floats:
    """Return how much draws vary; NaN where too many are missing."""
    missing = np.isnan(drawn)
    held = drawn.shape[-1] - np.count_nonzero(missing, axis=-1)
    some = np.where(missing, 0, drawn) if missing.any() else drawn
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = some.sum(axis=-1, keepdims=True) / held[..., None]
        away = np.where(missing, 0, some - mean) if missing.any() else some - mean
        spread = np.einsum("...r,...r->...", away, away) / held
    return np.where(2 * held < drawn.shape[-1], np.nan, spread)


def p_beyond(value: Floats, ordered: Drawn, margin: float) -> Floats:
    """
    Return the smallest alpha whose 1 - alpha percentile interval lies wholly beyond the margin, given sorted draws.

    A thousand resamples cannot show a p-value under .002, which a gap among many groups needs. Where fewer than ten
    of them reach back to the margin it is the normal approximation's, and no more than ten would show.
    """
    held = _held(ordered)
    up = value > 0
    away = np.sort(np.where(up[..., None], ordered, -ordered), axis=-1)
    reach = (away <= margin).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        shown = np.minimum(1.0, 2 * _place(away, reach, margin) / (held - 1))
        deviations = (np.abs(value) - margin) / np.sqrt(variance(ordered))
        hidden = np.minimum(np.where(deviations > 0, two_sided(deviations), 1.0), 2 * _FEW_RESAMPLES / held)
    p = np.where(np.abs(value) <= margin, 1.0, np.where(reach >= _FEW_RESAMPLES, shown, hidden))
    return np.where(np.isnan(value) | (2 * held < ordered.shape[-1]), np.nan, p)


def _held(ordered: Drawn) -> Integers:
    return np.asarray(ordered.shape[-1] - np.count_nonzero(np.isnan(ordered), axis=-1))


def _at(ordered: Drawn, place: Drawn) -> Floats:
    """Return what stands at a place between two draws (linear between them); NaN sorts last and is never reached."""
    below = np.clip(np.floor(place), 0, None).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(_held(ordered) - 1, 0))
    low, high = (np.take_along_axis(ordered, k[..., None], axis=-1)[..., 0].astype(np.float64) for k in (below, above))
    return low + (high - low) * (place - below)


def _place(away: Drawn, reach: Integers, margin: float) -> Floats:
    """Return the place of the margin among sorted draws, of which so many reach back to it."""
    last = np.maximum(reach - 1, 0)
    after = np.minimum(reach, away.shape[-1] - 1)
    low, high = (np.take_along_axis(away, k[..., None], axis=-1)[..., 0].astype(np.float64) for k in (last, after))
    return last + np.where(high > low, (margin - low) / (high - low), 0.0)
