"""A study judges the candidates that the plan asks for, and goes on without those that learn nothing."""

import dataclasses

import numpy as np
import pytest
from scipy.special import expit

from models.contract import Contract
from training.cohort import CohortTable
from training.judging import NoSignal
from training.plan import Plan
from training.plan_parts import FullBooster, GlassBox
from training.snapshots import Matrix
from training.study import Study, by_time, judge_all, procedure, study_of

COUNT = 3000
PLAN = Plan(seed=3, bootstrap=100, glass_box=GlassBox(trees=15, pairs=1), full_booster=FullBooster(trees=10))


def _study(borough: Contract, signal: float = 1.0, weights: object = None, plan: Plan = PLAN) -> Study:
    """Return children of four cohorts at two, one feature of whom says so much of the outcome."""
    chance, landmark, (outcome,) = np.random.default_rng(8), borough.landmark("two_year"), borough.outcomes
    names = tuple(feature.name for feature in borough.features_at(landmark))
    x = np.round(chance.normal(size=(COUNT, len(names))), 2)
    y = (chance.random(COUNT) < expit(-1 - signal * x[:, names.index("birthweight")])).astype(float)
    cohort = CohortTable(
        Matrix(landmark, np.array([f"child {i:04}" for i in range(COUNT)]), names, x),
        {outcome.name: y},
        np.array([f"family {i // 2}" for i in range(COUNT)]),
        chance.integers(2014, 2018, COUNT),
        {},
        np.ones(COUNT) if weights is None else np.asarray(weights),
        {},
    )
    return study_of(borough, landmark, outcome, cohort, plan)


@pytest.mark.parametrize("asked", [("logistic",), ("glass box",), ("logistic", "glass box")])
def test_the_candidates_of_the_plan(borough: Contract, asked: tuple[str, ...]) -> None:
    """What the plan asks for is judged, with the yardstick; the lagged figure is of the same candidates."""
    plan = PLAN.model_copy(update={"candidates": asked})
    study = _study(borough)
    judged = judge_all(study, plan)
    assert tuple(judged) == (*asked, "full booster")
    lagged = by_time(study, judged, plan)["lagged"]
    assert tuple(lagged["candidates"]) == tuple(judged)


def test_a_cohort_that_the_plan_leaves_out(borough: Contract) -> None:
    """Children of a cohort that the plan does not name are not studied."""
    plan = PLAN.model_copy(update={"cohorts": (2014, 2015)})
    study = _study(borough, plan=plan)
    assert study.years is not None
    assert set(study.years.tolist()) == {2014, 2015}
    assert len(study.rows.y) == len(study.known) == len(study.years) < COUNT


def test_nothing_to_learn_ends_it(borough: Contract) -> None:
    """Where the outcome of every child is the same, no candidate learns anything, and that is said."""
    study = _study(borough)
    nobody = dataclasses.replace(study, rows=dataclasses.replace(study.rows, y=np.zeros(COUNT)))
    with pytest.raises(NoSignal):
        judge_all(nobody, PLAN)


def test_nothing_to_learn_from_older_cohorts(borough: Contract) -> None:
    """Where no older child had the outcome there is no figure to quote, and the run goes on."""
    study = _study(borough)
    assert study.years is not None
    recent = np.where(study.years >= 2016, study.rows.y, 0.0)
    late = dataclasses.replace(study, rows=dataclasses.replace(study.rows, y=recent))
    judged = judge_all(late, PLAN)
    assert by_time(late, judged, PLAN)["lagged"] is None


def test_the_cohorts_of_a_study_are_told(borough: Contract) -> None:
    """The procedure tells of which cohorts children are learned from, calibrated on or judged by, split in time or not."""
    assert procedure(_study(borough), PLAN)["cohorts"] == [2014, 2015, 2016, 2017]
    for cohorts in ((2014, 2016), (2015,)):
        plan = PLAN.model_copy(update={"cohorts": cohorts})
        assert procedure(_study(borough, plan=plan), plan)["cohorts"] == list(cohorts)
    timeless = dataclasses.replace(_study(borough), years=None, split=None)
    assert "cohorts" not in procedure(timeless, PLAN)


def test_how_many_a_weighted_sample_is_worth(borough: Contract) -> None:
    """Of a weighted sample it is said how many children it is worth; of children who all count alike nothing."""
    assert "effective_children" not in procedure(_study(borough), PLAN)
    weights = np.where(np.arange(COUNT) % 2 == 0, 0.5, 1.5)
    assert procedure(_study(borough, weights=weights), PLAN)["effective_children"] == round(COUNT / 1.25)
