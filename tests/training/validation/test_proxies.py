"""A group that the features tell is found out, and one that they say nothing of is not."""

import dataclasses
from typing import Any

import numpy as np
import pytest

from models.contract import Contract
from training.cohort import CohortTable
from training.plan import Plan
from training.validation.proxies import proxies, told

Part = dict[str, Any]


def _with_proxy(cohort: CohortTable, strength: float) -> CohortTable:
    """Return the cohort with boys' areas so many standard deviations better off."""
    decile = cohort.matrix.names.index("decile")
    boys, x = cohort.groups["sex"] == "Boys", cohort.matrix.numbers.copy()
    x[:, decile] += strength * boys
    return dataclasses.replace(cohort, matrix=dataclasses.replace(cohort.matrix, numbers=x))


def _sex(part: Part) -> Part:
    return next(attribute for attribute in part["attributes"] if attribute["attribute"] == "sex")


def _boys(part: Part) -> Part:
    return next(group for group in _sex(part)["groups"] if group["group"] == "Boys")


@pytest.mark.parametrize(("strength", "word", "area"), [(0.8, "somewhat", 0.714), (2.0, "well", 0.921)])
def test_a_proxy(
    borough: Contract, left_out_cohort: CohortTable, left_out_plan: Plan, strength: float, word: str, area: float
) -> None:
    """Two normal values so far apart are told as often as theory says, by the feature that differs."""
    boys = _boys(proxies(borough, _with_proxy(left_out_cohort, strength), left_out_plan))
    assert told(boys["auc"]["value"]) == word
    assert boys["auc"]["low"] < boys["auc"]["value"] < boys["auc"]["high"]
    assert boys["auc"]["value"] == pytest.approx(area, abs=0.02)
    assert boys["feature"]["label"] == "means of the area, by tenths"


def test_no_proxy(borough: Contract, left_out_cohort: CohortTable, left_out_plan: Plan) -> None:
    """Of features that say nothing of sex the area under the curve is one half, or nearly."""
    boys = _boys(proxies(borough, left_out_cohort, left_out_plan))
    assert boys["auc"]["low"] < 0.51
    assert boys["auc"]["value"] == pytest.approx(0.5, abs=0.03)
    assert told(boys["auc"]["value"]) == "hardly"


def test_not_known_tells_too(borough: Contract, left_out_cohort: CohortTable, left_out_plan: Plan) -> None:
    """A feature that is not known of one group above all tells that group, whatever its values."""
    x = left_out_cohort.matrix.numbers.copy()
    girls = np.flatnonzero(left_out_cohort.groups["sex"] == "Girls")
    x[girls[::2], left_out_cohort.matrix.names.index("decile")] = np.nan
    cohort = dataclasses.replace(left_out_cohort, matrix=dataclasses.replace(left_out_cohort.matrix, numbers=x))
    boys = _boys(proxies(borough, cohort, left_out_plan))
    assert boys["feature"] == {"label": "means of the area, by tenths", "auc": pytest.approx(0.75, abs=0.03)}
    assert boys["auc"]["value"] == pytest.approx(0.75, abs=0.03)


def test_what_is_not_asked(borough: Contract, left_out_cohort: CohortTable, left_out_plan: Plan) -> None:
    """An attribute that features rest on is no guess; groups under a hundred children are listed and not told of."""
    part = proxies(borough, left_out_cohort, left_out_plan)
    light = next(attribute for attribute in part["attributes"] if attribute["attribute"] == "light")
    assert (light["features"], light["groups"]) == (["birthweight"], [])
    assert _sex(part)["too_few"] == ["Another"]
    assert {group["group"] for group in _sex(part)["groups"]} == {"Boys", "Girls"}
    assert all(group["children"] % 5 == 0 for group in _sex(part)["groups"])


def test_two_groups_are_told_once(borough: Contract, left_out_cohort: CohortTable, left_out_plan: Plan) -> None:
    """Of two groups, telling one is telling the other: the smaller stands for both."""
    groups = np.where(np.arange(len(left_out_cohort.families)) % 3 == 0, "Girls", "Boys")
    cohort = dataclasses.replace(left_out_cohort, groups=left_out_cohort.groups | {"sex": groups})
    assert [group["group"] for group in _sex(proxies(borough, cohort, left_out_plan))["groups"]] == ["Girls"]


def test_same_twice(borough: Contract, left_out_cohort: CohortTable, left_out_plan: Plan) -> None:
    """The same children and plan give the same figures, to the bit."""
    once, again = (proxies(borough, left_out_cohort, left_out_plan) for _ in range(2))
    assert once == again


@pytest.mark.parametrize(("area", "word"), [(0.5, "hardly"), (0.599, "hardly"), (0.6, "somewhat"), (0.75, "well")])
def test_words(area: float, word: str) -> None:
    """How well is one of three words."""
    assert told(area) == word
