"""
The shares told of groups: exact ones to a whole point (`exactly`), else of told counts, with intervals worked out from them.

Of told counts a gap is told where rounding cannot move it by more than two points; of fewer it would be many points off, and only
the smallest gap that could have been seen is told.

Wilson's and Newcombe-Wilson's are taken at the told counts and the design effects to one decimal. Where the exact interval was the
family bootstrap's every cell holds fifty, and the told value has the exact interval's reach on either side, to a whole point. So an
interval that is shown may differ a little from the one that a verdict was reached by, which was that of the exact counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairness.audited import Figures
from fairness.proportions import Z95, newcombe_wilson, smallest_gap_seen, wilson
from models.small_numbers import FEWEST, NEAREST

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Told counts (groups, lists) each, the standing ones (groups, 1); NaN where one is not told."""

    n: Floats
    events: Floats
    flagged: Floats
    found: Floats

    def less(self, some: "Counts") -> "Counts":
        """Return everyone else: these less some of them, never under 0."""
        pairs = ((self.n, some.n), (self.events, some.events), (self.flagged, some.flagged), (self.found, some.found))
        n, events, flagged, found = (np.maximum(all_of - part, 0.0) for all_of, part in pairs)
        return Counts(n, events, np.minimum(flagged, n), np.minimum(found, np.minimum(flagged, events)))

    def share(self, measure: str) -> tuple[Floats, Floats]:
        """Return a share's value and its denominator; NaN where that is told as too few to take a share of."""
        part, whole, difference = {
            "selection_rate": (self.flagged, self.n, False),
            "recall": (self.found, self.events, False),
            "ppv": (self.found, self.flagged, False),
            "fpr": (self.flagged - self.found, self.n - self.events, True),
            "false_omission": (self.events - self.found, self.n - self.flagged, True),
        }[measure]
        # Ten as a difference of rounded counts may be six; ten that is told as ten is ten or more.
        enough = whole > FEWEST if difference else whole >= FEWEST
        whole = np.where(enough, whole, np.nan) + np.zeros_like(part)
        return np.clip(part, 0.0, whole) / whole, whole


@dataclass(frozen=True, slots=True, eq=False)
class Exactly:
    """A share's exact counts (groups, lists), those of everyone else, and where it is `told` by them."""

    told: Flags
    hits: Floats
    whole: Floats
    rest_hits: Floats
    rest_whole: Floats


# The smallest gap that could have been seen is told of rounded counts in steps of this.
_COARSE = 0.05
# A count to the nearest five is two off at most; that a gap is then off by so much is borne.
_SLACK, _MOST_OFF = NEAREST // 2, 0.02
_TINY = 1e-9
# Ends that are rounded once all is known are not rounded before.
_PRECISE = 12
SHARES = ("selection_rate", "recall", "fpr", "ppv", "false_omission")
# value, low, high, gap, gap_low, gap_high, smallest_gap: (groups, lists) each.
Seven = tuple[Floats, Floats, Floats, Floats, Floats, Floats, Floats]


def shares(
    own: Counts, rest: Counts, exact: Mapping[str, Figures], exactly: Mapping[str, Exactly], rounded: Flags
) -> dict[str, Seven]:
    """
    Return each share as it is told of groups with these told counts; `rest` are those of everyone else.

    `rounded` (groups, lists) says where a group's counts are told to the nearest five, and not as what other groups leave.
    """
    return {
        measure: _told(
            exactly[measure].told,
            _exact(exactly[measure], exact[measure]),
            _share(*own.share(measure), *rest.share(measure), exact[measure]),
            rounded & (_off(*own.share(measure), 1) + _off(*rest.share(measure), 2) <= _MOST_OFF),
        )
        for measure in SHARES
    }


def _off(value: Floats, whole: Floats, times: int) -> Floats:
    """Return how far off a share can be whose counts were rounded so many times, each by two at most; of a small count, no telling."""
    few = np.minimum(value, 1 - value) * whole < FEWEST + _SLACK * times
    return np.where(few, np.inf, times * _SLACK * (1 + value) / whole)


def _told(where: Flags, exactly: Seven, of_counts: Seven, near: Flags) -> Seven:
    """Return exact figures to a whole point, else those of told counts: a gap where these are `near`, else what could be seen upwards."""
    value, low, high, *gap, seen = of_counts
    upwards = np.ceil(seen / _COARSE - _TINY) * _COARSE
    coarse = (value, low, high, *(np.where(near, each, np.nan) for each in gap), np.where(near, seen, upwards))
    a, b, c, d, e, f, g = (np.where(where, np.round(one, 2), other) for one, other in zip(exactly, coarse, strict=True))
    return a, b, c, d, e, f, g


def _exact(of: Exactly, exact: Figures) -> Seven:
    with np.errstate(divide="ignore", invalid="ignore"):
        value, rest = of.hits / of.whole, of.rest_hits / of.rest_whole
    effects = (np.nan_to_num(each, nan=1.0) for each in (exact.effect, exact.rest_effect))
    return _seven(value, of.whole, rest, of.rest_whole, exact, *effects, places=_PRECISE)


def _share(value: Floats, n: Floats, rest: Floats, rest_n: Floats, exact: Figures) -> Seven:
    return _seven(value, n, rest, rest_n, exact, told_effect(exact.effect), told_effect(exact.rest_effect))


def _seven(
    value: Floats,
    n: Floats,
    rest: Floats,
    rest_n: Floats,
    exact: Figures,
    effect: Floats,
    rest_effect: Floats,
    *,
    places: int = 2,
) -> Seven:
    n, rest_n = n / effect, rest_n / rest_effect
    gap = np.where(np.isnan(exact.gap), np.nan, value - rest)
    ends = wilson(value, n, Z95)
    gap_ends = newcombe_wilson(value, n, rest, rest_n, Z95)
    low, high = (_either(exact, *each) for each in zip(ends, reach(exact, value, places), strict=True))
    gap_low, gap_high = (_either(exact, *each) for each in zip(gap_ends, gap_reach(exact, gap, places), strict=True))
    gap_low, gap_high = (np.where(np.isnan(gap), np.nan, end) for end in (gap_low, gap_high))
    low, high = np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)
    return value, low, high, gap, gap_low, gap_high, smallest_gap_seen(gap_low, gap_high)


def reach(exact: Figures, value: Floats, places: int = 2) -> tuple[Floats, Floats]:
    """Return the ends of an interval that reaches from a told value as far as the exact one does from its own."""
    return value + np.round(exact.low - exact.value, places), value + np.round(exact.high - exact.value, places)


def gap_reach(exact: Figures, gap: Floats, places: int = 2) -> tuple[Floats, Floats]:
    """Return the same of a gap."""
    return gap + np.round(exact.gap_low - exact.gap, places), gap + np.round(exact.gap_high - exact.gap, places)


def _either(exact: Figures, of_counts: Floats, reaching: Floats) -> Floats:
    return np.where(exact.bootstrap & ~np.isnan(reaching), reaching, of_counts)


def told_effect(effect: Floats) -> Floats:
    """Return design effects as intervals tell them; where children were judged several times, it may be under 1."""
    return np.where(np.isnan(effect), 1.0, np.maximum(0.1, np.round(effect, 1)))
