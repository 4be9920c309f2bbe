"""
Evidence that seeded leaks are caught, each by the right alarm, and that nothing honest rings: twins above all.

Invented Englands of many seeds. Every alarm is asked of each as it is; then persons are entered twice, whole and with a fifth of
their rows missing, a noisy copy of the outcome is put among the features, and reviews are taken as known on the day they
happened.
"""

import dataclasses
import json
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
from threadpoolctl import threadpool_limits

from benchmarks.leaks import COPIED, enter_twice, known_at_once, noisy_copy, some_children, too_soon
from models.contract import Contract
from training.alarms.every_alarm import alarms_of_run
from training.alarms.later_rows import later_rows
from training.alarms.lone_features import lone_features
from training.alarms.passed_over import passed_over
from training.alarms.same_person import same_person, twice
from training.cohort import CohortTable, assemble
from training.ingest import ingest
from training.plan import Plan
from training.study import Study, study_of
from training.synthetic.foresight import england
from training.synthetic.write import Asked, synthesise

# Births a year, cohorts, seeds: many small councils, and a few of the size that is promised of.
ENGLANDS = ((500, tuple(range(2015, 2021)), range(20)), (2000, tuple(range(2014, 2024)), range(20, 25)))
ENTERED_TWICE, MISSING = 20, 0.2
# With a fifth wrong instead, 18 of the 20 smallest ring: of 1,100 children an AUC of .80 is not always above .75 for certain.
FLIPPED, KNOWN = 0.15, 0.5
LANDMARK, OUTCOME, SOURCE = "two_year", "not_gld", "reviews"
LEAST_FOUND = 0.8

Part = dict[str, Any]
PLAN = Plan()


def leaks() -> Part:
    """Every seeded leak is caught with the right code in every seed, and nothing rings where nothing was seeded."""
    with threadpool_limits(1):
        runs = [_run(births, cohorts, seed) for births, cohorts, seeds in ENGLANDS for seed in seeds]
    found = sum(run["twice_found"] for run in runs) / sum(run["twice_seeded"] for run in runs)
    return {
        "part": "leaks",
        "passed": all(run["passed"] for run in runs) and found >= LEAST_FOUND,
        "seeds": len(runs),
        "children": sum(run["children"] for run in runs),
        "twin_pairs": sum(run["twin_pairs"] for run in runs),
        "rang_falsely": dict(sum((Counter(run["rang_falsely"]) for run in runs), Counter[str]())),
        "caught": {name: sum(run["caught"][name] for run in runs) for name in runs[0]["caught"]},
        "persons_entered_twice": sum(run["twice_seeded"] for run in runs),
        "share_of_them_found": round(found, 4),
        "others_taken_for_one": sum(run["twice_wrong"] for run in runs),
    }


def _run(births: int, cohorts: tuple[int, ...], seed: int) -> Part:
    print(f"· leaks: {births} births a year, seed {seed}", file=sys.stderr, flush=True)
    folder = Path(tempfile.mkdtemp())
    try:
        synthesise(Asked("england", births, cohorts, seed), folder, lambda _step: None)
        return _judged(england(), folder, seed)
    finally:
        shutil.rmtree(folder)


def _judged(contract: Contract, folder: Path, seed: int) -> Part:
    con, _ = ingest(contract, folder)
    cohorts = {landmark.name: assemble(con, contract, landmark) for landmark in contract.landmarks}
    falsely = _rang(con, contract, cohorts, folder)
    twins = _twin_pairs(con)
    caught = _copies_and_dates(contract, folder, con, cohorts[LANDMARK], seed)
    twice_caught, found, wrong = _twice(contract, folder, seed)
    caught |= twice_caught
    return {
        "passed": not falsely and not wrong and all(caught.values()),
        "children": sum(con.execute("SELECT count(*) FROM children").fetchall()[0]),
        "twin_pairs": twins,
        "rang_falsely": falsely,
        "caught": caught,
        "twice_seeded": 2 * ENTERED_TWICE,
        "twice_found": found,
        "twice_wrong": wrong,
    }


def _rang(
    con: duckdb.DuckDBPyConnection, contract: Contract, cohorts: dict[str, CohortTable], folder: Path
) -> list[str]:
    """Return the codes that rang where nothing was seeded; models are left out, since they are judged elsewhere."""
    codes = [gate.code for gate in alarms_of_run(con, contract, cohorts, folder, PLAN) if gate.verdict != "passed"]
    for landmark in contract.landmarks:
        for outcome in contract.outcomes_at(landmark):
            study = study_of(contract, landmark, outcome, cohorts[landmark.name], PLAN)
            codes += [alarm.code for alarm in lone_features(study, PLAN) if alarm.rings]
    return codes


def _twin_pairs(con: duckdb.DuckDBPyConnection) -> int:
    """Return how many pairs of children of one household were born on one day."""
    return int(
        con.execute("""
            SELECT count(*) FROM (SELECT child, household, born FROM events_register JOIN birth USING (child)) AS one
            JOIN (SELECT child, household, born FROM events_register JOIN birth USING (child)) AS other
            ON one.household = other.household AND one.born = other.born AND one.child < other.child""").fetchall()[0][
            0
        ]
    )


def _copies_and_dates(
    contract: Contract, folder: Path, con: duckdb.DuckDBPyConnection, cohort: CohortTable, seed: int
) -> dict[str, bool]:
    landmark = contract.landmark(LANDMARK)
    outcome = next(each for each in contract.outcomes if each.name == OUTCOME)
    copied = lone_features(with_copy(study_of(contract, landmark, outcome, cohort, PLAN), seed), PLAN)
    soon = later_rows(con, contract, {LANDMARK: too_soon(contract, SOURCE, folder, landmark)}, PLAN)
    over = passed_over(known_at_once(contract, SOURCE), folder)
    return {
        "a noisy copy of the outcome": [(a.rings, a.code) for a in copied] == [(True, "feature_alone_implausible")],
        "a matrix of facts known after": [(a.rings, a.code) for a in soon] == [(True, "known_after_landmark")],
        "a contract that takes them as known before": [a.code for a in over] == ["known_after_landmark"],
    }


def with_copy(study: Study, seed: int) -> Study:
    """Return the study with a noisy copy of its outcome in the place of its first feature."""
    x = study.rows.x.copy()
    x[:, 0] = noisy_copy(study.rows.y, FLIPPED, KNOWN, seed)
    return dataclasses.replace(study, rows=dataclasses.replace(study.rows, x=x))


def _twice(contract: Contract, folder: Path, seed: int) -> tuple[dict[str, bool], int, int]:
    """Return whether each way of entering persons twice is caught, how many pairs were found, and how many wrongly."""
    caught, found, wrong = {}, 0, 0
    for name, missing in (("persons twice", 0.0), ("persons twice, a fifth of their rows missing", MISSING)):
        con, _ = ingest(contract, folder)
        entered = some_children(con, ENTERED_TWICE, seed)
        enter_twice(con, contract, entered, missing, seed)
        alarm = same_person(con, contract, PLAN)
        caught[name] = alarm.rings and alarm.code == "same_person_twice"
        pairs = {frozenset(pair) for pair in twice(con, contract, PLAN)}
        right = pairs & {frozenset((child, COPIED + child)) for child in entered}
        found, wrong = found + len(right), wrong + len(pairs - right)
    return caught, found, wrong


if __name__ == "__main__":
    part = leaks()
    print(json.dumps(part))
    sys.exit(0 if part["passed"] else 1)
