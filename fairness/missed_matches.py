"""
Audits linkage: whether true pairs, records of one child in two agencies, were missed more often in some groups (M11).

Pairs of one child, and of one family, are missed together: the intervals resample whole families. A group of fewer
families than the smallest cell, but some, shows neither how many it is nor a rate: None stands for each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairness.intervals import RESAMPLES, Z95, Bounds, Comparison, Gap, Share, compare_groups, share_of, wilson
from fairness.scored import NOT_RECORDED
from fairness.verdicts import Finding, Support, Verdict, judge, smallest_gap_seen
from models.small_numbers import FEWEST

MARGIN = 0.03
# Pairs, and the families they come from: a hundred pairs of three children say little.
FLOOR = Support(n=100, denominator=10)

Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]
Names = NDArray[np.str_]
Part = dict[str, Any]


def missed_matches(
    linked: Flags,
    family: Names,
    groups: Mapping[str, Names],
    declared: Mapping[str, Sequence[str]],
    margin: float = MARGIN,
) -> Part:
    """
    Audit the recall of linkage over true cross-agency pairs: `linked`, `family` and each of `groups` are (pairs,).

    `declared` names the attributes, and for each the groups that must appear whatever their size; groups found beyond
    those appear too. Gaps are a group's recall minus everyone else's; all groups of all attributes are judged together.
    """
    families, of_family = np.unique(family, return_inverse=True)
    pairs = _Pairs(linked, of_family, len(families))
    compared = {name: _compared(pairs, groups[name], declared[name]) for name in declared}
    verdicts = iter(
        judge([finding_of(each) for by_group in compared.values() for each in by_group.values()], margin, FLOOR)
    )
    return {
        "format": 1,
        "measure": "recall",
        "margin": margin,
        "minimum_cell": FEWEST,
        "floor": {"pairs": FLOOR.n, "families": FLOOR.denominator},
        "resamples": RESAMPLES,
        "overall": _sized(pairs.share()),
        "attributes": [
            {"attribute": name, "groups": [_line(group, each, next(verdicts)) for group, each in by_group.items()]}
            for name, by_group in compared.items()
        ],
    }


def finding_of(comparison: Comparison) -> Finding:
    """Return what is judged of a comparison: the gap, and the pairs and families that it rests on on either side."""
    group, rest = comparison.group, comparison.rest
    return Finding(comparison.gap, Support(group.n, group.families), Support(rest.n, rest.families))


def precision_of(counts: Mapping[tuple[str, str], tuple[int, int]]) -> list[Part]:
    """
    Return the precision of the pairs that linked, for all agencies and then by agency pair: linked and true of each.

    Counts know no families: where one wrong link makes several wrong pairs, the interval is too narrow.
    """
    linked, true = (sum(count[which] for count in counts.values()) for which in (0, 1))
    return [
        {"agencies": None, **_precision(linked, true)},
        *({"agencies": list(agencies), **_precision(*count)} for agencies, count in counts.items()),
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """True pairs: whether each linked and which of so many families it is of, (pairs,) each."""

    linked: Flags
    of_family: Integers
    families: int

    def counts(self, place: Integers, places: int) -> tuple[Integers, Integers]:
        """Return how many pairs each family has in each place, and how many of them linked: (families, places) each."""
        cell, size = self.of_family * places + place, self.families * places
        n, hits = np.bincount(cell, minlength=size), np.bincount(cell[self.linked], minlength=size)
        return n.reshape(-1, places), hits.reshape(-1, places)

    def share(self) -> Share:
        """Return the share of all pairs that linked."""
        n, hits = self.counts(np.zeros_like(self.of_family), 1)
        return share_of(n[:, 0], hits[:, 0])


def _compared(pairs: _Pairs, found: Names, declared: Sequence[str]) -> dict[str, Comparison]:
    """Compare every group: those declared, those found beyond, and last the children whose group is not recorded."""
    names, which = np.unique(found, return_inverse=True)
    every = [group for group in dict.fromkeys([*declared, *names.tolist()]) if group != NOT_RECORDED] + [NOT_RECORDED]
    places = np.array([every.index(name) for name in names.tolist()], dtype=np.int64)[which]
    return dict(zip(every, compare_groups(*pairs.counts(places, len(every))), strict=True))


def _line(group: str, comparison: Comparison, verdict: Verdict) -> Part:
    hidden = min(comparison.group.families, comparison.rest.families) < FEWEST
    gap = None if comparison.gap is None or hidden else _gap(comparison.gap)
    return {"group": group, **_recall(comparison.group), "gap": gap, "verdict": verdict.value}


def _recall(share: Share) -> Part:
    hidden = share.families < FEWEST
    return {"pairs": None, "families": None, "recall": None} if hidden and share.families else _sized(share)


def _sized(share: Share) -> Part:
    recall = None if share.families < FEWEST else _figure(share.value, share.bounds)
    return {"pairs": share.n, "families": share.families, "recall": recall}


def _gap(gap: Gap) -> Part:
    return {
        **_figure(gap.value, gap.bounds),
        "method": gap.method,
        "smallest_gap_seen": _rounded(smallest_gap_seen(gap)),
    }


def _precision(linked: int, true: int) -> Part:
    precision = None if linked < FEWEST else _figure(true / linked, wilson(true / linked, linked, Z95))
    return {"linked": linked, "precision": precision}


def _figure(value: float, bounds: Bounds) -> Part:
    low, high = bounds
    return {"value": _rounded(value), "low": _rounded(low), "high": _rounded(high)}


def _rounded(value: float) -> float:
    """Six places are more than any of these figures means."""
    return round(value, 6)
