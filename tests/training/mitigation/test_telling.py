"""An option beside what ships, as it is told."""

import numpy as np
import pytest

from training.judging import HeldOut
from training.mitigation.cells import Children, Listed, Protected, children_of
from training.mitigation.telling import Telling
from training.plan import Plan
from training.study import Study


@pytest.fixture(scope="module")
def children(gap_study: Study, gap_scores: HeldOut, gap_plan: Plan, girls: np.ndarray) -> Children:
    """The children held out, the girls among them, and a group of few."""
    few = np.asarray(gap_study.cohort.groups["sex"] == "Another")
    groups = [Protected("sex", "Sex", "Girls", girls), Protected("sex", "Sex", "Another", few)]
    return children_of(gap_study, gap_scores, groups, gap_plan)


def test_itself(children: Children, gap_scores: HeldOut) -> None:
    """Of what ships no change is told; of the same list again, none that is not nothing, in any draw."""
    shipped, same = Listed(children, gap_scores, 0.2), Listed(children, gap_scores, 0.2)
    telling = Telling(children, shipped, 100)
    assert telling.figures(shipped)["recall_change"] is None
    assert telling.figures(shipped)["groups"][0]["gap_change"] is None
    told = telling.figures(same)
    nothing = {"value": 0.0, "low": 0.0, "high": 0.0}
    assert told["recall_change"] == told["ppv_change"] == told["groups"][0]["gap_change"] == nothing


def test_small_group(children: Children, gap_scores: HeldOut) -> None:
    """A group with fewer children than the floor is there, hidden, with nothing told of it."""
    _, few = Telling(children, Listed(children, gap_scores, 0.2), 100).figures(Listed(children, gap_scores, 0.3))[
        "groups"
    ]
    assert few == {
        "attribute": "sex",
        "label": "Sex",
        "group": "Another",
        "hidden": True,
        "gap": None,
        "gap_change": None,
        "of_100": None,
        "rest_of_100": None,
    }


def test_changes(children: Children, gap_scores: HeldOut) -> None:
    """A change is of the told figures, its interval paired: much narrower than that of either list alone."""
    shipped, longer = Listed(children, gap_scores, 0.2), Listed(children, gap_scores, 0.25)
    telling = Telling(children, shipped, 100)
    before, after = telling.figures(shipped), telling.figures(longer)
    for name in ("recall", "ppv"):
        change = after[f"{name}_change"]
        assert change["value"] == pytest.approx(after[name]["value"] - before[name]["value"], abs=0.0011)
        assert change["low"] < change["value"] < change["high"]
        assert change["high"] - change["low"] < (after[name]["high"] - after[name]["low"]) / 1.3
    girls, girls_before = after["groups"][0], before["groups"][0]
    assert girls["gap_change"]["value"] == pytest.approx(
        girls["gap"]["value"] - girls_before["gap"]["value"], abs=0.0011
    )
    assert after["recall_change"]["low"] > 0
    assert girls["of_100"]["flagged"] > girls_before["of_100"]["flagged"]


def test_groups_that_leave_few(gap_study: Study, gap_scores: HeldOut, gap_plan: Plan) -> None:
    """Where the groups of an attribute leave few of everyone, the first alone is told of: the rest would tell of the few."""
    sex = gap_study.cohort.groups["sex"]
    both = [Protected("sex", "Sex", group, np.asarray(sex == group)) for group in ("Girls", "Boys")]
    light = Protected(
        "light", "Light", "Under 2,500 g", np.asarray(gap_study.cohort.groups["light"] == "Under 2,500 g")
    )
    hidden = []
    for others in ([light, *both], [*both[::-1], light]):
        shipped = Listed(children_of(gap_study, gap_scores, others, gap_plan), gap_scores, 0.2)
        told = Telling(children_of(gap_study, gap_scores, others, gap_plan), shipped, 100).figures(shipped)["groups"]
        hidden.append([group["group"] for group in told if group["hidden"]])
    assert hidden == [["Boys"], ["Girls"]]
