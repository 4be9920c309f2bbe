"""All alarms of a run and of a study, as gates."""

import datetime
import json
from pathlib import Path
from typing import Any

from benchmarks.leaks import COPIED, enter_twice, some_children
from training.alarms.codes import EVERYWHERE, Code
from training.alarms.every_alarm import alarms_of_run, alarms_of_study
from training.ingest import ingest
from training.linked_folder import FORMAT, MARK
from training.plan import Plan
from training.plan_parts import FullBooster, GlassBox, SignOff
from training.study import judge_all

OF_RUN = [
    "known_after_landmark",
    "outcome_part_is_feature",
    "outcome_filled_in",
    "outcome_breaks_validity",
    "same_person_twice",
    "depends_on_order",
]
QUICK = Plan(glass_box=GlassBox(trees=15, pairs=2), full_booster=FullBooster(trees=15))


def test_an_honest_run_passes_every_alarm(as_read: Any) -> None:
    """Each thing that was looked for in the whole run is one build gate that passed, twice the same."""
    first, again = (
        alarms_of_run(as_read.con, as_read.contract, as_read.cohorts, as_read.folder, Plan()) for _ in range(2)
    )
    assert [gate.code for gate in first] == OF_RUN
    assert {(gate.kind, gate.verdict) for gate in first} == {("build", "passed")}
    assert first == again


def test_linked_extracts_were_not_asked_everything(as_read: Any, tmp_path: Path) -> None:
    """A folder of linked extracts passes with words that say what could not be asked of them, and no other does."""
    (tmp_path / MARK).write_text(json.dumps({"format": FORMAT}), encoding="utf-8")
    asked = [
        alarms_of_run(as_read.con, as_read.contract, as_read.cohorts, folder, Plan())[0]
        for folder in (tmp_path, as_read.folder)
    ]
    assert [gate.verdict for gate in asked] == ["passed", "passed"]
    assert ["linked extracts no longer hold them" in gate.threshold for gate in asked] == [True, False]


def test_an_honest_study_passes_every_alarm(as_read: Any) -> None:
    """Each thing looked for at one landmark and outcome is one build gate of that place."""
    study = as_read.study()
    gates = alarms_of_study(study, judge_all(study, QUICK), QUICK)
    assert [gate.code for gate in gates] == ["feature_alone_implausible", "auc_above_ceiling", "depends_on_order"]
    assert {(gate.landmark, gate.outcome) for gate in gates} == {("two_year", "not_gld")}
    assert [gate.verdict for gate in gates if gate.code != "auc_above_ceiling"] == ["passed", "passed"]


def _signing(*signed: tuple[Code, str]) -> Plan:
    day = datetime.date(2026, 9, 1)
    return QUICK.model_copy(
        update={
            "sign_offs": tuple(
                SignOff(alarm=alarm, where=where, reason="A test.", by="A. Analyst", on=day) for alarm, where in signed
            )
        }
    )


def test_sign_offs_that_nothing_asked_for(as_read: Any) -> None:
    """Each sign-off of an alarm that is quiet there is told once: by the run, or by the landmark and outcome that it is of."""
    study = as_read.study()
    plan = _signing(
        ("same_person_twice", EVERYWHERE),
        ("depends_on_order", "two_year › not_gld › keys"),
        ("depends_on_order", "two_year › not_gld"),
        ("feature_alone_implausible", "two_year › not_gld › birthweight"),
        ("feature_alone_implausible", "one_year › not_gld › birthweight"),
    )
    of_run = alarms_of_run(as_read.con, as_read.contract, as_read.cohorts, as_read.folder, plan)
    of_study = alarms_of_study(study, judge_all(study, QUICK), plan)
    told = [
        [gate.threshold.split(": ")[-1] for gate in gates if "for nothing" in gate.threshold]
        for gates in (of_run, of_study)
    ]
    assert told == [
        [EVERYWHERE, "two_year › not_gld › keys"],
        ["two_year › not_gld", "two_year › not_gld › birthweight"],
    ]


def test_a_plan_signs_one_off(as_read: Any) -> None:
    """A plan that signs off the one alarm that rings leaves nothing blocked, and no child's id is told."""
    con, _ = ingest(as_read.contract, as_read.folder)
    entered = some_children(con, 30, 1)
    enter_twice(con, as_read.contract, entered, 0.0, seed=1)
    agreed = SignOff(
        alarm="same_person_twice", where=EVERYWHERE, reason="A test.", by="A. Analyst", on=datetime.date(2026, 9, 1)
    )
    asked = (as_read.contract, as_read.cohorts, as_read.folder)
    blocked, signed = (
        alarms_of_run(con, *asked, plan) for plan in (Plan(), Plan.model_validate({"sign_off": (agreed,)}))
    )
    assert [gate.code for gate in blocked if gate.verdict == "blocked"] == ["same_person_twice"]
    assert [gate.code for gate in signed if gate.verdict == "signed off"] == ["same_person_twice"]
    assert not any(gate.verdict == "blocked" for gate in signed)
    assert not any(child in gate.words or COPIED in gate.words for gate in blocked for child in entered)
