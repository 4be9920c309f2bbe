"""The four verdicts: each by its own rule, judged together, and none of them on too little."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from fairness.intervals import NewcombeWilson, Share
from fairness.verdicts import FALSE_DISCOVERIES, Finding, Support, Verdict, judge, smallest_gap_seen

QUICK = settings(derandomize=True, database=None, deadline=None, max_examples=60)
MARGIN, FLOOR, PLENTY = 0.05, Support(n=100, denominator=10), Support(n=100, denominator=10)


@dataclass(frozen=True)
class Interval:
    """A gap of known bounds and p-value."""

    low: float
    high: float
    p: float = 0.001
    method: ClassVar[str] = "by hand"

    @property
    def value(self) -> float:
        """The middle."""
        return (self.low + self.high) / 2

    @property
    def bounds(self) -> tuple[float, float]:
        """Both ends."""
        return self.low, self.high

    def p_beyond(self, margin: float) -> float:
        """The p-value it was made with, against the one margin of these tests."""
        assert margin == MARGIN
        return self.p


def _judged(*gaps: Interval | None) -> list[Verdict]:
    return judge([Finding(gap, PLENTY, PLENTY) for gap in gaps], MARGIN, FLOOR)


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (-0.049, 0.049, "within margin"),
        (0.01, 0.049, "within margin"),
        (-0.05, 0.01, "not enough data to tell"),
        (-0.01, 0.05, "not enough data to tell"),
        (-0.2, 0.2, "not enough data to tell"),
        (0.0, 0.06, "not enough data to tell"),
        (0.001, 0.06, "possible gap, keep watching"),
        (-0.06, -0.001, "possible gap, keep watching"),
        (0.05, 0.2, "possible gap, keep watching"),
        (-0.2, -0.05, "possible gap, keep watching"),
        (0.051, 0.2, "gap larger than agreed"),
        (-0.2, -0.051, "gap larger than agreed"),
    ],
)
def test_each_verdict(low: float, high: float, verdict: str) -> None:
    """Bounds inside the margin, beyond it, or clear of 0 give their verdicts; a bound on the margin is not past it."""
    assert _judged(Interval(low, high)) == [verdict]


def test_larger_only_if_still_so_among_all() -> None:
    """A gap beyond the margin that chance would give among so many groups is one to watch."""
    beyond, none = Interval(0.06, 0.3, p=0.04), Interval(-0.3, 0.3, p=1.0)
    assert _judged(beyond) == [Verdict.LARGER_THAN_AGREED]
    assert _judged(beyond, none) == [Verdict.KEEP_WATCHING, Verdict.CANNOT_TELL]


def test_company_helps() -> None:
    """Benjamini-Hochberg steps up: two p-values that hold together are discoveries, though one would not be."""
    first, second, none = Interval(0.06, 0.3, p=0.03), Interval(0.06, 0.3, p=0.031), Interval(-0.3, 0.3, p=1.0)
    assert _judged(first, second, none)[:2] == [Verdict.LARGER_THAN_AGREED] * 2
    assert _judged(first, none, none)[0] == Verdict.KEEP_WATCHING


@QUICK
@given(p_values=st.lists(st.integers(0, 200).map(lambda k: k / 1000), min_size=1, max_size=12))
def test_against_scipy(p_values: list[float]) -> None:
    """Of gaps all beyond the margin, those called larger are SciPy's discoveries."""
    adjusted = false_discovery_control(p_values)
    if np.isclose(adjusted, FALSE_DISCOVERIES, rtol=0, atol=1e-12).any():
        return
    called = [verdict == Verdict.LARGER_THAN_AGREED for verdict in _judged(*(Interval(0.06, 0.3, p) for p in p_values))]
    assert called == (adjusted < FALSE_DISCOVERIES).tolist()


@pytest.mark.parametrize("few", [Support(99, 10), Support(100, 9)])
def test_too_little_on_either_side(few: Support) -> None:
    """Under a floor, in the group or in the rest, even the widest and the narrowest gap cannot be told."""
    for gap in (Interval(0.3, 0.4), Interval(-0.01, 0.01)):
        for finding in (Finding(gap, few, PLENTY), Finding(gap, PLENTY, few)):
            assert judge([finding], MARGIN, FLOOR) == [Verdict.CANNOT_TELL]


def test_what_was_not_tested_costs_nothing() -> None:
    """A finding without a gap, or under the floor, is not among the tests that a discovery must survive."""
    beyond = Finding(Interval(0.06, 0.3, p=0.04), PLENTY, PLENTY)
    untested = [Finding(None, PLENTY, PLENTY), Finding(Interval(-0.3, 0.3, p=1.0), Support(5, 1), PLENTY)]
    assert judge([beyond, *untested], MARGIN, FLOOR) == [Verdict.LARGER_THAN_AGREED, *[Verdict.CANNOT_TELL] * 2]


def test_nothing_to_judge() -> None:
    """No findings have no verdicts."""
    assert judge([], MARGIN, FLOOR) == []


def test_the_smallest_gap_seen_is_seen_four_times_in_five() -> None:
    """Of audits whose true gap is the smallest seen, about 80 % have an interval without 0."""
    chance, n, base = np.random.default_rng(3), 2_000, 0.5
    planned = smallest_gap_seen(NewcombeWilson(Share(n, n // 2, n, n), Share(n, n // 2, n, n)))
    group, rest = chance.binomial(n, base - planned, 3_000).tolist(), chance.binomial(n, base, 3_000).tolist()
    highs = [NewcombeWilson(Share(n, a, n, n), Share(n, b, n, n)).bounds[1] for a, b in zip(group, rest, strict=True)]
    assert np.mean(np.array(highs) < 0) == pytest.approx(0.8, abs=0.025)
