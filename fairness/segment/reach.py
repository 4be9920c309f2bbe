"""
What a search could have found: how often it finds and confirms a segment of a given size, and the smallest it finds often.

A segment is found where it is large enough to be looked at, and its z in one half is above the largest that chance alone makes
of all the segments looked at (the median of that largest, as if they were independent). It is confirmed where its z in the
other half is above that of one-sided 1 %. From its excess a trivial one is taken off in both, as there is in many a group. This is a guide, not a guarantee. Found and confirmed, at least half in common with
a planted segment of 4 % that was under-foreseen by 15 points, in 100 simulated audits each of an invented England
(`make evidence PARTS="segment"`), and as it is worked out here:

    audited children     3,200   6,400   12,800   25,600
    simulated             20 %    35 %     79 %     99 %
    worked out             9 %    39 %     87 %    100 %
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

from fairness.segment.confirm import TRIVIAL
from fairness.segment.scan import LEAST

# The segment that is asked about, and how often four searches in five find one.
SHARE, EXCESS, OFTEN = 0.04, 0.15, 0.8
# One-sided; a segment is confirmed at this.
LEVEL = 0.01
_LEFT = EXCESS - TRIVIAL
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Reach:
    """
    How often a segment of SHARE of the children, under-foreseen by EXCESS, is found and confirmed.

    `smallest` is how many children one so under-foreseen must have to be found OFTEN; None where it is more than half of all.
    """

    chance: float
    smallest: int | None


def reach(children: int, rate: float, variance: float, searched: int) -> Reach:
    """
    Return the reach of a search of so many segments; `rate` and `variance` are the means over the children of p and p (1 - p).

    Where no segment was large enough to be looked at, nothing is found.
    """
    if not searched:
        return Reach(0.0, None)
    spread, stands_out = math.sqrt(variance), _NORMAL.inv_cdf(0.5 ** (1 / searched))
    least = 2 * LEAST / min(rate + EXCESS, max(1 - rate - EXCESS, 1e-9))
    smallest = max(least, 2 * (_found_often(stands_out) * spread / _LEFT) ** 2)
    own = children * SHARE
    chance = _found(_LEFT * math.sqrt(own / 2) / spread, stands_out) if own >= least else 0.0
    return Reach(chance, math.ceil(smallest) if smallest <= children / 2 else None)


def _found(distance: float, stands_out: float) -> float:
    """Return how often a segment whose z is so large on average in each half is found in one and confirmed in the other."""
    return _NORMAL.cdf(distance - stands_out) * _NORMAL.cdf(distance - _NORMAL.inv_cdf(1 - LEVEL))


def _found_often(stands_out: float) -> float:
    """Return how large z must be on average to be found OFTEN."""
    low, high = 0.0, 40.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if _found(middle, stands_out) < OFTEN else (low, middle)
    return high
