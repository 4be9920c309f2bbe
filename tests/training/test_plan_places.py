"""Days that are still to come, and places where an alarm cannot ring."""

import datetime

import pytest

from models.contract import Contract
from training.alarms.alarm import LABELS
from training.plan import Plan
from training.plan_places import not_yet, nowhere

TODAY = datetime.date(2026, 9, 1)
# Of the borough, a place where each alarm may ring.
PLACES = [
    ("known_after_landmark", "two_year"),
    ("known_after_landmark", "reviews recorded on › the form"),
    ("outcome_part_is_feature", "two_year › not_gld › birthweight"),
    ("outcome_breaks_validity", "not_gld"),
    ("outcome_filled_in", "not_gld › cohort 2014"),
    ("outcome_filled_in", "not_gld › profile school"),
    ("same_person_twice", "the whole run"),
    ("depends_on_order", "one_year"),
    ("depends_on_order", "one_year › not_gld"),
    ("depends_on_order", "one_year › not_gld › keys"),
    ("depends_on_order", "one_year › not_gld › rows of reviews"),
    ("feature_alone_implausible", "two_year › not_gld › birthweight"),
    ("auc_above_ceiling", "two_year › not_gld"),
]


def _plan(alarm: str, where: str, on: datetime.date = TODAY) -> Plan:
    agreed = {"alarm": alarm, "where": where, "reason": "A test.", "by": "A. Analyst", "on": on}
    return Plan.model_validate({"sign_off": (agreed,)})


@pytest.mark.parametrize(("alarm", "where"), PLACES)
def test_where_alarms_ring(borough: Contract, alarm: str, where: str) -> None:
    """Each kind of place where an alarm rings can be signed off."""
    assert list(nowhere(_plan(alarm, where), borough)) == []


def test_every_alarm_has_a_place() -> None:
    """There is no alarm that could not be signed off anywhere."""
    assert {alarm for alarm, _ in PLACES} == LABELS.keys()


@pytest.mark.parametrize(
    ("alarm", "where"),
    [
        ("auc_above_ceiling", "two_year"),
        ("auc_above_ceiling", "two_year › gld"),
        ("auc_above_ceiling", "two_year > not_gld"),
        ("auc_above_ceiling", "two_year › not_gld › birthweight"),
        ("feature_alone_implausible", "two_year › not_gld › birth_weight"),
        ("feature_alone_implausible", "two_year › not_gld"),
        ("same_person_twice", "nowhere"),
        ("same_person_twice", "two_year"),
        ("outcome_filled_in", "not_gld › cohort x"),
        ("outcome_filled_in", "not_gld › school"),
        ("known_after_landmark", "review recorded_on"),
        ("depends_on_order", "two_year › not_gld › birthweight"),
    ],
)
def test_where_it_cannot_ring(borough: Contract, alarm: str, where: str) -> None:
    """A place of another alarm, of none, or misspelled is named, with the form that it must have."""
    (problem,) = nowhere(_plan(alarm, where), borough)
    assert problem.place == "sign_off › 0 › where"
    assert "Copy the place as the run told it" in problem.remedy


def test_a_landmark_that_is_not_learned(borough: Contract) -> None:
    """What a plan does not learn is no place of its run."""
    narrowed = borough.narrowed(("one_year",), None)
    assert list(nowhere(_plan("auc_above_ceiling", "one_year › not_gld"), narrowed)) == []
    assert len(list(nowhere(_plan("auc_above_ceiling", "two_year › not_gld"), narrowed))) == 1


def test_days_to_come() -> None:
    """Nobody has agreed to anything tomorrow: each such day is named with its place; today is no such day."""
    policy = {"owner": "The board", "agreed": datetime.date(2099, 1, 1)}
    plan = Plan.model_validate(
        {
            "bands": policy,
            "sign_off": _plan("same_person_twice", "the whole run", datetime.date(2026, 9, 2)).sign_offs,
        }
    )
    found = {problem.place: problem.what for problem in not_yet(plan, TODAY)}
    assert found.keys() == {"bands › agreed", "sign_off › 0 › on"}
    assert found["sign_off › 0 › on"] == "2026-09-02 is still to come"
    assert list(not_yet(_plan("same_person_twice", "the whole run"), TODAY)) == []
