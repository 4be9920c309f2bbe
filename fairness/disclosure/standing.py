"""
What is told of the measures that no list changes: AUC, what happened of what was foreseen, and the line through the log-odds.

What happened of what was foreseen is of told counts. AUC, intercept and slope are no count and are told to two places, and no
interval is told, but where told counts leave more than ten with the outcome and more than ten without.
"""

from collections.abc import Mapping

import numpy as np

from fairness.audited import STANDING, Figures
from fairness.disclosure.shares import Counts, Flags, Floats, Seven, gap_reach, reach
from fairness.proportions import smallest_gap_seen
from models.small_numbers import FEWEST


def standing(
    own: Counts, rest: Counts, foreseen: Floats, rest_foreseen: Floats, exact: Mapping[str, Figures]
) -> dict[str, Seven]:
    """Return each of STANDING as it is told of groups with these told counts (groups, 1), and so many foreseen."""
    of_counts = {
        "observed_over_expected": (_ratio(own.events, foreseen), _ratio(rest.events, rest_foreseen)),
        "calibration_gap": (_ratio(own.events - foreseen, own.n), _ratio(rest.events - rest_foreseen, rest.n)),
    }
    enough, both = _enough(own), _enough(own) & _enough(rest)
    return {name: _told(exact[name], of_counts.get(name), enough, both) for name in STANDING}


def _told(exact: Figures, of_counts: tuple[Floats, Floats] | None, enough: Flags, both: Flags) -> Seven:
    value, gap = (exact.value, exact.gap) if of_counts is None else (of_counts[0], of_counts[0] - of_counts[1])
    value, gap = np.where(enough, np.round(value, 2), np.nan), np.where(both, np.round(gap, 2), np.nan)
    gap = np.where(np.isnan(exact.gap), np.nan, gap)
    gap_low, gap_high = gap_reach(exact, gap)
    return value, *reach(exact, value), gap, gap_low, gap_high, smallest_gap_seen(gap_low, gap_high)


def _enough(of: Counts) -> Flags:
    return np.asarray((of.events > FEWEST) & (of.n - of.events > FEWEST))


def _ratio(part: Floats, whole: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(whole > 0, part / whole, np.nan))
