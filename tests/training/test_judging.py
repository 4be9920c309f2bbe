"""Held-out scores: every child scored by a model and a calibration that never saw it, and gates that say no."""

import dataclasses

import numpy as np
import pytest
from numpy.typing import NDArray

from models.contract import Contract
from models.errors import GateRefused
from models.estimator import Estimator
from training.affine import fit_affine
from training.judging import Rows, calibrate, judge_by_folds, judge_by_time
from training.learning import CandidateName, Task
from training.plan import Plan
from training.plan_parts import FullBooster, GlassBox
from training.split import TimeSplit, family_folds

COUNT = 400
CANDIDATES: tuple[CandidateName, ...] = ("logistic", "glass box", "full booster")
PLAN = Plan(
    seed=5, folds=4, inner_folds=3, repeats=2, glass_box=GlassBox(trees=15, pairs=2), full_booster=FullBooster(trees=15)
)


@pytest.fixture(scope="module")
def task(borough: Contract) -> Task:
    """An outcome to be learned from three features of the borough that may push either way."""
    free = tuple(feature for feature in borough.features if feature.direction == "none")[:3]
    return Task("one_year", "not_gld", free)


@pytest.fixture(scope="module")
def rows() -> Rows:
    """Children with a signal in two of three features, a tenth not known, in families of one to three."""
    chance = np.random.default_rng(6)
    x = np.round(chance.normal(size=(COUNT, 3)), 1)
    y = (chance.random(COUNT) < 1 / (1 + np.exp(0.5 - x[:, 0] - 0.8 * x[:, 1]))).astype(float)
    x[chance.random(x.shape) < 0.1] = np.nan
    return Rows(x, y, np.array([f"family {i}" for i in chance.integers(0, 250, COUNT)]), np.ones(COUNT))


@pytest.fixture(scope="module")
def split() -> TimeSplit:
    """The first half learned from, a quarter calibrated on, a quarter tested on."""
    return TimeSplit(np.arange(200), np.arange(200, 300), np.arange(300, COUNT), lag=1)


def _flipped(rows: Rows, who: NDArray[np.intp]) -> Rows:
    """Return the rows with other outcomes, and other features, for some children."""
    y, x = rows.y.copy(), rows.x.copy()
    y[who], x[who] = 1 - y[who], -x[who]
    return dataclasses.replace(rows, x=x, y=y)


@pytest.mark.parametrize("candidate", CANDIDATES)
def test_every_child_is_scored_once_a_repeat(task: Task, rows: Rows, candidate: CandidateName) -> None:
    """By folds every child has one score in each repeat, families whole, and other folds in each repeat."""
    held_out = judge_by_folds(candidate, task, rows, PLAN).held_out
    assert held_out.rows.tolist() == list(range(COUNT))
    assert held_out.log_odds.shape == held_out.folds.shape == (2, COUNT)
    assert np.isfinite(held_out.log_odds).all()
    assert (held_out.folds[0] != held_out.folds[1]).any()
    for folds in held_out.folds:
        assert set(folds.tolist()) == {0, 1, 2, 3}
        for family in set(rows.families.tolist()):
            assert len(set(folds[rows.families == family].tolist())) == 1


@pytest.mark.parametrize("candidate", CANDIDATES)
def test_nobody_is_scored_by_what_saw_them(task: Task, rows: Rows, candidate: CandidateName) -> None:
    """Other outcomes for children of one fold leave the scores of all of that fold as they were, to the bit."""
    plan = PLAN.model_copy(update={"repeats": 1})
    before = judge_by_folds(candidate, task, rows, plan).held_out
    fold = np.flatnonzero(before.folds[0] == 2)
    y, some = rows.y.copy(), fold[::3]
    y[some] = 1 - y[some]
    after = judge_by_folds(candidate, task, dataclasses.replace(rows, y=y), plan).held_out
    assert after.log_odds[0, fold].tolist() == before.log_odds[0, fold].tolist()
    others = np.flatnonzero(before.folds[0] != 2)
    assert (after.log_odds[0, others] != before.log_odds[0, others]).mean() > 0.9


@pytest.mark.parametrize("candidate", CANDIDATES)
def test_nobody_tested_was_learned_from(task: Task, rows: Rows, split: TimeSplit, candidate: CandidateName) -> None:
    """By time, other outcomes for those tested change neither model nor calibration nor any score."""
    before = judge_by_time(candidate, task, rows, split, PLAN)
    y = rows.y.copy()
    y[split.test] = 1 - y[split.test]
    after = judge_by_time(candidate, task, dataclasses.replace(rows, y=y), split, PLAN)
    assert (after.spec, after.calibration) == (before.spec, before.calibration)
    assert after.held_out.log_odds.tolist() == before.held_out.log_odds.tolist()
    assert before.held_out.rows.tolist() == split.test.tolist()


@pytest.mark.parametrize("candidate", ["logistic", "glass box"])
def test_nobody_calibrated_on_was_learned_from(
    task: Task, rows: Rows, split: TimeSplit, candidate: CandidateName
) -> None:
    """By time, other outcomes and features for those calibrated on change the calibration alone."""
    before = judge_by_time(candidate, task, rows, split, PLAN)
    some = split.calibrate[:20]
    after = judge_by_time(candidate, task, _flipped(rows, some), split, PLAN)
    assert after.spec == before.spec
    assert after.calibration != before.calibration
    assert (before.calibration.n, before.calibration.events) == (100, int(rows.y[split.calibrate].sum()))


@pytest.mark.parametrize("candidate", ["logistic", "glass box"])
def test_what_ships_is_what_was_judged(task: Task, rows: Rows, split: TimeSplit, candidate: CandidateName) -> None:
    """By time, the shipped estimator with its calibration gives the held-out scores, to the bit, one row at a time."""
    judged = judge_by_time(candidate, task, rows, split, PLAN)
    assert judged.spec is not None
    estimator = Estimator(judged.spec, judged.calibration)
    scores = [estimator.score(row).log_odds for row in rows.x[split.test].tolist()]
    assert scores == judged.held_out.log_odds[0].tolist()


def test_the_yardstick_has_nothing_to_ship(task: Task, rows: Rows, split: TimeSplit) -> None:
    """The full booster is judged and has no estimator."""
    assert judge_by_time("full booster", task, rows, split, PLAN).spec is None


def test_what_ships_by_folds(task: Task, rows: Rows) -> None:
    """By folds what ships is fitted once on all, and calibrated on every child's pooled cross-fitted scores."""
    judged = judge_by_folds("logistic", task, rows, PLAN)
    assert judged.spec is not None
    assert all(given.n_known + given.n_not_known == COUNT for given in judged.spec.inputs)
    assert (judged.calibration.n, judged.calibration.events) == (COUNT, int(rows.y.sum()))
    # Slopes of honest scores: pooled over 800, near 1.
    (_,), (slope,) = fit_affine(judged.held_out.log_odds.ravel(), np.tile(rows.y, 2))
    assert 0.7 < slope < 1.3


def test_what_it_was_calibrated_on(task: Task, rows: Rows, split: TimeSplit) -> None:
    """The raw log-odds kept beside a calibration are those of the children it was fitted on, and give it again."""
    judged = judge_by_time("glass box", task, rows, split, PLAN)
    assert judged.spec is not None
    on = judged.calibrated_on
    assert on.rows.tolist() == split.calibrate.tolist()
    assert on.raw.tolist() == Estimator(judged.spec).log_odds(rows.x[split.calibrate]).tolist()
    assert calibrate(task, on.raw, rows.y[on.rows]) == judged.calibration
    judged = judge_by_folds("logistic", task, rows, PLAN)
    on = judged.calibrated_on
    assert (on.rows.tolist(), on.raw.shape) == (list(range(COUNT)), (2, COUNT))
    pooled = calibrate(task, on.raw.ravel(), np.tile(rows.y, 2))
    assert (pooled.intercept, pooled.slope) == (judged.calibration.intercept, judged.calibration.slope)


def test_the_same_plan_judges_the_same(task: Task, rows: Rows) -> None:
    """One plan gives the same scores twice; each repeat divides the children by a seed of its own."""
    first, again = (judge_by_folds("glass box", task, rows, PLAN) for _ in range(2))
    assert first.held_out.log_odds.tolist() == again.held_out.log_odds.tolist()
    assert (first.spec, first.calibration) == (again.spec, again.calibration)
    for repeat in range(2):
        assert first.held_out.folds[repeat].tolist() == family_folds(rows.families, 4, 5 + repeat).tolist()


# Gates.


@pytest.mark.parametrize("candidate", CANDIDATES)
@pytest.mark.parametrize("outcome", [0.0, 1.0])
def test_one_outcome_for_all(
    task: Task, rows: Rows, split: TimeSplit, candidate: CandidateName, outcome: float
) -> None:
    """Where every child has the same outcome a gate says no, by folds and by time."""
    constant = dataclasses.replace(rows, y=np.full(COUNT, outcome))
    with pytest.raises(GateRefused, match="one_year, not_gld"):
        judge_by_folds(candidate, task, constant, PLAN)
    with pytest.raises(GateRefused, match="one_year, not_gld"):
        judge_by_time(candidate, task, constant, split, PLAN)


@pytest.mark.parametrize("part", ["learn", "calibrate", "test"])
def test_one_outcome_for_a_part(task: Task, rows: Rows, split: TimeSplit, part: str) -> None:
    """Where all those learned from, calibrated on or tested on have the same outcome, a gate says no."""
    y = rows.y.copy()
    y[getattr(split, part)] = 0.0
    with pytest.raises(GateRefused):
        judge_by_time("logistic", task, dataclasses.replace(rows, y=y), split, PLAN)


@pytest.mark.parametrize("candidate", CANDIDATES)
@pytest.mark.parametrize("events", [1, 3])
def test_hardly_any_outcome(task: Task, rows: Rows, candidate: CandidateName, events: int) -> None:
    """Where so few have the outcome that some fold has nobody to learn it from, a gate says no, and nothing breaks."""
    y = np.zeros(COUNT)
    y[:events] = 1.0
    with pytest.raises(GateRefused):
        judge_by_folds(candidate, task, dataclasses.replace(rows, y=y), PLAN)


@pytest.mark.parametrize("candidate", CANDIDATES)
def test_less_than_nothing(task: Task, rows: Rows, split: TimeSplit, candidate: CandidateName) -> None:
    """Where scores of the children calibrated on run against their outcomes, a gate says no: slopes are above 0."""
    y = rows.y.copy()
    y[split.calibrate] = 1 - y[split.calibrate]
    with pytest.raises(GateRefused, match="slope is not above 0"):
        judge_by_time(candidate, task, dataclasses.replace(rows, y=y), split, PLAN)


@pytest.mark.parametrize("log_odds", [[0.5] * 6, [-3.0, -2.0, -1.0, 1.0, 2.0, 3.0], [3.0, 2.0, 1.0, -1.0, -2.0, -3.0]])
def test_no_slope_can_be_had(task: Task, log_odds: list[float]) -> None:
    """Scores that are all alike, that separate the children perfectly, or that run backwards have no slope: no."""
    with pytest.raises(GateRefused):
        calibrate(task, np.array(log_odds), np.array([0.0, 0.0, 0.0, 1.0, 1.0, 1.0]))


def test_noise_seldom_passes(task: Task) -> None:
    """Features that say nothing of the outcome are refused, or at least foresee no more than chance does."""
    passed = 0
    for seed in range(10):
        chance = np.random.default_rng(seed)
        x = chance.normal(size=(300, 3))
        y, families = chance.integers(0, 2, 300).astype(float), np.arange(300).astype(str)
        noise = Rows(x, y, families, np.ones(300))
        try:
            judged = judge_by_folds("logistic", task, noise, PLAN.model_copy(update={"repeats": 1}))
        except GateRefused:
            continue
        passed += 1
        assert np.abs(judged.held_out.log_odds).mean() < 1
    assert passed <= 5
