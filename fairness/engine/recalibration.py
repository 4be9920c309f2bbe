"""
How the log-odds of a group would have to be moved, and stretched, to be what happened (Cox, 1958).

The intercept is that of a logistic regression of the outcome on the log-odds with a slope of 1, calibration in the large: above
0 more happened than was foreseen. The slope is that of one with both free: under 1 the scores are too far apart. Each is NaN
where there is none: of nobody, of outcomes all alike, and a slope of scores all alike or of outcomes that a score parts wholly.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

_MOST_STEPS, _LONGEST_STEP, _NEAR = 60, 2.0, 1e-9

Floats = NDArray[np.float64]
# Sums of counts of resamples are in 32 bits, others in 64.
Sums = NDArray[Any]


class Fit(NamedTuple):
    """A line on the log-odds (groups,): where it is at 0 and how it rises."""

    intercept: Sums
    slope: Sums


def moved(events: Floats, n: Floats, x: Floats) -> Fit:
    """Return the line of slope 1 for each group, from children with the outcome and all (bins, groups) at log-odds x (bins,)."""
    return _fitted(events, n, x, Fit(np.zeros(n.shape[1]), np.ones(n.shape[1])), turned=False)


def stretched(events: Floats, n: Floats, x: Floats, near: Fit) -> Fit:
    """Return the line for each group with both free, looked for from one that is near."""
    return _fitted(events, n, x, near, turned=True)


def steps(sums: Sequence[Sums], *, turned: bool) -> Fit:
    """
    Return one step of Newton's method; the slope stays where the line is not `turned`.

    `sums` (5, ...) are how much more happened than the line says, the same times x, and the line's variance, alone, times x, and
    times its square.
    """
    more, more_x, weight, weight_x, weight_xx = sums
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if not turned:
            return Fit(more / weight, np.zeros_like(more))
        spread = weight * weight_xx - weight_x**2
        return Fit((weight_xx * more - weight_x * more_x) / spread, (weight * more_x - weight_x * more) / spread)


def factors(line: Fit, x: Floats) -> Floats:
    """Return what a child of each bin adds to the sums of `steps`, whatever happened (5, bins, groups)."""
    with np.errstate(over="ignore"):
        foreseen = 1 / (1 + np.exp(-(line.intercept + line.slope * x[:, None])))
    weight, x = foreseen * (1 - foreseen), x[:, None]
    return np.stack([-foreseen, -foreseen * x, weight, weight * x, weight * x**2])


def _fitted(events: Floats, n: Floats, x: Floats, line: Fit, *, turned: bool) -> Fit:
    all_alike = (events.sum(axis=0) == 0) | (events.sum(axis=0) == n.sum(axis=0))
    happened, happened_x = events.sum(axis=0), x @ events
    near = np.zeros(n.shape[1], dtype=np.bool_)
    for _ in range(_MOST_STEPS):
        sums = np.einsum("kbg,bg->kg", factors(line, x), n)
        sums[:2] += happened, happened_x
        step = steps(list(sums), turned=turned)
        near = np.maximum(np.abs(step.intercept), np.abs(step.slope)) < _NEAR
        line = Fit(*(a + np.clip(b, -_LONGEST_STEP, _LONGEST_STEP) for a, b in zip(line, step, strict=True)))
        if (near | all_alike | ~np.isfinite(step.slope) | ~np.isfinite(step.intercept)).all():
            break
    return Fit(*(np.where(near & ~all_alike, each, np.nan) for each in line))
