"""
A leak is caught before there is a bundle, by the alarm that says what it is; twins never ring.

What fails models of children's records is seldom their accuracy: it is a figure that was too good, and nobody saw why. So known
leaks are put into extracts that ring nothing, and each must ring, with its own code and no other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from benchmarks.leaks import COPIED, enter_twice, known_at_once, noisy_copy, some_children, too_soon
from models.contract import Contract
from models.contract_reading import load_contract, parse_contract
from training.alarms.every_alarm import alarms_of_run
from training.alarms.later_rows import later_rows
from training.alarms.lone_features import lone_features
from training.alarms.passed_over import passed_over
from training.alarms.same_person import same_person, twice
from training.cohort import assemble
from training.ingest import ingest
from training.plan import Plan
from training.study import study_of
from training.synthetic.foresight import england

PLAN = Plan()
SOURCE = """
[[source]]
name = "notes"
label = "Notes"
agency = "Early help"
file = "notes.csv"
child = "child"
rows = "one"
happened = { constant = 300 }
known = { constant = 300 }
absence = "not_known"
gateway = { name = "Agreement", purposes = ["early_help", "research"], expires = 2099-12-31 }
column = [{ name = "note", type = "integer", range = [0, 1] }]

[[feature]]
name = "note"
label = "a note"
source = "notes"
take = "latest"
column = "note"
raises = "more"
lowers = "less"
not_known = "not known"
correctable = true
"""


@dataclass(frozen=True, slots=True)
class Extracts:
    """A contract, its extracts, and their events as they were read."""

    contract: Contract
    folder: Path
    con: duckdb.DuckDBPyConnection


@pytest.fixture(scope="module")
def borough_read(borough_contract: Path, borough_extracts: Path) -> Extracts:
    """The borough."""
    contract, _ = load_contract(borough_contract)
    return Extracts(contract, borough_extracts, ingest(contract, borough_extracts)[0])


@pytest.fixture(scope="module")
def council(once: Callable[..., Any]) -> Extracts:
    """A council of England at its own size, with its twins: the one that is compared with what is published of it."""
    done = once(
        "york-as-published",
        *("synth", "HOME/york", "--area", "york", "--cohorts", "2016-2020", "--seed", 7),
        *("--check", "--report", "HOME/page.html"),
    )
    contract, folder = england(), done.home / "york"
    return Extracts(contract, folder, ingest(contract, folder)[0])


def test_a_copy_of_the_outcome(borough_read: Extracts, borough_contract: Path, tmp_path: Path) -> None:
    """A copy of the outcome, a fifth of it wrong, that an extract calls known at 300 days, rings at every landmark."""
    contract = parse_contract(borough_contract.read_text(encoding="utf-8") + SOURCE)
    for path in borough_read.folder.iterdir():
        (tmp_path / path.name).symlink_to(path)
    cohort = assemble(borough_read.con, borough_read.contract, borough_read.contract.landmarks[0])
    y = cohort.outcomes["not_gld"]
    copied = noisy_copy(y, 0.2, 0.8, seed=1)
    told = zip(cohort.matrix.children.tolist(), copied.tolist(), strict=True)
    lines = [f"{child},{note:.0f}" for child, note in told if not np.isnan(note)]
    (tmp_path / "notes.csv").write_text("\n".join(["child,note", *lines]) + "\n", encoding="utf-8")
    con, _ = ingest(contract, tmp_path)
    for landmark in contract.landmarks:
        study = study_of(contract, landmark, contract.outcomes[0], assemble(con, contract, landmark), PLAN)
        (alarm,) = lone_features(study, PLAN)
        assert (alarm.rings, alarm.code, alarm.about) == (True, "feature_alone_implausible", "note")


def test_a_fact_dated_before_and_known_after(borough_read: Extracts) -> None:
    """Reviews of before the landmark that became known after it ring where they were let in, and in the contract."""
    contract, folder = borough_read.contract, borough_read.folder
    landmark = contract.landmarks[0]
    wrong = too_soon(contract, "reviews", folder, landmark)
    for alarms in (
        later_rows(borough_read.con, contract, {landmark.name: wrong}, PLAN),
        passed_over(known_at_once(contract, "reviews"), folder),
    ):
        assert [(alarm.rings, alarm.code) for alarm in alarms] == [(True, "known_after_landmark")]


@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_the_same_child_twice(council: Extracts, missing: float) -> None:
    """Children entered a second time under other ids, whole or without a fifth of their rows, ring, and nobody else."""
    con, _ = ingest(council.contract, council.folder)
    entered = some_children(con, 20, seed=2)
    enter_twice(con, council.contract, entered, missing, seed=3)
    alarm = same_person(con, council.contract, PLAN)
    assert (alarm.rings, alarm.code) == (True, "same_person_twice")
    found = {frozenset(pair) for pair in twice(con, council.contract, PLAN)}
    assert found <= {frozenset((child, COPIED + child)) for child in entered}
    assert len(found) >= 14


def test_twins_and_all_that_is_honest_ring_nothing(council: Extracts) -> None:
    """With a hundred pairs of twins, and siblings by the thousand, nothing rings where nothing was seeded."""
    twins = council.con.execute("""
        SELECT count(*) FROM (SELECT household, born FROM events_register JOIN birth USING (child)
        WHERE household IS NOT NULL GROUP BY ALL HAVING count(*) > 1)""").fetchall()[0][0]
    assert twins > 50
    cohorts = {each.name: assemble(council.con, council.contract, each) for each in council.contract.landmarks}
    gates = alarms_of_run(council.con, council.contract, cohorts, council.folder, PLAN)
    assert [(gate.code, gate.verdict) for gate in gates if gate.verdict != "passed"] == []
    for landmark in council.contract.landmarks:
        for outcome in council.contract.outcomes_at(landmark):
            study = study_of(council.contract, landmark, outcome, cohorts[landmark.name], PLAN)
            assert [alarm.about for alarm in lone_features(study, PLAN) if alarm.rings] == []
