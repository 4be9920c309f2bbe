"""Intervals of shares and gaps: against published figures, SciPy and simulation, of rows that come in families."""

import itertools
import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import binomtest, norm

from benchmarks.evidence_verdicts import Design, audited
from fairness.intervals import (
    BOOTSTRAP_CELL,
    RESAMPLES,
    Z95,
    Comparison,
    FamilyBootstrap,
    NewcombeWilson,
    Share,
    compare_groups,
    newcombe_wilson,
    resample_families,
    share_of,
    wilson,
)

Integers = NDArray[np.int64]
ROUNDING = 1e-12
QUICK = settings(derandomize=True, database=None, deadline=None, max_examples=60)


@st.composite
def shares(draw: st.DrawFn) -> Share:
    """Any hits among any rows, at an effective n from a tenth of them up."""
    n = draw(st.integers(1, 3_000))
    return Share(n, draw(st.integers(0, n)), n, n / draw(st.floats(1, 10)))


def _independent(hits: int, n: int) -> Share:
    return Share(n, hits, n, float(n))


def _families(seed: int, families: int, size: int, alike: float, share: float = 0.7) -> tuple[Integers, Integers]:
    """Return rows and hits of families of one size, a share of which are all alike and the others independent."""
    chance = np.random.default_rng(seed)
    together = chance.random(families) < alike
    hits = np.where(together, size * (chance.random(families) < share), chance.binomial(size, share, families))
    return np.full(families, size), hits


@QUICK
@given(share=shares())
def test_wilson_is_scipy_s(share: Share) -> None:
    """For independent rows the interval of a share is SciPy's."""
    reference = binomtest(share.hits, share.n).proportion_ci(method="wilson")
    assert wilson(share.value, share.n, Z95) == pytest.approx((reference.low, reference.high), abs=1e-9)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
    ],
)
def test_newcombe_is_as_published(first: tuple[int, int], second: tuple[int, int], low: float, high: float) -> None:
    """The interval of a gap is method 10 of Newcombe, Statistics in Medicine 17 (1998), table II."""
    gap = NewcombeWilson(_independent(*first), _independent(*second))
    assert gap.bounds == pytest.approx((low, high), abs=5e-5)


@QUICK
@given(group=shares(), rest=shares())
def test_a_gap_seen_from_the_other_side(group: Share, rest: Share) -> None:
    """The rest minus the group is the group minus the rest, mirrored, and as far beyond any margin."""
    one, other = NewcombeWilson(group, rest), NewcombeWilson(rest, group)
    assert other.bounds == pytest.approx((-one.bounds[1], -one.bounds[0]), abs=1e-12)
    assert other.p_beyond(0.03) == one.p_beyond(0.03)


@QUICK
@given(group=shares(), rest=shares(), margin=st.sampled_from((0.0, 0.03, 0.1)))
def test_newcombe_p_turns_where_the_interval_does(group: Share, rest: Share, margin: float) -> None:
    """The interval at an alpha just above the p-value lies beyond the margin, at one just below it does not."""
    p = NewcombeWilson(group, rest).p_beyond(margin)
    above, below = (group, rest) if group.value > rest.value else (rest, group)
    if p < 0.999:
        assert newcombe_wilson(above, below, norm.isf(p * 1.001 / 2))[0] > margin
    if p > 1e-300:
        assert not newcombe_wilson(above, below, norm.isf(p * 0.999 / 2))[0] > margin


@QUICK
@given(shift=st.floats(-0.2, 0.2), spread=st.floats(0.001, 0.1), margin=st.sampled_from((0.0, 0.03)))
def test_bootstrap_p_turns_where_the_interval_does(shift: float, spread: float, margin: float) -> None:
    """The percentile interval lies beyond the margin exactly where the p-value is under .05."""
    drawn = shift + spread * np.random.default_rng(1).normal(size=RESAMPLES)
    gap = FamilyBootstrap(float(np.median(drawn)), drawn)
    low, high = gap.bounds
    assert (low > margin or high < -margin) == (gap.p_beyond(margin) < 0.05)


def test_bootstrap_p_is_the_inverse_of_its_quantiles() -> None:
    """Where enough resamples reach back to the margin, the p-value is twice the quantile that the margin is."""
    drawn = np.linspace(0.0, 0.1, RESAMPLES)
    assert FamilyBootstrap(0.05, drawn).p_beyond(0.01) == pytest.approx(0.2)
    assert FamilyBootstrap(-0.05, -drawn).p_beyond(0.01) == pytest.approx(0.2)
    assert FamilyBootstrap(0.05, drawn).p_beyond(0.05) == 1.0


def test_bootstrap_p_beyond_what_resamples_show() -> None:
    """Beyond every resample the p-value is the normal one, small enough to stand among hundreds of groups."""
    drawn = 0.10 + 0.01 * np.random.default_rng(1).normal(size=RESAMPLES)
    gap = FamilyBootstrap(0.10, drawn)
    assert gap.p_beyond(0.05) == pytest.approx(2 * norm.sf(5), rel=0.5)
    assert gap.p_beyond(0.06) == pytest.approx(2 * norm.sf(4), rel=0.3)
    assert FamilyBootstrap(0.10, np.full(RESAMPLES, 0.10)).p_beyond(0.05) == 0


def test_resamples_are_of_whole_families() -> None:
    """Totals over resamples have the mean and the covariances of drawing each of the families anew."""
    counts = np.random.default_rng(2).integers(0, 6, (200, 3))
    drawn = resample_families(counts)
    assert drawn.shape == (RESAMPLES, 3)
    expected = len(counts) * np.cov(counts.T, bias=True)
    assert drawn.mean(axis=0) == pytest.approx(counts.sum(axis=0), rel=0.01)
    assert np.cov(drawn.T) == pytest.approx(expected, abs=0.12 * expected.max())


def test_resamples_know_no_order() -> None:
    """Families in another order have the same resamples, to the bit."""
    counts = np.random.default_rng(2).integers(0, 6, (200, 4))
    assert resample_families(counts).tobytes() == resample_families(counts[::-1]).tobytes()


def test_columns_are_drawn_together() -> None:
    """Two columns that are alike in every family are alike in every resample."""
    counts = np.random.default_rng(2).integers(0, 6, (50, 1))
    once, again = resample_families(np.hstack([counts, counts])).T
    assert (once == again).all()


def test_resamples_are_few_at_a_time() -> None:
    """Twenty thousand families, each unlike any other, never have all their resamples in memory at once."""
    counts = np.arange(20_000)[:, None]
    tracemalloc.start()
    resample_families(counts)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * counts.size * RESAMPLES


def test_independent_rows_are_worth_themselves() -> None:
    """One row a family, or families whose rows have nothing to do with each other: n is worth about n."""
    for families, size in ((2_000, 1), (500, 4)):
        share = share_of(*_families(4, families, size, alike=0))
        assert share.families == families
        assert 0.85 * share.n < share.effective_n <= share.n


def test_rows_that_hit_together_are_worth_one_a_family() -> None:
    """Families that hit or miss as one are worth as many rows as there are families."""
    share = share_of(*_families(4, 500, 4, alike=1))
    assert share.n == 2_000
    assert share.effective_n == pytest.approx(500, rel=0.1)


@pytest.mark.parametrize("every", [0, 1])
def test_no_miss_tells_nothing_of_how_misses_come(every: int) -> None:
    """Where all hit or all miss, rows of a family are taken to hit together: large families are worth little."""
    n = np.array([1] * 10 + [10] * 4)
    share = share_of(n, n * every)
    assert (share.value, share.effective_n) == (every, pytest.approx(50**2 / (10 + 400)))
    low, high = share.bounds
    assert (high - low) > 0.3


def test_one_family_is_one() -> None:
    """Rows of one family only are taken to hit together."""
    assert share_of(np.array([40]), np.array([30])).effective_n == pytest.approx(1)


def test_a_small_group_learns_from_everyone() -> None:
    """A group whose few misses fell in as many families is still taken to miss by the family, as everyone does."""
    rest_n, rest_hits = _families(5, 400, 5, alike=1)
    n = np.zeros((440, 2), dtype=np.int64)
    hits = n.copy()
    n[40:, 1], hits[40:, 1] = rest_n, rest_hits
    n[:40, 0] = hits[:40, 0] = 5
    hits[:4, 0] -= 1
    group = compare_groups(n, hits)[0].group
    assert group.n == 200
    assert group.effective_n == pytest.approx(40, rel=0.15)
    assert share_of(n[:40, 0], hits[:40, 0]).effective_n > 150


@QUICK
@given(data=st.data())
def test_groups_beside_everyone_else(data: st.DataObject) -> None:
    """Shares are counted as they stand, each group against all others, whatever the families and groups."""
    families, groups = data.draw(st.integers(0, 6)), data.draw(st.integers(1, 3))
    cells = st.lists(st.integers(0, 5), min_size=groups, max_size=groups)
    n = np.array(data.draw(st.lists(cells, min_size=families, max_size=families)), dtype=np.int64).reshape(-1, groups)
    hits = np.array([[data.draw(st.integers(0, size)) for size in row] for row in n.tolist()], dtype=np.int64)
    hits = hits.reshape(-1, groups)
    compared = compare_groups(n, hits)
    assert len(compared) == groups
    for column, each in enumerate(compared):
        _check_sides(each, n, hits, column)


def _check_sides(each: Comparison, n: Integers, hits: Integers, column: int) -> None:
    others = [other for other in range(n.shape[1]) if other != column]
    for side, columns in ((each.group, [column]), (each.rest, others)):
        assert (side.n, side.hits) == (n[:, columns].sum(), hits[:, columns].sum())
        assert side.families == (n[:, columns].sum(axis=1) > 0).sum()
        assert 0 <= side.effective_n <= side.n
        assert math.isnan(side.value) == (side.n == 0)
    if each.gap is None:
        assert not (each.group.n and each.rest.n)
    else:
        low, high = each.gap.bounds
        assert -1 <= low <= each.gap.value <= high <= 1


def _two_groups(families: int, size: int, missed: int) -> Comparison:
    """Compare two equal groups of so many families, of which so many in either group miss all their rows."""
    n = np.zeros((2 * families, 2), dtype=np.int64)
    n[:families, 0] = n[families:, 1] = size
    hits = n.copy()
    hits[:missed, 0] = hits[families : families + missed, 1] = 0
    return compare_groups(n, hits)[0]


@pytest.mark.parametrize(
    ("size", "missed", "method"),
    [
        (1, BOOTSTRAP_CELL - 1, "Newcombe-Wilson"),
        (1, 2 * BOOTSTRAP_CELL, "family bootstrap"),
        (8, BOOTSTRAP_CELL // 2, "Newcombe-Wilson"),
    ],
)
def test_which_method(size: int, missed: int, method: str) -> None:
    """Few misses have Newcombe's interval, and so have many misses of few families."""
    gap = _two_groups(1_000, size, missed).gap
    assert gap is not None
    assert gap.method == method


def test_both_methods_agree_where_both_hold() -> None:
    """With hundreds of hits and misses a side, either interval has the same ends to a tenth of its width."""
    compared = _two_groups(1_000, 3, 300)
    assert isinstance(compared.gap, FamilyBootstrap)
    newcombe = NewcombeWilson(compared.group, compared.rest).bounds
    width = newcombe[1] - newcombe[0]
    assert compared.gap.bounds == pytest.approx(newcombe, abs=width / 10)


@pytest.mark.parametrize(
    "design",
    [
        Design(120, families=150, group=0.1, gap=0.03),
        Design(80, families=600, group=0.3, gap=0.03),
        Design(80, families=400, group=0.4, gap=0, siblings_differ=True),
    ],
)
def test_intervals_hold_the_true_gap(design: Design) -> None:
    """Of invented audits about 95 % or more have an interval that holds the true gap; few call it larger."""
    found = audited(design)
    assert found["covered"] >= 0.9
    assert found["gap larger than agreed"] <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / found["audits"])


def test_everyone_s_correlation_is_what_holds_them() -> None:
    """In a small group, intervals that know only its own bootstrap hold the true gap visibly less often."""
    found = audited(Design(120, families=150, group=0.1, gap=0.03))
    assert found["covered"] > found["covered_without_everyone_s_correlation"] + 0.04


@QUICK
@given(share=shares(), z=st.floats(0.1, 4))
def test_wilson_widens_with_z_and_narrows_with_n(share: Share, z: float) -> None:
    """An interval of more deviations holds that of fewer, one of fewer rows that of more, and every one the share."""
    value, n = share.value, share.effective_n
    each = (wilson(value, n, 2 * z), wilson(value, n, z), wilson(value, 2 * n, z), (value, value))
    for (low, high), (inner_low, inner_high) in itertools.pairwise(each):
        assert low <= inner_low + ROUNDING
        assert high >= inner_high - ROUNDING
