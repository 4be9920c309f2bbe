"""Splits: families whole, every child scored once a repeat by what never saw it, and time that runs one way."""

import dataclasses
import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.feature import Feature
from training.judging import Rows, judge_by_folds, judge_by_time
from training.learning import CandidateName, Task
from training.plan import Plan
from training.plan_parts import FullBooster, GlassBox
from training.split import DAYS_A_YEAR, TimeSplit, aged_split, family_folds, lagged_split, lags, shipped_split

QUICK = settings(derandomize=True, database=None, deadline=None, max_examples=100)
FAMILIES = st.lists(st.integers(0, 30).map(lambda n: f"family {n}"), min_size=4, max_size=80)
Years = NDArray[np.int64]


@QUICK
@given(keys=FAMILIES, folds=st.integers(2, 6), seed=st.integers(0, 100))
def test_folds(keys: list[str], folds: int, seed: int) -> None:
    """A family is in one fold, folds differ by one family at most, and a seed always gives the same ones."""
    families = np.array(keys)
    fold = family_folds(families, folds, seed)
    assert all(len(set(fold[families == family].tolist())) == 1 for family in families)
    sizes = [len(set(families[fold == k].tolist())) for k in range(folds)]
    assert max(sizes) - min(sizes) <= 1
    assert fold.tolist() == family_folds(families, folds, seed).tolist()


def test_other_seeds_give_other_folds() -> None:
    """Repeats do not deal the families alike."""
    families = np.array([f"family {n}" for n in range(40)])
    assert len({tuple(family_folds(families, 5, seed).tolist()) for seed in range(10)}) == 10


def test_the_order_of_children_means_nothing() -> None:
    """A family's fold is its own, whatever order the children come in."""
    families = np.array([f"family {n % 9}" for n in range(30)])
    order = np.random.default_rng(1).permutation(30)
    assert (family_folds(families, 3, 5)[order] == family_folds(families[order], 3, 5)).all()


def cohorts(*years: int, children: int = 8) -> tuple[Years, NDArray[np.str_]]:
    """Children of some cohorts, two to a family, families never across cohorts."""
    made = np.repeat(np.array(years), children)
    return made, np.array([f"{year} {i // 2}" for i, year in enumerate(made.tolist())])


def test_the_shipped_split() -> None:
    """Learned on every cohort but the latest; calibrated on one half of the latest, by family, and tested on the other."""
    years, families = cohorts(2016, 2018, 2017)
    years[0] = -1
    split = shipped_split(years, families, 3)
    assert split is not None
    assert sorted(set(years[split.learn].tolist())) == [2016, 2017]
    assert set(years[np.concatenate([split.calibrate, split.test])].tolist()) == {2018}
    assert len(split.calibrate) == len(split.test) == 4
    assert not set(families[split.calibrate]) & set(families[split.test])
    assert 0 not in np.concatenate([split.learn, split.calibrate, split.test])
    assert split.lag == 1


@pytest.mark.parametrize("years", [[2016, 2016, 2016], [-1, 2016, -1], [-1, -1]])
def test_too_few_cohorts(years: list[int]) -> None:
    """With one cohort, or none, there is no split in time."""
    assert shipped_split(np.array(years), np.array([str(n) for n in range(len(years))]), 1) is None


@QUICK
@given(
    found=st.lists(st.integers(2010, 2024), min_size=2, max_size=9, unique=True),
    horizon=st.integers(1, 2500),
    seed=st.integers(0, 9),
)
def test_time_runs_one_way(found: list[int], horizon: int, seed: int) -> None:
    """Neither split learns or calibrates on a test child, nor learns on a cohort as late as the test's."""
    years, families = cohorts(*found)
    shipped = shipped_split(years, families, seed)
    assert shipped is not None
    lagged, wanted = lagged_split(years, shipped, families, horizon)
    for split in (shipped, lagged):
        parts: Sequence[NDArray[np.int64]] = (split.learn, split.calibrate, split.test)
        assert all(len(part) for part in parts)
        assert not any(set(a.tolist()) & set(b.tolist()) for a, b in itertools.combinations(parts, 2))
        assert years[split.learn].max() < max(found)
    assert lagged.test.tolist() == shipped.test.tolist()
    used = np.concatenate([years[lagged.learn], years[lagged.calibrate]])
    assert used.max() == max(found) - lagged.lag
    assert years[lagged.learn].max() <= years[lagged.calibrate].min()
    assert wanted == int(np.ceil(horizon / DAYS_A_YEAR))


@QUICK
@given(
    found=st.lists(st.integers(2010, 2024), min_size=2, max_size=9, unique=True),
    landmark=st.integers(0, 1200),
    closes=st.integers(1300, 2500),
)
def test_no_outcome_that_was_still_open(found: list[int], landmark: int, closes: int) -> None:
    """Where there are cohorts enough, no child learned from had its outcome's window open when its like stood tested."""
    years, families = cohorts(*found)
    shipped = shipped_split(years, families, 1)
    assert shipped is not None
    split, wanted = lagged_split(years, shipped, families, closes - landmark)
    closed = [year for year in found if year * DAYS_A_YEAR + closes <= max(found) * DAYS_A_YEAR + landmark]
    used = set(years[np.concatenate([split.learn, split.calibrate])].tolist())
    if len(closed) >= 2:
        assert used == set(closed)
        assert split.lag >= wanted
    else:
        assert split.lag == max(found) - sorted(found)[min(1, len(found) - 2)], (
            "the longest lag that leaves two cohorts"
        )


def test_a_lag_by_hand() -> None:
    """Seen from two years old, with outcomes known at five and three quarters, the newest cohort learned from is four back."""
    years, families = cohorts(2010, 2011, 2012, 2013, 2014, 2015, 2016)
    shipped = shipped_split(years, families, 1)
    assert shipped is not None
    split, wanted = lagged_split(years, shipped, families, 2100 - 760)
    assert (split.lag, wanted) == (4, 4)
    assert set(years[split.learn].tolist()) == {2010, 2011}
    assert set(years[split.calibrate].tolist()) == {2012}


# Judged by children that neither the estimator nor its calibration saw.

WORDS = {"label": "x", "source": "visits", "take": "latest", "raises": "more", "lowers": "less", "not_known": "none"}
FEATURES = [Feature.model_validate(WORDS | {"name": n, "column": n, "correctable": True}) for n in ("a", "b", "c")]
TASK = Task("at", "outcome", FEATURES)
PLAN = Plan(
    repeats=2,
    folds=3,
    inner_folds=2,
    glass_box=GlassBox(trees=15, pairs=1),
    full_booster=FullBooster(trees=10),
)
CANDIDATES: tuple[CandidateName, ...] = ("logistic", "glass box", "full booster")


def rows(n: int = 240) -> Rows:
    """Children two to a family, with something to learn and something not known."""
    rng = np.random.default_rng(8)
    x = rng.normal(size=(n, 3))
    y = (rng.random(n) < 1 / (1 + np.exp(-1.5 * x[:, 0] + x[:, 1]))).astype(float)
    x[rng.random(n) < 0.1, 1] = np.nan
    return Rows(x, y, np.array([f"family {i // 2}" for i in range(n)]), np.ones(n))


@pytest.mark.parametrize("candidate", CANDIDATES)
def test_every_child_once_a_repeat(candidate: CandidateName) -> None:
    """By folds, every child has one score in each repeat, families share a fold, and repeats differ."""
    children = rows()
    held_out = judge_by_folds(candidate, TASK, children, PLAN).held_out
    assert held_out.rows.tolist() == list(range(240))
    assert held_out.log_odds.shape == held_out.folds.shape == (PLAN.repeats, 240)
    assert np.isfinite(held_out.log_odds).all()
    for fold in held_out.folds:
        assert set(fold.tolist()) == set(range(PLAN.folds))
        assert (fold[::2] == fold[1::2]).all()
    assert (held_out.folds[0] != held_out.folds[1]).any()


@pytest.mark.parametrize("candidate", CANDIDATES)
def test_a_child_is_never_scored_by_what_saw_it(candidate: CandidateName) -> None:
    """Turning the outcomes of a family round changes the scores of others, and none of its own, in any repeat."""
    children = rows()
    before = judge_by_folds(candidate, TASK, children, PLAN).held_out.log_odds
    turned = children.y.copy()
    turned[10:12] = 1 - turned[10:12]
    after = judge_by_folds(candidate, TASK, dataclasses.replace(children, y=turned), PLAN).held_out.log_odds
    assert (before[:, 10:12] == after[:, 10:12]).all()
    assert (before != after).any()


@pytest.mark.parametrize("candidate", CANDIDATES)
def test_by_time_what_ships_never_saw_the_test(candidate: CandidateName) -> None:
    """By time, the outcomes of the test children change neither what ships nor their scores."""
    children = rows()
    split = TimeSplit(np.arange(140), np.arange(140, 190), np.arange(190, 240), lag=1)
    before = judge_by_time(candidate, TASK, children, split, PLAN)
    turned = np.concatenate([children.y[:190], 1 - children.y[190:]])
    after = judge_by_time(candidate, TASK, dataclasses.replace(children, y=turned), split, PLAN)
    assert (before.spec, before.calibration) == (after.spec, after.calibration)
    assert before.held_out.rows.tolist() == list(range(190, 240))
    assert (before.held_out.log_odds == after.held_out.log_odds).all()
    assert (before.calibration.n, before.calibration.events) == (50, int(children.y[140:190].sum()))


def test_every_age_that_there_is() -> None:
    """Each lag leaves a cohort to calibrate on and earlier ones to learn from, for the same test children."""
    years, families = cohorts(2010, 2011, 2013, 2014)
    shipped = shipped_split(years, families, 1)
    assert shipped is not None
    assert lags(years) == [1, 3]
    for lag, calibrated, learned in ((1, 2013, {2010, 2011}), (3, 2011, {2010})):
        split = aged_split(years, shipped, families, lag)
        assert split.lag == lag
        assert split.test.tolist() == shipped.test.tolist()
        assert set(years[split.calibrate].tolist()) == {calibrated}
        assert set(years[split.learn].tolist()) == learned


def test_one_earlier_cohort_is_halved() -> None:
    """With one cohort before the test's, half of it is learned from and the other half calibrated on, families whole."""
    years, families = cohorts(2010, 2011)
    shipped = shipped_split(years, families, 1)
    assert shipped is not None
    assert lags(years) == [1]
    split = aged_split(years, shipped, families, 1)
    assert set(years[np.concatenate([split.learn, split.calibrate])].tolist()) == {2010}
    assert not set(families[split.learn]) & set(families[split.calibrate])
