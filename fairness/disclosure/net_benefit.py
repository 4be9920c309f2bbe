"""Net benefit as it is told of groups: children found, less those flagged needlessly at the odds of the list's last score."""

import numpy as np

from fairness.audited import Figures, Grouped
from fairness.disclosure.shares import Counts, Floats, Seven, gap_reach, reach
from fairness.proportions import smallest_gap_seen
from models.small_numbers import FEWEST


def net_benefit(own: Counts, rest: Counts, exact: Figures, odds: Floats) -> Seven:
    """Return it of told counts (groups, lists), for each child; of groups with few found or few flagged needlessly nothing."""
    value, other = (
        (each.found - (each.flagged - each.found) * odds) / np.where(each.n >= FEWEST, each.n, np.nan)
        for each in (own, rest)
    )
    value = np.where((own.found >= FEWEST) & (own.flagged - own.found > FEWEST), value, np.nan)
    gap = np.where(np.isnan(exact.gap), np.nan, value - other)
    gap_low, gap_high = gap_reach(exact, gap)
    return value, *reach(exact, value), gap, gap_low, gap_high, smallest_gap_seen(gap_low, gap_high)


def odds(everyone: Grouped) -> Floats:
    """Return the odds of the last score on each list (1, lists), by everyone's net benefit; NaN where none is flagged needlessly."""
    n, needless = everyone.n[:, None], everyone.flagged - everyone.found
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((everyone.found / n - everyone.figures["net_benefit"].value) * n / needless)
