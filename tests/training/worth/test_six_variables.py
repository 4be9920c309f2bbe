"""Six variables: chosen among those learned from alone, learned as the candidates are, and as good as they can be."""

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

from models.contract import Contract
from training.judging import Judged, Rows, judge_by_folds
from training.learning import Task
from training.plan import Plan
from training.split import TimeSplit
from training.study import Study
from training.worth.six_variables import six_variables, the_six

COUNT = 400
PLAN = Plan(repeats=2, folds=3, inner_folds=3)
SPLIT = TimeSplit(np.arange(200), np.arange(200, 300), np.arange(300, COUNT), lag=1)


@pytest.fixture(scope="module")
def rows(rows_of: Callable[..., Rows]) -> Rows:
    """Children of eight features, a tenth not known, of which the later say more."""
    chance = np.random.default_rng(8)
    x = chance.normal(size=(COUNT, 8))
    y = (chance.random(COUNT) < 1 / (1 + np.exp(0.5 - x @ np.linspace(0.1, 0.8, 8)))).astype(float)
    x[chance.random(x.shape) < 0.1] = np.nan
    return rows_of(x, y, to_a_family=2)


def test_the_six_explain_most_together(study_with: Callable[..., Study], rows: Rows) -> None:
    """Each of the six is the one that, by scikit-learn's least squares, adds most to those before it."""
    filled = np.where(np.isnan(rows.x), np.nanmean(rows.x, axis=0), rows.x)
    columns = np.stack([filled, np.isnan(rows.x)], axis=2)
    chosen: list[int] = []
    for _ in range(6):
        fits = {
            one: LinearRegression()
            .fit(part := columns[:, [*chosen, one]].reshape(COUNT, -1), rows.y)
            .score(part, rows.y)
            for one in set(range(8)) - {*chosen}
        }
        chosen.append(max(fits, key=lambda one: fits[one]))
    assert the_six(study_with(rows).task, rows).tolist() == sorted(chosen)


def test_the_same_is_not_said_twice(study_with: Callable[..., Study], rows: Rows) -> None:
    """A copy of the best feature, however well it tells the outcomes apart, is not chosen beside it."""
    x = np.column_stack([rows.x[:, 7], rows.x[:, 1:]])
    six = the_six(study_with(rows).task, dataclasses.replace(rows, x=x)).tolist()
    assert len({0, 7} & {*six}) == 1


def test_a_declared_direction_counts(borough: Contract, rows: Rows) -> None:
    """A feature that runs against the direction its contract declares is chosen last."""
    lowers = next(feature for feature in borough.features if feature.direction == "lowers")
    free = [feature for feature in borough.features if feature.direction == "none"][:7]
    assert 7 in the_six(Task("then", "later", [*free, borough.features[-1]]), rows)
    assert 7 not in the_six(Task("then", "later", [*free, lowers]), rows)


def test_a_feature_nobody_has_is_not_chosen(study_with: Callable[..., Study], rows: Rows) -> None:
    """A feature that is never known, or always the same, says nothing."""
    x = rows.x.copy()
    x[:, 7], x[:, 6] = np.nan, 3.0
    assert the_six(study_with(rows).task, dataclasses.replace(rows, x=x)).tolist() == [0, 1, 2, 3, 4, 5]


def test_nobody_judged_is_asked(study_with: Callable[..., Study], judged_by: Callable[..., Judged], rows: Rows) -> None:
    """By time, other outcomes of the children judged change neither the six nor any score."""
    y = rows.y.copy()
    y[SPLIT.test] = 1 - y[SPLIT.test]
    judged = judged_by(np.zeros(100), SPLIT.test).held_out
    before, after = (
        six_variables(study_with(one, SPLIT), judged, PLAN) for one in (rows, dataclasses.replace(rows, y=y))
    )
    assert before is not None
    assert after is not None
    assert before[0] == after[0]
    assert before[1].rows.tolist() == SPLIT.test.tolist()
    assert before[1].log_odds.tolist() == after[1].log_odds.tolist()


def test_nobody_is_asked_in_its_own_fold(study_with: Callable[..., Study], rows: Rows) -> None:
    """By folds, other outcomes for a fold leave the scores of all of that fold as they were."""
    held_out = judge_by_folds("logistic", study_with(rows).task, rows, PLAN).held_out
    fold = held_out.folds[0] == 1
    y = np.where(fold & (np.arange(COUNT) % 3 == 0), 1 - rows.y, rows.y)
    before, after = (six_variables(study_with(one), held_out, PLAN) for one in (rows, dataclasses.replace(rows, y=y)))
    assert before is not None
    assert after is not None
    assert before[1].log_odds[0, fold].tolist() == after[1].log_odds[0, fold].tolist()
    assert (before[1].log_odds[0, ~fold] != after[1].log_odds[0, ~fold]).mean() > 0.9


def test_features_that_say_nothing(
    study_with: Callable[..., Study], judged_by: Callable[..., Judged], rows: Rows
) -> None:
    """Where six variables run against the outcome of those calibrated on, there is nothing to show."""
    y = np.where(np.arange(COUNT) >= 200, 1 - rows.y, rows.y)
    against = study_with(dataclasses.replace(rows, y=y), SPLIT)
    assert six_variables(against, judged_by(np.zeros(100), SPLIT.test).held_out, PLAN) is None
