"""What may be said of the gaps between groups: four fixed phrases, and nothing else (M8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from fairness.intervals import Z95, Gap

# How often a gap of nothing more than the margin may be among those called larger (Benjamini-Hochberg).
FALSE_DISCOVERIES = 0.05
# 80 % of the standard normal distribution lies below it.
_Z_POWER = 0.8416212335729143


class Verdict(StrEnum):
    """The four phrases; none of them says that there is no gap."""

    WITHIN_MARGIN = "within margin"
    LARGER_THAN_AGREED = "gap larger than agreed"
    KEEP_WATCHING = "possible gap, keep watching"
    CANNOT_TELL = "not enough data to tell"


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
    p_values = {which: gap.p_beyond(margin) for which, gap in enumerate(gaps) if gap is not None}
    cut = _benjamini_hochberg(list(p_values.values()))
    return [
        Verdict.CANNOT_TELL if gap is None else _verdict(gap, margin, stays=p_values[which] <= cut)
        for which, gap in enumerate(gaps)
    ]


def smallest_gap_seen(gap: Gap) -> float:
    """
    Return the true gap that four of five audits like this one would have told from none.

    It is half the width of the 95 % interval, times (1.96 + .84) / 1.96: an estimate that far from 0 or further has an
    interval without 0 in four of five draws.
    """
    low, high = gap.bounds
    return (high - low) / 2 * (Z95 + _Z_POWER) / Z95


def _rests_on(finding: Finding, floor: Support) -> bool:
    return all(side.n >= floor.n and side.denominator >= floor.denominator for side in (finding.group, finding.rest))


def _verdict(gap: Gap, margin: float, *, stays: bool) -> Verdict:
    low, high = gap.bounds
    if -margin < low and high < margin:
        return Verdict.WITHIN_MARGIN
    if (low > margin or high < -margin) and stays:
        return Verdict.LARGER_THAN_AGREED
    return Verdict.KEEP_WATCHING if low > 0 or high < 0 else Verdict.CANNOT_TELL


def _benjamini_hochberg(p_values: Sequence[float]) -> float:
    """Return the largest p-value that is still a discovery; below any of them where none is."""
    ranked = enumerate(sorted(p_values), start=1)
    return max((p for rank, p in ranked if p <= FALSE_DISCOVERIES * rank / len(p_values)), default=-1.0)
