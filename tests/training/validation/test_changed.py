"""A study without some features, or with groups as features: nothing else about it changes."""

import dataclasses

import numpy as np
import pytest

from models.contract import Contract
from training.judging import judge_by_folds, judge_by_time
from training.learning import CandidateName
from training.plan import Plan
from training.study import Study
from training.synthetic.foresight import england
from training.validation.changed import first_repeat, relearned, resting_on, with_groups, without_features


@pytest.mark.parametrize(
    ("attribute", "landmark", "features"),
    [
        ("sex", "pre_school", ()),
        ("ethnicity", "pre_school", ()),
        ("sen", "pre_school", ()),
        ("disability", "pre_school", ()),
        ("term_of_birth", "new_birth", ("month_of_birth",)),
        ("looked_after", "new_birth", ("looked_after_ever",)),
        ("idaci_fifth", "two_year", ("idaci_decile",)),
        ("eypp", "two_year", ()),
        ("eypp", "pre_school", ("eypp_latest",)),
    ],
)
def test_what_rests_on_an_attribute(attribute: str, landmark: str, features: tuple[str, ...]) -> None:
    """Of England's contract, the features that tell an audit attribute outright, landmark by landmark."""
    contract = england()
    declared = next(one for one in contract.audit if one.name == attribute)
    assert resting_on(contract, declared, contract.features_at(contract.landmark(landmark))) == features


def test_through_derived_columns(borough: Contract) -> None:
    """An attribute of a derived column is told by a feature of the column that it is derived from."""
    light = next(one for one in borough.audit if one.name == "light")
    assert resting_on(borough, light, borough.features) == ("birthweight",)


def test_without_features(left_out_study: Study) -> None:
    """What remains are the other features with their own columns; children, outcomes and split are as they were."""
    study = left_out_study
    gone = study.task.features[1].name
    changed = without_features(study, {gone})
    assert [f.name for f in changed.task.features] == [f.name for f in study.task.features if f.name != gone]
    np.testing.assert_array_equal(changed.rows.x, np.delete(study.rows.x, 1, axis=1))
    assert changed.rows.y is study.rows.y
    assert changed.split is study.split


def test_with_groups(left_out_study: Study, borough: Contract) -> None:
    """Every group but the largest becomes a feature, 1 for who is in it, *not recorded* too."""
    study = left_out_study
    groups = np.array(["Girls", "Boys", "Boys", "not recorded"])[np.arange(len(study.cohort.families)) % 4]
    changed = with_groups(study, borough.audit[0], groups)
    assert [f.label for f in changed.task.features[-2:]] == ["Sex: Girls", "Sex: not recorded"]
    np.testing.assert_array_equal(changed.rows.x[:, :-2], study.rows.x)
    np.testing.assert_array_equal(changed.rows.x[:, -2], groups[study.known] == "Girls")
    np.testing.assert_array_equal(changed.rows.x[:, -1], groups[study.known] == "not recorded")


def test_one_group_adds_nothing(left_out_study: Study, borough: Contract) -> None:
    """Where all children are in one group there is no feature to add."""
    study = left_out_study
    changed = with_groups(study, borough.audit[0], np.full(len(study.cohort.families), "Girls"))
    assert changed.task.features == study.task.features


@pytest.mark.parametrize("candidate", ["logistic", "glass box"])
def test_the_same_folds(left_out_study: Study, left_out_plan: Plan, candidate: CandidateName) -> None:
    """Learned again unchanged by folds, the scores are those of the first repeat, to the bit."""
    study = dataclasses.replace(left_out_study, split=None)
    plan = left_out_plan.model_copy(update={"repeats": 2, "folds": 2})
    shipped = first_repeat(judge_by_folds(candidate, study.task, study.rows, plan).held_out)
    again = relearned(candidate, study, plan)
    assert again is not None
    assert shipped.log_odds.shape == again.log_odds.shape
    np.testing.assert_array_equal(again.log_odds, shipped.log_odds)
    np.testing.assert_array_equal(again.folds, shipped.folds)


def test_the_same_split(left_out_study: Study, left_out_plan: Plan) -> None:
    """Learned again unchanged by time, the scores are those that were judged, to the bit."""
    study = left_out_study
    assert study.split is not None
    shipped = judge_by_time("logistic", study.task, study.rows, study.split, left_out_plan).held_out
    again = relearned("logistic", study, left_out_plan)
    assert again is not None
    np.testing.assert_array_equal(again.log_odds, shipped.log_odds)


def test_nothing_left_to_learn_from(left_out_study: Study, left_out_plan: Plan) -> None:
    """Without any feature, and with features that say nothing, there are no scores."""
    study = left_out_study
    assert relearned("logistic", without_features(study, {f.name for f in study.task.features}), left_out_plan) is None
    told_nothing = dataclasses.replace(study, rows=dataclasses.replace(study.rows, x=np.zeros_like(study.rows.x)))
    assert relearned("logistic", told_nothing, left_out_plan) is None
