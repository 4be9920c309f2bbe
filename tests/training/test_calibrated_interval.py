"""Intervals of scores: that they hold what is served and, on invented truths that are not affine, what is true."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from benchmarks.evidence_intervals import World, judged
from models.estimator import expit
from models.interval import MOST_POINTS, Intervals, IntervalTable
from models.terms import Calibration
from training.affine import fit_affine
from training.calibrated_interval import Curves, curves_of, hull, interval_table, percentiles

Floats = NDArray[np.float64]
ANYWHERE = np.linspace(-12, 12, 2_001)


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Fit as training does: on one thread, so that tests side by side do not fight for cores."""
    with threadpool_limits(1):
        yield


def drawn(seed: int, n: int, centre: float = -0.8, spread: float = 0.9) -> tuple[Floats, Floats]:
    """Raw log-odds, and outcomes whose true log-odds are a bent function of them."""
    rng = np.random.default_rng(seed)
    z = rng.normal(size=n)
    truth = np.array([expit(x) for x in (-0.8 + 0.9 * z + 0.2 * np.sin(2 * z)).tolist()])
    return centre + spread * z, (rng.random(n) < truth).astype(float)


def drawn_straight(seed: int, n: int) -> tuple[Floats, Floats]:
    """Raw log-odds that are the true ones, and outcomes."""
    rng = np.random.default_rng(seed)
    raw = rng.normal(-0.8, 0.9, n)
    return raw, (rng.random(n) < 1 / (1 + np.exp(-raw))).astype(float)


def calibrated(raw: Floats, y: Floats) -> Calibration:
    """The affine calibration of these children, all repeats together."""
    (intercept,), (slope,) = fit_affine(raw.ravel(), np.tile(y, raw.size // len(y)))
    return Calibration(
        landmark="then", outcome="later", intercept=intercept, slope=slope, n=len(y), events=int(y.sum())
    )


def tabulated(raw: Floats, y: Floats, families: NDArray[np.str_] | None = None, points: int = 60) -> IntervalTable:
    """The table of these children, each of a family of its own if nothing else is said."""
    of = np.arange(len(y)).astype(str) if families is None else families
    return interval_table("then", "later", raw, y, of, calibrated(raw, y), 150, 7, points)


def widths(table: IntervalTable, at: Floats) -> Floats:
    """The widths, in probability, of the intervals of these served log-odds."""
    low, high = Intervals(table).at_all(at, np.array([expit(x) for x in at.tolist()]))
    return np.asarray(high - low)


@settings(derandomize=True, database=None, deadline=None, max_examples=25)
@given(
    seed=st.integers(0, 10**6),
    n=st.integers(60, 700),
    centre=st.floats(-6, 6),
    spread=st.floats(0.05, 8),
    decimals=st.integers(0, 6),
)
def test_holds_what_is_served(seed: int, n: int, centre: float, spread: float, decimals: int) -> None:
    """Of few children or many, scores tied or not, wherever they lie: all that can be served is held, none is wider."""
    raw, y = drawn(seed, n, centre, spread)
    raw = raw.round(decimals)
    assume(raw.min() < raw.max() and fit_affine(raw, y)[1][0] > 0)
    table = tabulated(raw, y)
    assert (table.landmark, table.outcome) == ("then", "later")
    at = np.union1d(ANYWHERE, table.log_odds)
    served = np.array([expit(x) for x in at.tolist()])
    low, high = Intervals(table).at_all(at, served)
    assert ((low >= 0) & (low <= served) & (served <= high) & (high <= 1)).all()
    assert table.widest >= (high - low).max()
    assert table.widest <= (high - low).max() + 0.002
    assert all(round(x, 6) == x for x in (*table.log_odds, *table.low, *table.high))


def test_over_the_range_of_its_children() -> None:
    """The points run from the least to the most that the calibration children are served, 200 of them by default."""
    raw, y = drawn(1, 500)
    calibration = calibrated(raw, y)
    families = np.arange(500).astype(str)
    table = interval_table("then", "later", raw, y, families, calibration, 100, 7)
    assert len(table.log_odds) == MOST_POINTS
    served = calibration.intercept + calibration.slope * raw
    assert (table.log_odds[0], table.log_odds[-1]) == pytest.approx((served.min(), served.max()), abs=1e-6)


def test_the_same_again() -> None:
    """The same children and seed give the same table, to the bit; another seed another."""
    raw, y = drawn(1, 500)
    families = np.arange(500).astype(str)
    tables = [interval_table("then", "later", raw, y, families, calibrated(raw, y), 100, seed) for seed in (7, 7, 8)]
    assert tables[0] == tables[1]
    assert tables[0] != tables[2]


def test_more_children_are_surer() -> None:
    """Sixteen times the children make intervals some four times narrower, no less than three where the truth is affine."""
    at = np.linspace(-2, 1, 50)
    mean = {n: widths(tabulated(*drawn_straight(5, n)), at).mean() for n in (1_000, 16_000)}
    assert 3 < mean[1_000] / mean[16_000] < 5


def test_families_are_drawn_not_children() -> None:
    """Four siblings who are alike in all tell no more than one child; called strangers, they would seem to."""
    raw, y = drawn_straight(2, 800)
    at = np.linspace(-2, 1, 50)
    family = np.arange(800).astype(str)
    alone = widths(tabulated(raw, y), at).mean()
    siblings = widths(tabulated(np.repeat(raw, 4), np.repeat(y, 4), np.repeat(family, 4)), at).mean()
    strangers = widths(tabulated(np.repeat(raw, 4), np.repeat(y, 4)), at).mean()
    assert siblings == pytest.approx(alone, rel=0.15)
    assert strangers == pytest.approx(alone / 2, rel=0.15)


def test_repeats_tell_no_more() -> None:
    """Children scored once in every repeat tell no more than children scored once."""
    raw, y = drawn(2, 800)
    at = np.linspace(-2, 1, 50)
    repeated = tabulated(np.stack([raw, raw, raw]), y)
    assert widths(repeated, at).mean() == pytest.approx(widths(tabulated(raw, y), at).mean(), rel=0.15)


def test_outer_of_the_two() -> None:
    """The hull is from the lower of both calibrations' lower percentiles to the higher of the higher ones."""
    affine, spline = np.linspace([0.0, 5.0], [1.0, 6.0], 1001), np.linspace([0.5, 5.2], [1.5, 5.8], 1001)
    low, high = hull(Curves(affine, spline))
    assert low.tolist() == pytest.approx([0.025, 5.025])
    assert high.tolist() == pytest.approx([1.475, 5.975])


def test_no_end_speaks_against_nothing() -> None:
    """A few resamples without a fit widen the percentiles; where they are more than the tails, nothing is ruled out."""
    curve = np.linspace(0.0, 1.0, 1001)[:, None]
    some, many = curve.copy(), curve.copy()
    some[::100] = many[::10] = np.nan
    none, little, lots = (percentiles(each) for each in (curve, some, many))
    assert little[0] < none[0]
    assert little[1] > none[1]
    assert (float(lots[0][0]), float(lots[1][0])) == (-12.0, 12.0)


@pytest.mark.parametrize("why", ["ties", "few events"])
def test_affine_alone(why: str) -> None:
    """Where four knots have no places, or too few children have the outcome, the hull is the affine calibration's."""
    raw, y = drawn(3, 600)
    if why == "ties":
        raw = (raw / 2).round()
    else:
        y *= np.cumsum(y) <= 30
    curves = curves_of(raw, y, np.arange(600).astype(str), np.array([-1.0, 0.0, 1.0]), 100, 7)
    assert np.array_equal(curves.affine, curves.spline)


def test_affine_where_only_the_spline_separates() -> None:
    """Resamples that the spline separates perfectly, and the affine calibration does not, are left to the affine one."""
    raw = np.linspace(-3, 3, 300)
    y = (np.abs(raw) > 1.2).astype(float)
    curves = curves_of(raw, y, np.arange(300).astype(str), np.array([-1.0, 0.0, 1.0]), 100, 7)
    assert np.isfinite(curves.affine).all()
    assert np.array_equal(curves.affine, curves.spline)


@pytest.mark.parametrize("shift", [-1.5, 1.5])
def test_holds_a_calibration_not_borne_out(shift: float) -> None:
    """Where the children speak against the calibration that is served, the table holds both it and what they say."""
    raw, y = drawn_straight(4, 2_000)
    calibration = Calibration(landmark="then", outcome="later", intercept=shift, slope=1.0, n=2_000, events=0)
    table = interval_table("then", "later", raw, y, np.arange(2_000).astype(str), calibration, 100, 7)
    served, true = expit(-0.8 + shift), expit(-0.8)
    found = Intervals(table).at(-0.8 + shift, served, widened=False)
    assert found.low <= min(served, true)
    assert max(served, true) <= found.high


def test_separated_children_rule_nothing_out() -> None:
    """Where scores separate the outcomes perfectly no resample has a fit: any rate could be, and the table says so."""
    raw = np.concatenate([np.linspace(-3, -1, 30), np.linspace(1, 3, 30)])
    y = (raw > 0).astype(float)
    calibration = Calibration(landmark="then", outcome="later", intercept=0.0, slope=1.0, n=60, events=30)
    table = interval_table("then", "later", raw, y, np.arange(60).astype(str), calibration, 100, 7)
    assert set(table.low) == {-12.0}
    assert set(table.high) == {12.0}
    assert table.widest > 0.9999


def test_one_score() -> None:
    """Where all calibration children are served nearly one score, its table is still one, and holds it."""
    raw = np.linspace(-0.8, -0.799, 100)
    y = (np.arange(100) % 3 == 0).astype(float)
    calibration = Calibration(landmark="then", outcome="later", intercept=0.0, slope=1.0, n=100, events=34)
    table = interval_table("then", "later", raw, y, np.arange(100).astype(str), calibration, 100, 7)
    found = Intervals(table).at(-0.8, expit(-0.8), widened=False)
    assert found.low < 0.34 < found.high


@pytest.mark.parametrize(("n", "width"), [(1_000, 0.14), (10_000, 0.06)])
def test_holds_the_truth(n: int, width: float) -> None:
    """Intervals hold the true rate of nearly all bins of children where an affine calibration alone holds too few."""
    figures = [judged(World(shape, 0.15, held_out=20_000), n, seeds=1) for shape in ("bent", "waved", "kinked")]
    assert np.mean([each["held"] for each in figures]) >= 0.85
    assert np.mean([each["affine_alone_held"] for each in figures]) < 0.85
    assert all(each["mean_width"] <= width for each in figures)


def test_weights_move_the_curves() -> None:
    """Where those with the outcome stand for three times as many, both calibrations lie higher, by about log 3."""
    raw, y = drawn(3, 3_000)
    at, families = np.array([-1.0, 0.0]), np.arange(3_000).astype(str)
    plain = curves_of(raw, y, families, at, 100, 7)
    weighted = curves_of(raw, y, families, at, 100, 7, np.where(y == 1, 3.0, 1.0))
    for one, other in zip(plain, weighted, strict=True):
        assert (other - one).mean(axis=0) == pytest.approx(np.log(3), abs=0.05)
