"""
What is told of how far the data reach: which groups could be judged, on the primary measure, and who could not be.

These tell groups, not children, and are of exact counts, as the verdicts are, of which only those are told that let no small
count out (`verdicts`). A verdict says whether there were ten of a measure's own denominator, and so does no count that is told
say otherwise (`rounding`).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairness.audited import COMPLEMENTS, VERDICTS, Figures, Grouped
from fairness.policy.policy import Policy
from fairness.scored import NOT_RECORDED
from fairness.verdicts import Verdict

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
_CANNOT_TELL = VERDICTS.index(Verdict.CANNOT_TELL)


def name_of(policy: Policy) -> str:
    """Return the measure that comes first, as its figures have it: false discoveries turned about are `ppv`."""
    return COMPLEMENTS.get(policy.primary.measure, policy.primary.measure)


def primary(grouped: Grouped, policy: Policy) -> Figures:
    """Return the figures of the measure that comes first."""
    return grouped.figures[name_of(policy)]


def not_alone(grouped: Grouped, everyone: Grouped, policy: Policy) -> Flags:
    """Return (groups, lists): whether a group or everyone else is under a floor, so that it is not judged alone."""
    own, every = _denominator(grouped, policy), _denominator(everyone, policy)
    n = grouped.n[:, None]
    return ~policy.floors.reached((n, everyone.n - n), (own, every - own))


def too_few(grouped: Grouped, policy: Policy) -> Flags:
    """Return (groups, lists): whether a group itself is under a floor, however many everyone else are."""
    n, own = grouped.n[:, None], _denominator(grouped, policy)
    return ~policy.floors.reached((n, n), (own, own))


def beyond(grouped: Grouped, policy: Policy) -> Flags:
    """Return (groups, lists): too few to be judged, and the whole interval of the primary measure a shortfall beyond the margin."""
    figures, margin = primary(grouped, policy), getattr(policy.margins, policy.primary.measure)
    # Fewer found, or fewer of those on the list with the outcome: either is a share that is too low.
    return np.asarray(too_few(grouped, policy) & (figures.verdict == _CANNOT_TELL) & (figures.gap_high < -margin))


def reaching(attributes: list[tuple[Grouped, Flags]], policy: Policy, lists: int) -> list[dict[str, Any]]:
    """Return for each list of how many groups the primary measure was asked, and of how many it could be answered."""
    margin = getattr(policy.margins, policy.primary.measure)
    asked, judged, narrow = 0, np.zeros(lists, dtype=np.int64), np.zeros(lists, dtype=np.int64)
    for grouped, few in attributes:
        figures = primary(grouped, policy)
        of = np.array(
            [n > 0 or group != NOT_RECORDED for group, n in zip(grouped.groups, grouped.n.tolist(), strict=True)]
        )
        enough = ~few & ~np.isnan(figures.gap_low) & of[:, None]
        asked += int(of.sum())
        judged += enough.sum(axis=0)
        narrow += (enough & ((figures.gap_high - figures.gap_low) / 2 < margin)).sum(axis=0)
    return [
        {"measure": policy.primary.measure, "groups": asked, "judged": one, "narrow": other}
        for one, other in zip(judged.tolist(), narrow.tolist(), strict=True)
    ]


def _denominator(grouped: Grouped, policy: Policy) -> Floats:
    """Return the primary measure's denominator, (groups, lists)."""
    own = grouped.events[:, None] if policy.primary.measure == "recall" else grouped.flagged
    return own + np.zeros(grouped.flagged.shape)
