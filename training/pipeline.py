"""
Training, as one straight line.

Plan, contract, ingest, cohorts, snapshots, outcomes, alarms, split, learn, compile, calibrate, evaluate, audit, gates, bundle.
"""

import dataclasses
import datetime
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from threadpoolctl import threadpool_limits

from fairness.policy.reading import read_policy
from models.bundle_writing import check_writable
from models.canonical import digest
from models.gates import Gates
from training.alarms.every_alarm import alarms_of_run
from training.bundle_files import evaluated, policy_of
from training.checked_contract import checked_contract
from training.cohort import CohortTable, assemble
from training.data_digest import data_digest
from training.findings import Findings, NoBundle, Run
from training.finished import finished
from training.gates.evidence import evidence_gate
from training.heads import LearnedHead, Unlearned, learn_head
from training.ingest import ingest, refuse_above
from training.outcomes import refuse_mixed_definitions
from training.plan_reading import read_plan
from training.refused import coverage
from training.scores import groups_of_audit
from training.worth.team_list import sized

Progress = Callable[[str], None]
Connection = duckdb.DuckDBPyConnection
_NONE_YET = Gates(evidence="quick", gates=())


def train(
    contract_path: Path,
    data: Path,
    out: Path,
    *,
    plan_path: Path | None,
    policy_path: Path | None = None,
    key: Ed25519PrivateKey | None,
    today: datetime.date,
    progress: Progress,
) -> Run:
    """
    Train on the extracts in `data` and write a bundle under `out`.

    Raises NoBundle, with all that was found, where a build gate said no, and another EarlyidError where something that was given
    cannot be used; either way nothing is left under `out`.
    """
    declared, contract_text = checked_contract(contract_path, today)
    plan, plan_text = read_plan(plan_path, declared, contract_text, today)
    policy, policy_text = read_policy(policy_path, groups_of_audit(declared), digest(contract_text.encode()), today)
    contract = declared.narrowed(plan.landmarks, plan.outcomes)
    check_writable(out)
    progress("reading extracts")
    # Read whole: a folder was linked for the contract as it is declared, not for what a plan leaves of it.
    con, reports = ingest(declared, data)
    asked = Findings(
        contract,
        contract_text,
        plan,
        plan_text,
        policy,
        policy_text,
        {},
        _NONE_YET,
        reports,
        data_digest(declared, data),
    )
    refuse_above(reports, plan.set_aside_share)
    refuse_mixed_definitions(con, contract)
    with threadpool_limits(1):
        found, learned, missing = _learned(con, data, asked, progress)
    progress("auditing, and writing the bundle")
    bands = partial(policy_of, plan.bands)
    return finished(found, learned, bands, evidence_gate(plan), missing, data=data, out=out, key=key)


def _learned(
    con: Connection, data: Path, asked: Findings, progress: Progress
) -> tuple[Findings, list[LearnedHead], list[dict[str, Any]]]:
    """Return what was found, every landmark and outcome, and who is missing; raises NoBundle where a build gate said no."""
    contract, plan = asked.contract, asked.plan
    progress("taking snapshots")
    cohorts = {landmark.name: assemble(con, contract, landmark) for landmark in contract.landmarks}
    sized_plan = sized(plan, cohorts)
    progress("looking for leaks")
    alarms = alarms_of_run(con, contract, cohorts, data, plan)
    heads = list(_learn_all(con, dataclasses.replace(asked, plan=sized_plan), cohorts, progress))
    gates = Gates(evidence=plan.evidence, gates=(*alarms, *(gate for head in heads for gate in head.gates)))
    found = dataclasses.replace(asked, gates=gates, evaluation=evaluated(asked, cohorts, heads))
    if gates.blocked("build"):
        raise NoBundle(found)
    learned = [head for head in heads if isinstance(head, LearnedHead)]
    return found, learned, list(coverage(con, contract, cohorts, asked.policy))


def _learn_all(
    con: Connection, asked: Findings, cohorts: Mapping[str, CohortTable], progress: Progress
) -> Iterator[LearnedHead | Unlearned]:
    contract = asked.contract
    for landmark in contract.landmarks:
        for outcome in contract.outcomes_at(landmark):
            progress(f"learning {outcome.label}, seen from {landmark.label}")
            yield learn_head(con, contract, landmark, outcome, cohorts[landmark.name], asked.plan, asked.policy)
