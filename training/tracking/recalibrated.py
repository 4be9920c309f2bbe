"""Keeps a recalibration as any run that leaves a bundle, or none, with the bundle that it came from."""

from pathlib import Path

from training.findings import Findings, Run
from training.tracking.recording import record_run, record_stopped
from training.tracking.store import open_store

FROM = "recalibrated_from"


def record_recalibration(run: Run, home: Path) -> tuple[str, str]:
    """Record a recalibration in the store under `home`; returns the run's id and the logged model's address."""
    run_id, model = record_run(run, home)
    _tag(run_id, run, home)
    return run_id, model


def record_refused(findings: Findings, home: Path) -> str:
    """Record a recalibration that a build gate said no to; returns the run's id."""
    run_id = record_stopped(findings, home)
    _tag(run_id, findings, home)
    return run_id


def _tag(run_id: str, findings: Findings, home: Path) -> None:
    open_store(home).MlflowClient().set_tag(run_id, FROM, findings.evaluation["recalibrated"]["from"])
