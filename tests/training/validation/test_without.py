"""What is left out costs what, on children of whom it is known what moves their outcome."""

import dataclasses
import json
from collections.abc import Callable
from typing import Any

import duckdb
import pytest

from models.contract import Contract
from training.judging import judge_by_folds, judge_by_time
from training.plan import Plan
from training.study import Study
from training.validation.changed import without_features
from training.validation.learned_once import LearnedOnce
from training.validation.without import without

Part = dict[str, Any]
Births = Callable[[int], duckdb.DuckDBPyConnection]


def _without(con: duckdb.DuckDBPyConnection, contract: Contract, study: Study, plan: Plan) -> Part:
    assert study.split is not None
    judged = judge_by_time("logistic", study.task, study.rows, study.split, plan)
    return without(con, contract, study, "logistic", judged.held_out, plan, LearnedOnce("logistic", plan))


def _few(study: Study) -> Study:
    """Return the study with the features of the birth record alone."""
    return without_features(study, {f.name for f in study.task.features if f.source != "births"})


@pytest.fixture(scope="module")
def found(left_out_births: Births, borough: Contract, left_out_study: Study, left_out_plan: Plan) -> Part:
    """What is found of the invented children."""
    return _without(left_out_births(0), borough, left_out_study, left_out_plan)


def test_an_attribute_that_is_left_out(found: Part) -> None:
    """With sex, which moves the outcome: foreseen better, as many of each as happen, and more boys on the list."""
    sex, _ = found["attributes"]
    assert (sex["attribute"], sex["change"], sex["recorded"]) == ("sex", "with", "by this landmark")
    assert sex["difference"]["auc"]["low"] > 0
    groups = {group["group"]: group for group in sex["groups"]}
    assert groups["Boys"]["shipped"]["calibration_gap"] > 0.05 > abs(groups["Boys"]["changed"]["calibration_gap"])
    assert groups["Girls"]["shipped"]["calibration_gap"] < -0.05 < -abs(groups["Girls"]["changed"]["calibration_gap"])
    assert groups["Boys"]["difference"]["recall"]["low"] > 0
    assert groups["Girls"]["difference"]["recall"]["high"] < 0


def test_an_attribute_that_features_rest_on(found: Part) -> None:
    """Birthweight is a feature, and light babies are audited: so the model is learned without it."""
    _, light = found["attributes"]
    assert (light["attribute"], light["change"], light["features"]) == ("light", "without", ["birthweight"])
    assert light["difference"]["auc"]["high"] < 0
    groups = {group["group"]: group for group in light["groups"]}
    assert groups["Under 2,500 g"]["difference"]["recall"]["high"] < 0


def test_sources(found: Part, left_out_study: Study) -> None:
    """Every source that is asked is taken out, in turn, with all of its features; only the two that tell are missed."""
    by_source = {source["source"]: source for source in found["sources"]}
    asked = left_out_study.task.features
    assert {name: one["features"] for name, one in by_source.items()} == {
        name: [f.name for f in asked if f.source == name] for name in {f.source for f in asked}
    }
    for name, one in by_source.items():
        cost = one["difference"]["auc"]
        assert cost["high"] < -0.01 if name in {"births", "reviews"} else cost["low"] < 0.005 and cost["high"] > -0.005
    assert {line["group"] for line in by_source["births"]["recall"]["sex"]} == {"Boys", "Girls"}
    assert found["groups_too_small"]["sex"] == ["Another", "not recorded"]


def test_difference_is_of_the_figures(found: Part) -> None:
    """A difference is the changed model's figure minus that of what ships."""
    for one in (*found["attributes"], *found["sources"]):
        for name, figure in one["figures"].items():
            gap = figure["value"] - found["shipped"][name]["value"]
            assert one["difference"][name]["value"] == pytest.approx(gap, abs=2e-6)


def test_recorded_later(left_out_births: Births, borough: Contract, left_out_study: Study, left_out_plan: Plan) -> None:
    """An attribute recorded after the landmark is marked so, with the share that was known by then."""
    (sex, _) = _without(left_out_births(3000), borough, _few(left_out_study), left_out_plan)["attributes"]
    assert (sex["recorded"], sex["share_recorded_by_this_landmark"]) == ("later", 0.0)
    assert sex["difference"]["auc"]["low"] > 0


def test_the_only_source(
    left_out_births: Births, borough: Contract, left_out_study: Study, left_out_plan: Plan
) -> None:
    """Without the one source that a model rests on there is no model, and that is said."""
    found = _without(left_out_births(0), borough, _few(left_out_study), left_out_plan)
    (births,) = found["sources"]
    assert (births["source"], births["figures"], births["difference"]) == ("births", None, None)
    _, light = found["attributes"]
    assert (light["figures"], light["groups"]) == (None, [])


def test_by_folds(left_out_births: Births, borough: Contract, left_out_study: Study, left_out_plan: Plan) -> None:
    """Without a calendar the first repeat of the folds is compared, and nothing is not a number."""
    study = dataclasses.replace(_few(left_out_study), split=None, years=None)
    plan = left_out_plan.model_copy(update={"repeats": 2, "folds": 2})
    judged = judge_by_folds("logistic", study.task, study.rows, plan)
    found = without(
        left_out_births(0), borough, study, "logistic", judged.held_out, plan, LearnedOnce("logistic", plan)
    )
    json.dumps(found, allow_nan=False)
    assert found["attributes"][0]["difference"]["auc"]["low"] > 0


def test_same_twice(left_out_births: Births, borough: Contract, left_out_study: Study, left_out_plan: Plan) -> None:
    """The same children and plan give the same figures, to the bit."""
    few = _few(left_out_study)
    once, again = (_without(left_out_births(0), borough, few, left_out_plan) for _ in range(2))
    assert json.dumps(once) == json.dumps(again)
