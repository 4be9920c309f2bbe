"""The options of a landmark and outcome, on children of whom it is known what could be done."""

import dataclasses
import json
from typing import Any

import pytest

from fairness.policy.policy import Policy
from models.contract import Contract
from models.feature import AuditAttribute
from training.judging import HeldOut, judge_by_folds
from training.mitigation.options import LENGTHS, options
from training.mitigation.reduction import TIMES
from training.plan import Plan
from training.study import Study
from training.validation.changed import relearned, resting_on, without_features

Part = dict[str, Any]


def _options(contract: Contract, study: Study, held_out: HeldOut, policy: Policy, plan: Plan) -> Part:
    return options(
        contract, study, "glass box", held_out, policy, plan, lambda other: relearned("glass box", other, plan)
    )


@pytest.fixture(scope="module")
def found(borough: Contract, gap_study: Study, gap_scores: HeldOut, gap_policy: Policy, gap_plan: Plan) -> Part:
    """What is found of the invented children."""
    return _options(borough, gap_study, gap_scores, gap_policy, gap_plan)


def _of(found: Part, kind: str) -> list[Part]:
    return [option for option in found["options"] if option["kind"] == kind]


def test_what_there_is_to_choose(found: Part, gap_study: Study) -> None:
    """What ships, weights for the attribute whose group falls short, each source and attribute left out, other lengths."""
    assert [option["name"] for option in _of(found, "shipped")] == ["as it ships"]
    assert found["options"][0]["kind"] == "shipped"
    weights = _of(found, "weights")
    assert [option["name"] for option in weights] == [
        f"weights for Girls and Another, step {k} of 5" for k in range(1, 6)
    ]
    assert [(option["step"], option["counts"]) for option in weights] == [
        ([k, 5], times) for k, times in enumerate(TIMES, 1)
    ]
    features = _of(found, "features")
    asked = gap_study.task.features
    assert {option["source"] for option in features} == {feature.source for feature in asked}
    for option in features:
        assert option["features"] == [feature.name for feature in asked if feature.source == option["source"]]
    assert [option["capacity"] for option in _of(found, "capacity")] == [each for each in LENGTHS if each != 0.2]


def test_weights_find_more_of_those_who_fell_short(found: Part) -> None:
    """The shortfall of girls gets smaller with the last step, by an interval without 0; light babies, found more often, get none."""
    shipped, last = found["options"][0], _of(found, "weights")[-1]
    assert shipped["shortfall"] == -shipped["groups"][0]["gap"]["value"] > 0.1
    assert last["shortfall"] < shipped["shortfall"] - 0.05
    assert last["groups"][0]["gap_change"]["low"] > 0
    assert last["groups"][0]["of_100"]["found"] > shipped["groups"][0]["of_100"]["found"]
    assert [each["attribute"] for each in found["not_tried"]] == ["light"]
    assert "nothing to make up for" in found["not_tried"][0]["why"]


def test_left_out(found: Part) -> None:
    """Without the source that foretells what becomes of boys fewer of all children with the outcome are found."""
    without = {option["source"]: option for option in _of(found, "features")}
    assert without["births"]["features"] == ["birthweight"]
    assert without["births"]["recall_change"]["high"] < 0


def test_what_rests_on_an_attribute(
    borough: Contract, gap_study: Study, gap_scores: HeldOut, gap_policy: Policy, gap_plan: Plan
) -> None:
    """
    What rests on an audit attribute is left out too, unless it is all of a source, and once, whatever rests on it twice.

    Where nothing is learned without it there is no such option.
    """
    said = {"label": "Review", "source": "reviews", "column": "communication", "labels": {"1": "one"}}
    twice = [AuditAttribute.model_validate({"name": name, **said}) for name in ("review", "again")]
    contract = borough.model_copy(update={"audit": (*borough.audit, *twice)})
    asked: list[tuple[str, ...]] = []

    def nothing(study: Study) -> None:
        asked.append(tuple(feature.name for feature in study.task.features))

    told = options(contract, gap_study, "glass box", gap_scores, gap_policy, gap_plan, nothing)
    resting = resting_on(borough, twice[0], gap_study.task.features)
    every = tuple(feature.name for feature in gap_study.task.features)
    assert "communication" in resting
    assert tuple(name for name in every if name not in resting) in asked
    assert len(set(asked)) == len(asked) == 1 + len({feature.source for feature in gap_study.task.features})
    assert not _of(told, "features")


def test_frontier(found: Part) -> None:
    """Marked are options that none other beats; what is told of everyone is enough to see that."""
    marked = [option for option in found["options"] if option["frontier"]]
    assert 1 < len(marked) < len(found["options"])
    for best in marked:
        goods = (best["recall"]["value"], best["ppv"]["value"], -best["shortfall"])
        for other in found["options"]:
            if other["shortfall"] is not None:
                beside = (other["recall"]["value"], other["ppv"]["value"], -other["shortfall"])
                assert beside == goods or any(a < b for a, b in zip(beside, goods, strict=True))


def test_small_groups_are_hidden(found: Part) -> None:
    """A protected group of few is there in each option, with nothing told of it."""
    for option in found["options"]:
        _, few, _ = option["groups"]
        assert (few["group"], few["hidden"], few["gap"], few["of_100"]) == ("Another", True, None, None)


def test_same_twice(
    found: Part, borough: Contract, gap_study: Study, gap_scores: HeldOut, gap_policy: Policy, gap_plan: Plan
) -> None:
    """The same children and plan give the same options, to the bit, and nothing in them is not a number."""
    again = _options(borough, gap_study, gap_scores, gap_policy, gap_plan)
    assert json.dumps(again, allow_nan=False) == json.dumps(found, allow_nan=False)


def test_nobody_protected(borough: Contract, gap_study: Study, gap_scores: HeldOut, gap_plan: Plan) -> None:
    """A policy that protects nobody has no weights to offer, and no frontier: the rest is told all the same."""
    told = options(borough, gap_study, "glass box", gap_scores, Policy(), gap_plan, lambda _: None)
    assert (told["protects"], told["not_tried"], _of(told, "weights")) == ([], [], [])
    assert len(_of(told, "capacity")) == len(LENGTHS) - 1
    assert not any(option["frontier"] for option in told["options"])


def test_by_folds(borough: Contract, gap_study: Study, gap_plan: Plan) -> None:
    """Without a calendar the first repeat of the folds is judged, with every child in it once."""
    few = without_features(gap_study, [f.name for f in gap_study.task.features if f.source != "births"])
    study = dataclasses.replace(few, split=None, years=None)
    held_out = judge_by_folds("logistic", study.task, study.rows, gap_plan.model_copy(update={"repeats": 2})).held_out
    policy = Policy.model_validate({"attribute": [{"name": "sex", "protects": ["Girls"]}]})
    told = options(borough, study, "logistic", held_out, policy, gap_plan, lambda _: None)
    girls = told["options"][0]["groups"][0]["of_100"]
    events = study.rows.y[study.cohort.groups["sex"] == "Girls"].mean()
    assert girls["found"] + girls["missed"] == pytest.approx(100 * events, abs=1)
    assert len(_of(told, "weights")) == len(TIMES)


def test_what_is_never_served(found: Part) -> None:
    """It is told with a reason: nothing drawn by chance, and no cut-off for a group."""
    assert [each["what"] for each in found["never_served"]] == [
        "A score that is drawn by chance",
        "A cut-off for each group",
    ]
    assert "Equality Act 2010" in found["never_served"][1]["why"]
