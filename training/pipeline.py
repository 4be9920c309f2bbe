"""
Training, as one straight line.

Plan, contract, ingest, cohort, snapshots, outcomes, split, learn, compile, calibrate, evaluate, audit, bundle.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from fairness.audit import audit
from models.canonical import canonical, digest
from models.contract import Contract
from models.feature import Landmark, Outcome
from models.scorer import Scorer
from models.terms import Calibration, Calibrations, EstimatorSpec, Model
from training.bundling import check_writable, write_bundle
from training.checked_contract import checked_contract
from training.cohort import CohortTable, assemble
from training.declared_rules import against_rules
from training.evaluation import evaluate, without_siblings
from training.flow import flow
from training.ingest import SourceReport, ingest, refuse_above
from training.invented import golden_cases
from training.judging import Judged, Rows, judge_by_folds, judge_by_time
from training.learning import CandidateName, Task
from training.linked_folder import linked_files, who_is_missing
from training.observation import observe
from training.outcomes import refuse_mixed_definitions
from training.plan import Plan, load_plan
from training.scores import declared_groups, scored_table
from training.split import TimeSplit, lagged_split, shipped_split

CANDIDATES: tuple[CandidateName, ...] = ("logistic", "glass box", "full booster")
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
    reports: list[SourceReport]
    data_digest: str
    scored: pd.DataFrame
    followed: pd.DataFrame


@dataclass(slots=True)
class _Learned:
    specs: list[EstimatorSpec] = field(default_factory=list)
    calibrations: list[Calibration] = field(default_factory=list)
    evaluations: list[dict[str, Any]] = field(default_factory=list)
    scored: list[pd.DataFrame] = field(default_factory=list)
    followed: list[pd.DataFrame] = field(default_factory=list)


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
    check_writable(out)
    progress("reading extracts")
    con, reports = ingest(contract, data)
    data_digest = _digest_of_data(contract, data)
    refuse_above(reports, plan.set_aside_share)
    refuse_mixed_definitions(con, contract)
    with threadpool_limits(1):
        learned = _learn_all(con, contract, plan, progress)
    progress("writing the bundle")
    evaluation = {
        "format": 1,
        "rows_set_aside": {report.source: dict(sorted(report.set_aside.items())) for report in reports},
        "evaluations": learned.evaluations,
    }
    scored = pd.concat(learned.scored, ignore_index=True)
    groups = {attribute.name: declared_groups(contract, attribute) for attribute in contract.audit}
    files = {
        "contract.toml": contract_text.encode(),
        "plan.toml": plan_text.encode(),
        "model.json": canonical(Model(estimators=tuple(learned.specs)).model_dump()),
        "calibration.json": canonical(Calibrations(calibrations=tuple(learned.calibrations)).model_dump()),
        "evaluation.json": canonical(evaluation),
        "audit.json": canonical(
            audit(scored, groups, plan.audit_capacity, plan.audit_small_group) | who_is_missing(data)
        ),
    }
    files["golden.jsonl"] = _golden(contract, learned, plan)
    bundle = write_bundle(out, files, key)
    followed = pd.concat(learned.followed, ignore_index=True)
    return Run(bundle, contract, plan, evaluation, reports, data_digest, scored, followed)


def _golden(contract: Contract, learned: _Learned, plan: Plan) -> bytes:
    model = Model(estimators=tuple(learned.specs))
    scorer = Scorer(contract, model, Calibrations(calibrations=tuple(learned.calibrations)))
    return b"".join(canonical(case.model_dump()) for case in golden_cases(scorer, plan.seed))


def _digest_of_data(contract: Contract, data: Path) -> str:
    """Return one digest of all that was read: the SHA-256 of names and contents, in the contract's order."""
    names = [*(source.file for source in contract.sources), *linked_files(data)]
    return digest(canonical([[name, digest((data / name).read_bytes())] for name in names]))


def _learn_all(con: duckdb.DuckDBPyConnection, contract: Contract, plan: Plan, progress: Progress) -> _Learned:
    learned = _Learned()
    for landmark in contract.landmarks:
        cohort = assemble(con, contract, landmark)
        for outcome in contract.outcomes_at(landmark):
            progress(f"learning {outcome.label}, seen from {landmark.label}")
            _learn_one(con, contract, landmark, outcome, cohort, plan, learned)
    return learned


def _learn_one(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    landmark: Landmark,
    outcome: Outcome,
    cohort: CohortTable,
    plan: Plan,
    learned: _Learned,
) -> None:
    y = cohort.outcomes[outcome.name]
    known = np.flatnonzero(~np.isnan(y))
    rows = Rows(cohort.matrix.numbers[known], y[known], cohort.families[known])
    task = Task(landmark.name, outcome.name, contract.features_at(landmark))
    years = cohort.years[known] if cohort.years is not None else None
    split = shipped_split(years, rows.families, plan.seed) if years is not None else None
    judged = _judge(task, rows, split, plan)
    evaluation = {
        "landmark": landmark.name,
        "outcome": outcome.name,
        "definition": outcome.definition,
        "flow": flow(con, outcome, cohort, split),
        "procedure": _procedure(split, plan),
        **evaluate(judged, rows, plan),
    }
    shipped = judged[evaluation["ships"]]
    observed = observe(cohort, outcome.name, known, split, shipped, plan)
    evaluation["outcomes_never_observed"] = observed.measures
    evaluation["rules"] = against_rules(contract, landmark, rows, shipped.held_out)
    if split is not None and years is not None:
        evaluation["without_siblings_in_training"] = without_siblings(judged, rows, split.learn, plan)
        evaluation["lagged"] = _lagged(task, rows, years, split, outcome.window[1] - landmark.age, plan)
    if shipped.spec is None:
        raise AssertionError("the yardstick never ships")
    learned.specs.append(shipped.spec)
    learned.calibrations.append(shipped.calibration)
    learned.evaluations.append(evaluation)
    learned.followed.append(observed.followed)
    learned.scored.append(scored_table(cohort, outcome.name, known, shipped.held_out, plan.audit_capacity))


def _judge(task: Task, rows: Rows, split: TimeSplit | None, plan: Plan) -> dict[CandidateName, Judged]:
    if split is None:
        return {candidate: judge_by_folds(candidate, task, rows, plan) for candidate in CANDIDATES}
    return {candidate: judge_by_time(candidate, task, rows, split, plan) for candidate in CANDIDATES}


def _lagged(
    task: Task, rows: Rows, years: NDArray[np.int64], shipped: TimeSplit, horizon: int, plan: Plan
) -> dict[str, Any]:
    """Return the figure to quote to a board: the same children, foreseen by what could have been known at the time."""
    split, wanted = lagged_split(years, shipped, rows.families, horizon)
    judged = _judge(task, rows, split, plan)
    return {"lag_in_cohorts": split.lag, "lag_in_real_use": wanted, **evaluate(judged, rows, plan)}


def _procedure(split: TimeSplit | None, plan: Plan) -> Mapping[str, Any]:
    if split is None:
        return {"kind": "folds", "folds": plan.folds, "inner_folds": plan.inner_folds, "repeats": plan.repeats}
    return {
        "kind": "time",
        "learned_on": len(split.learn),
        "calibrated_on": len(split.calibrate),
        "tested_on": len(split.test),
    }
