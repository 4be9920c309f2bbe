"""How a model ages: the same children, foreseen by older and older models, and said so only where there is a calendar."""

import dataclasses

import numpy as np
import pytest
from scipy.special import expit

from models.contract import Contract
from training.cohort import CohortTable
from training.evaluation import evaluate
from training.judging import Judged, judge_by_folds, judge_by_time
from training.plan import Plan
from training.snapshots import Matrix
from training.study import Study, study_of
from training.validation.ageing import ageing, ageing_lines

YEARS, A_YEAR = range(2014, 2019), 1500
PLAN = Plan(seed=3, bootstrap=100, folds=3, inner_folds=2, repeats=1)


def _study(borough: Contract, rise: float) -> Study:
    """Return children of five cohorts, each of which has the outcome oftener than the last by so many log-odds."""
    chance, landmark, (outcome,) = np.random.default_rng(8), borough.landmark("two_year"), borough.outcomes
    names = tuple(feature.name for feature in borough.features_at(landmark))
    years = np.repeat(np.array(YEARS), A_YEAR)
    x = np.round(chance.normal(size=(len(years), len(names))), 2)
    chances = expit(-2 + rise * (years - YEARS[0]) - x[:, names.index("birthweight")])
    cohort = CohortTable(
        Matrix(landmark, np.array([f"child {i:05}" for i in range(len(years))]), names, x),
        {outcome.name: (chance.random(len(years)) < chances).astype(float)},
        np.array([f"family {i // 2}" for i in range(len(years))]),
        years,
        {},
        np.ones(len(years)),
        {},
    )
    return study_of(borough, landmark, outcome, cohort, PLAN)


def _shipped(study: Study) -> Judged:
    assert study.split is not None
    return judge_by_time("logistic", study.task, study.rows, study.split, PLAN)


def test_an_outcome_that_becomes_commoner(borough: Contract) -> None:
    """Where each cohort has the outcome oftener, the older a model the fewer it foresees; what ships is right."""
    study = _study(borough, 0.3)
    found = ageing(study, "logistic", _shipped(study), PLAN)
    assert found is not None
    assert found["shipped"]["observed_over_expected"]["value"] == pytest.approx(1, abs=0.1)
    ratios = [age["figures"]["observed_over_expected"]["value"] for age in found["ages"]]
    assert 1.1 < ratios[0] < ratios[1] < ratios[2]
    assert found["ages"][2]["minus_shipped"]["observed_over_expected"]["low"] > 0.1
    assert abs(found["ages"][0]["minus_shipped"]["auc"]["value"]) < 0.02
    assert [(age["lag"], age["learned_on"], age["calibrated_on"]) for age in found["ages"]] == [
        (lag, (len(YEARS) - 1 - lag) * A_YEAR, A_YEAR) for lag in (1, 2, 3)
    ]
    accuracy, foreseen = ageing_lines({"ageing": found})
    assert accuracy.endswith(f"3 older {found['ages'][2]['figures']['auc']['value']:.3f}")
    assert foreseen.endswith(f"3 older {ratios[2]:.2f}")
    assert max(len(accuracy), len(foreseen)) <= 120


def test_what_ships_is_what_was_evaluated(borough: Contract) -> None:
    """The figures as shipped are those of the evaluation, of the same children and the same resamples."""
    study = _study(borough, 0.0)
    shipped = _shipped(study)
    found = ageing(study, "logistic", shipped, PLAN)
    evaluated = evaluate({"logistic": shipped}, study.rows, PLAN)["candidates"]["logistic"]
    assert found is not None
    assert found["shipped"]["auc"] == evaluated["auc"]
    assert found["shipped"]["recall"] == next(
        at["recall"] for at in evaluated["at_capacity"] if at["capacity"] == found["capacity"] == PLAN.bands.capacity
    )


def test_an_age_at_which_nothing_is_learned(borough: Contract) -> None:
    """Where nobody of the first cohorts had the outcome, the older ages have no figures, and the others do."""
    study = _study(borough, 0.0)
    assert study.years is not None
    late = dataclasses.replace(study.rows, y=np.where(study.years >= 2016, study.rows.y, 0.0))
    study = dataclasses.replace(study, rows=late)
    found = ageing(study, "logistic", _shipped(study), PLAN)
    assert found is not None
    assert [age["figures"] is None for age in found["ages"]] == [False, True, True]
    for line in ageing_lines({"ageing": found}):
        assert "1 older" in line
        assert "2 older" not in line


def test_no_calendar_no_age(borough: Contract) -> None:
    """Without a calendar nothing is said of age, in figures or in words."""
    study = dataclasses.replace(_study(borough, 0.0), split=None, years=None)
    assert ageing(study, "logistic", judge_by_folds("logistic", study.task, study.rows, PLAN), PLAN) is None
    assert list(ageing_lines({"ageing": None})) == []
