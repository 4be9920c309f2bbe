"""
A group's curve: of children by score, how many had the outcome beside how many were foreseen to.

Bins are joined, lowest scores first, until each holds fifty children, ten with the outcome and ten without: no count of a bin is
small, and where bins end is not told. The share who had the outcome is of counts to the nearest five, with Wilson's interval at
these; the share foreseen is a mean of probabilities, to two places.
"""

import numpy as np

from fairness.audited import Curve
from fairness.disclosure.rounding import nearest
from fairness.disclosure.shares import Floats
from fairness.proportions import Z95, wilson
from models.small_numbers import FEWEST

Point = list[float | int]
# Of fewer, the nearest five is too far off to judge a share by.
_CHILDREN = 50


def curve(of: Curve, lines: list[int]) -> list[Point] | None:
    """
    Return the points of some groups taken together, lowest first; None where there are not two.

    A point is the share foreseen, how many children, the share who had the outcome, and the ends of its interval.
    """
    counts = np.stack([part[lines].sum(axis=0) for part in (of.n, of.events, of.foreseen)])
    bins = _joined(counts)
    if len(bins) < 2:
        return None
    exact, _, foreseen = np.array(bins).T
    n, events, _ = nearest(np.array(bins).T)
    low, high = wilson(events / n, n, Z95)
    shares = np.column_stack([np.round(foreseen / exact, 2), np.round(np.stack([events / n, low, high], axis=1), 3)])
    return [[share, int(size), *rest] for (share, *rest), size in zip(shares.tolist(), n.tolist(), strict=True)]


def _joined(counts: Floats) -> list[Floats]:
    """Return joined bins (n, events, foreseen); what is left at the end goes into the last."""
    bins, now = [], np.zeros(3)
    for one in counts.T:
        now = now + one
        if _enough(now):
            bins.append(now)
            now = np.zeros(3)
    if bins:
        bins[-1] = bins[-1] + now
    return bins


def _enough(bin_of: Floats) -> bool:
    n, events, _ = bin_of.tolist()
    return bool(n >= _CHILDREN and min(events, n - events) >= FEWEST)
