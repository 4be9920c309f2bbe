"""What an alarm becomes: a build gate that blocks, unless the plan signs off that alarm in that place."""

import dataclasses
import datetime

import pytest

from training.alarms.alarm import LABELS, Alarm, signed_off, unneeded
from training.alarms.codes import EVERYWHERE, Code
from training.plan import Plan
from training.plan_parts import SignOff

QUIET = Alarm(code="same_person_twice", rings=False, threshold="none", found="There is none.")
RINGING = Alarm(
    code="feature_alone_implausible",
    rings=True,
    threshold="at most 0.75",
    found="It foresees too well.",
    advice="Look at it.",
    landmark="two_year",
    outcome="not_gld",
    about="note",
    value=0.912345678,
    low=0.9,
    high=0.92,
)


def _plan(alarm: Code = RINGING.code, where: str = RINGING.place) -> Plan:
    agreed = SignOff(
        alarm=alarm, where=where, reason="It is asked at birth.", by="A. Analyst", on=datetime.date(2026, 9, 1)
    )
    return Plan.model_validate({"sign_off": (agreed,)})


def test_a_quiet_alarm_passes() -> None:
    """An alarm that does not ring is a build gate that passed, and nothing needs doing."""
    (gate,) = signed_off([QUIET], Plan())
    assert (gate.kind, gate.verdict, gate.next, gate.label) == ("build", "passed", "", LABELS["same_person_twice"])


def test_a_ringing_alarm_blocks_and_says_how_to_sign_it_off() -> None:
    """An alarm that rings blocks, and gives its code and its place word for word as a plan must say them."""
    (gate,) = signed_off([RINGING], Plan())
    assert (gate.verdict, gate.words, gate.value) == ("blocked", "It foresees too well.", 0.912346)
    assert 'alarm = "feature_alone_implausible", where = "two_year › not_gld › note"' in gate.next


def test_a_signed_off_alarm_says_who_when_and_why() -> None:
    """An alarm that the plan signs off does not block, and tells who signed it off, when and why."""
    (gate,) = signed_off([RINGING], _plan())
    assert gate.verdict == "signed off"
    assert gate.words.endswith("Signed off by A. Analyst on 2026-09-01: It is asked at birth.")


@pytest.mark.parametrize(
    "plan",
    [_plan(alarm="auc_above_ceiling"), _plan(where="two_year › not_gld"), _plan(where="two_year › not_gld › other")],
)
def test_only_that_alarm_in_that_place(plan: Plan) -> None:
    """What is signed off for another alarm, another feature or a wider place is not signed off here."""
    (gate,) = signed_off([RINGING], plan)
    assert gate.verdict == "blocked"


def test_signed_off_for_nothing() -> None:
    """A sign-off of what does not ring there is a gate that passed, and what it asked, which is printed of every gate, says so."""
    assert unneeded([RINGING], _plan().sign_offs) == []
    (gate,) = unneeded([QUIET], _plan().sign_offs)
    assert (gate.code, gate.kind, gate.verdict) == (RINGING.code, "build", "passed")
    assert "signed off for nothing by A. Analyst on 2026-09-01" in gate.threshold
    assert gate.threshold.endswith(RINGING.place)


def test_what_could_not_be_asked_says_so() -> None:
    """Where there was nothing to ask of, the gate's label says that it was not asked, wherever it is listed as passed."""
    (gate,) = signed_off([dataclasses.replace(QUIET, asked=False)], Plan())
    assert gate.label == f"{LABELS[QUIET.code]} (not asked)"


def test_the_whole_run_is_a_place() -> None:
    """An alarm of no landmark and no outcome stands in the whole run."""
    assert QUIET.place == EVERYWHERE
