"""
Recalibration, as one straight line: bundle, contract, own extracts, own children, calibrate, judge, audit, gates, new bundle.

Nothing is learned: the model of the new bundle is the original's to the byte, as is its plan. Whatever is of a population is made
again of the authority's own children.
"""

import dataclasses
import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from threadpoolctl import threadpool_limits

from models.bands import Policy
from models.bundle_writing import check_writable
from models.contract import Contract
from models.gates import Gates
from training.checked_contract import checked_contract
from training.cohort import assemble
from training.data_digest import data_digest
from training.findings import Findings, NoBundle, Run
from training.finished import finished
from training.heads import LearnedHead
from training.ingest import ingest, refuse_above
from training.outcomes import refuse_mixed_definitions
from training.recalibration.asked_alike import refuse_another
from training.recalibration.head import RecalibratedHead, recalibrate_head
from training.recalibration.original import Original, read_original
from training.recalibration.whole import evaluation_of, evidence_gate
from training.refused import coverage

Progress = Callable[[str], None]


def recalibrate(
    bundle: Path,
    data: Path,
    out: Path,
    *,
    contract_path: Path | None,
    cohorts: int,
    elsewhere: bool,
    key: Ed25519PrivateKey | None,
    today: datetime.date,
    progress: Progress,
) -> Run:
    """
    Recalibrate a bundle on the latest `cohorts` cohorts with outcomes in `data`, and write a new one under `out`.

    `contract_path` is the authority's own contract of its extracts; without one it is the bundle's. `elsewhere` states that
    the bundle learned from none of these children, where it was made of the same cohorts. Raises NoBundle, with all
    that was found, where a build gate said no, and another EarlyidError where something that was given cannot be used; either
    way nothing is left under `out`.
    """
    original = read_original(bundle)
    declared, contract_text = _contract_for(original, bundle, contract_path, today)
    held = original.bundle.contract
    contract = declared.narrowed([at.name for at in held.landmarks], [outcome.name for outcome in held.outcomes])
    check_writable(out)
    progress("reading extracts")
    con, reports = ingest(declared, data)
    refuse_above(reports, original.plan.set_aside_share)
    refuse_mixed_definitions(con, contract)
    none_yet = Gates(evidence=original.plan.evidence, gates=())
    digest = data_digest(declared, data)
    asked = Findings(
        contract,
        contract_text,
        original.plan,
        original.plan_text,
        original.policy,
        original.policy_text,
        {},
        none_yet,
        reports,
        digest,
    )
    with threadpool_limits(1):
        found, heads, missing = _recalibrated(con, original, asked, cohorts, progress, elsewhere=elsewhere)
    progress("auditing, and writing the bundle")
    return finished(
        found, heads, lambda _: _policy(original), evidence_gate(original), missing, data=data, out=out, key=key
    )


def _contract_for(
    original: Original, bundle: Path, contract_path: Path | None, today: datetime.date
) -> tuple[Contract, str]:
    """Return the contract that the extracts are read by, with its text."""
    path = contract_path or bundle / "contract.toml"
    declared, text = checked_contract(path, today)
    refuse_another(original.bundle.contract, declared, original.policy, path.name)
    return declared, text


def _recalibrated(
    con: duckdb.DuckDBPyConnection,
    original: Original,
    asked: Findings,
    cohorts: int,
    progress: Progress,
    *,
    elsewhere: bool,
) -> tuple[Findings, list[LearnedHead], list[dict[str, Any]]]:
    """Return what was found, every head, and who is missing; raises NoBundle where a build gate said no to any of them."""
    contract = asked.contract
    progress("taking snapshots")
    tables = {landmark.name: assemble(con, contract, landmark) for landmark in contract.landmarks}
    heads: list[RecalibratedHead] = []
    for head in original.heads:
        progress(f"recalibrating {head.spec.outcome}, seen from {contract.landmark(head.spec.landmark).label}")
        table = tables[head.spec.landmark]
        heads.append(recalibrate_head(con, contract, original, head, table, cohorts, elsewhere=elsewhere))
    gates = tuple(gate for head in heads for gate in head.head.gates)
    found = dataclasses.replace(
        asked,
        gates=asked.gates.model_copy(update={"gates": gates}),
        evaluation=evaluation_of(original, asked, [*tables.values()], heads, elsewhere=elsewhere),
    )
    if found.gates.blocked("build"):
        raise NoBundle(found)
    learned = [head.head for head in heads if isinstance(head.head, LearnedHead)]
    return found, learned, list(coverage(con, contract, tables, asked.policy))


def _policy(original: Original) -> Policy:
    """Return the bands' policy with the same shares and offers: nobody has agreed to them for these children."""
    return original.bundle.scorer.policy.model_copy(update={"owner": None, "agreed": None, "children_a_month": None})
