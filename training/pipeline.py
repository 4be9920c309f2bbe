"""
Training, as one straight line.

Plan, contract, ingest, cohort, snapshots, outcomes, split, learn, compile, calibrate, evaluate, audit, bundle.
"""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from threadpoolctl import threadpool_limits

from models.band_policy import bands_of
from models.bands import Bands
from models.bundle_writing import check_writable, write_bundle
from models.canonical import canonical, digest
from models.contract import Contract
from models.errors import PlanError
from training.bundle_files import bundle_files, kept_capacities, policy_of, with_withdrawal
from training.checked_contract import checked_contract
from training.cohort import assemble
from training.heads import LearnedHead, learn_head
from training.ingest import SourceReport, ingest, refuse_above
from training.linked_folder import linked_files, who_is_missing
from training.outcomes import refuse_mixed_definitions
from training.plan import Plan, load_plan
from training.scores import flagged_at

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Run:
    """
    What a training run leaves: the bundle, what was read, and the held-out scores (child-level: handle as such).

    `followed` holds what was foreseen of the judged children and of those like them whose outcome was never observed.
    """

    bundle: Path
    contract: Contract
    plan: Plan
    evaluation: dict[str, Any]
    bands: Bands
    reports: list[SourceReport]
    data_digest: str
    scored: pd.DataFrame
    followed: pd.DataFrame


def train(
    contract_path: Path,
    data: Path,
    out: Path,
    *,
    plan_path: Path | None,
    key: Ed25519PrivateKey | None,
    today: datetime.date,
    progress: Progress,
) -> Run:
    """Train on the extracts in `data` and write a bundle under `out`; raises an EarlyidError, leaving none, if not."""
    plan, plan_text = load_plan(plan_path)
    contract, contract_text = checked_contract(contract_path, today)
    _check_bands(plan, contract)
    check_writable(out)
    progress("reading extracts")
    con, reports = ingest(contract, data)
    data_digest = _digest_of_data(contract, data)
    refuse_above(reports, plan.set_aside_share)
    refuse_mixed_definitions(con, contract)
    with threadpool_limits(1):
        heads = list(_learn_all(con, contract, plan, progress))
    progress("writing the bundle")
    scored = pd.concat([head.scored for head in heads], ignore_index=True)
    capacities = kept_capacities(contract, heads, scored, plan)
    policy = policy_of(plan.bands, capacities)
    evaluation = {
        "format": 1,
        "rows_set_aside": {report.source: dict(sorted(report.set_aside.items())) for report in reports},
        "evaluations": with_withdrawal(contract, heads, policy),
    }
    linkage = who_is_missing(data)
    files = bundle_files(contract_text, (plan, plan_text), heads, capacities, policy, evaluation, linkage)
    bundle = write_bundle(out, files, key)
    followed = pd.concat([head.followed for head in heads], ignore_index=True)
    scored = flagged_at(scored, policy.capacity)
    bands = bands_of(policy, capacities)
    return Run(bundle, contract, plan, evaluation, bands, reports, data_digest, scored, followed)


def _check_bands(plan: Plan, contract: Contract) -> None:
    """Raise PlanError where bands are asked for that could not be drawn: better known before the learning than after."""
    if plan.bands.children_a_month is not None and contract.cohort is None:
        raise PlanError("children_a_month needs a calendar, and the contract has none; give a capacity in its stead")


def _digest_of_data(contract: Contract, data: Path) -> str:
    """Return one digest of all that was read: the SHA-256 of names and contents, in the contract's order."""
    names = [*(source.file for source in contract.sources), *linked_files(data)]
    return digest(canonical([[name, digest((data / name).read_bytes())] for name in names]))


def _learn_all(
    con: duckdb.DuckDBPyConnection, contract: Contract, plan: Plan, progress: Progress
) -> Iterator[LearnedHead]:
    for landmark in contract.landmarks:
        cohort = assemble(con, contract, landmark)
        for outcome in contract.outcomes_at(landmark):
            progress(f"learning {outcome.label}, seen from {landmark.label}")
            yield learn_head(con, contract, landmark, outcome, cohort, plan)
