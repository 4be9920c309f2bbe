"""What may be said of the gaps between groups: four fixed phrases, and nothing else (M8)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from fairness.intervals import Gap
from fairness.proportions import smallest_gap_seen as _smallest_gap_seen

# How often a gap of nothing more than the margin may be among those called larger (Benjamini-Hochberg).
FALSE_DISCOVERIES = 0.05

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Verdict(StrEnum):
    """The four phrases; none of them says that there is no gap."""

    WITHIN_MARGIN = "within margin"
    LARGER_THAN_AGREED = "gap larger than agreed"
    KEEP_WATCHING = "possible gap, keep watching"
    CANNOT_TELL = "not enough data to tell"


_PLACES = {verdict: place for place, verdict in enumerate(Verdict)}


@dataclass(frozen=True, slots=True)
class Support:
    """What a measure rests on, on one side or at the least: all rows, and those in the measure's own denominator."""

    n: int
    denominator: int


@dataclass(frozen=True, slots=True)
class Finding:
    """A group's gap, none where it could not be measured, and what it rests on in the group and in the rest."""

    gap: Gap | None
    group: Support
    rest: Support


def judge(findings: Sequence[Finding], margin: float, floor: Support) -> list[Verdict]:
    """
    Return the verdict of each finding: the groups of one primary measure, all judged together.

    A gap is larger than agreed only if it stays so among all of them. A finding under the floor is not tested.
    """
    gaps = [finding.gap if _rests_on(finding, floor) else None for finding in findings]
    bounds = np.array([(math.nan, math.nan) if gap is None else gap.bounds for gap in gaps]).reshape(-1, 2)
    p_values = np.array([math.nan if gap is None else gap.p_beyond(margin) for gap in gaps])
    given = tuple(Verdict)
    return [given[place] for place in decided(bounds[:, 0], bounds[:, 1], p_values, margin).tolist()]


def decided(low: Floats, high: Floats, p_values: Floats, margin: float) -> Integers:
    """
    Return the place among the phrases of each gap's verdict, given its interval and p-value against the margin.

    Gaps along the last axis are judged together. One whose p-value is NaN is not tested, and cannot be told.
    """
    stays = p_values <= _benjamini_hochberg(p_values)
    larger = ((low > margin) | (high < -margin)) & stays
    said = np.where((low > 0) | (high < 0), _PLACES[Verdict.KEEP_WATCHING], _PLACES[Verdict.CANNOT_TELL])
    said = np.where(larger, _PLACES[Verdict.LARGER_THAN_AGREED], said)
    said = np.where((-margin < low) & (high < margin), _PLACES[Verdict.WITHIN_MARGIN], said)
    return np.where(np.isnan(p_values), _PLACES[Verdict.CANNOT_TELL], said)


def smallest_gap_seen(gap: Gap) -> float:
    """Return the true gap that four of five audits like this one would have told from none."""
    low, high = gap.bounds
    return float(_smallest_gap_seen(np.asarray(low), np.asarray(high)))


def _rests_on(finding: Finding, floor: Support) -> bool:
    return all(side.n >= floor.n and side.denominator >= floor.denominator for side in (finding.group, finding.rest))


def _benjamini_hochberg(p_values: Floats) -> Floats:
    """Return the largest p-value that is still a discovery, along the last axis; below any of them where none is."""
    ranked = np.sort(p_values, axis=-1)
    tests = np.count_nonzero(~np.isnan(p_values), axis=-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        allowed = FALSE_DISCOVERIES * np.arange(1, p_values.shape[-1] + 1) / tests
    return np.asarray(np.where(ranked <= allowed, ranked, -1.0).max(axis=-1, keepdims=True, initial=-1.0))
