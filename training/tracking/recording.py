"""
Writes a training run to MLflow, whether or not it left a bundle.

One run for the training, with one below it for each candidate: parameters, measures, the digests of plan, contract and data,
the bundle as an artefact, drawings, and a registered model that serves from the bundle. Nothing about any one child goes there.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from models.bundle import load_bundle
from models.canonical import canonical
from models.small_numbers import FEWEST, rounded
from training.findings import Findings, Run, headline
from training.tracking.candidates import record_candidates
from training.tracking.metrics import gate_metrics, list_metrics, run_metrics
from training.tracking.model import log_model
from training.tracking.plots import plots, table_of
from training.tracking.registry import register
from training.tracking.store import open_store
from training.tracking.words import findings_tags, parameters, run_tags, version_tags


def record_run(run: Run, home: Path) -> tuple[str, str]:
    """Record a training run in the store under `home`; returns the run's id and the logged model's address."""
    mlflow = open_store(home)
    bundle = load_bundle(run.bundle)
    with mlflow.start_run(run_name=f"{run.contract.name} {bundle.id[:12]}") as active:
        # First of all, since MLflow would copy each of a thousand measures to it, one by one.
        model = log_model(mlflow, bundle, run.bundle)
        _describe(mlflow, active, run)
        mlflow.log_metrics(list_metrics(run.bands))
        mlflow.set_tags(run_tags(run, bundle))
        mlflow.log_artifacts(str(run.bundle), artifact_path="bundle")
        _log_files(mlflow, plots(run, bundle), "plots")
        register(mlflow, model.model_uri, version_tags(run, bundle))
        return active.info.run_id, model.model_uri


def record_stopped(findings: Findings, home: Path) -> str:
    """Record what was found where a build gate said no: no bundle, no model, the evidence kept; returns the run's id."""
    mlflow = open_store(home)
    with _failing(mlflow, f"{findings.contract.name}, no bundle") as active:
        _describe(mlflow, active, findings)
        mlflow.set_tags(findings_tags(findings) | {"ended": headline(findings.gates)})
        files = {
            "contract.toml": findings.contract_text.encode(),
            "plan.toml": findings.plan_text.encode(),
            "policy.toml": findings.policy_text.encode(),
            "evaluation.json": canonical(findings.evaluation),
            "gates.json": canonical(findings.gates.model_dump()),
        }
        _log_files(mlflow, files, "evidence")
        run_id: str = active.info.run_id
        return run_id


@contextmanager
def _failing(mlflow: Any, name: str) -> Iterator[Any]:
    """Give a run that ends as failed, since nothing came of it."""
    with mlflow.start_run(run_name=name) as active:
        yield active
        mlflow.end_run("FAILED")


def _describe(mlflow: Any, active: Any, findings: Findings) -> None:
    mlflow.log_params(parameters(findings))
    mlflow.log_metrics(run_metrics(findings.evaluation) | gate_metrics(findings.gates))
    mlflow.log_input(_dataset(mlflow, findings), context="training")
    _log_files(mlflow, {"sources.csv": sources_table(findings)}, "dataset")
    record_candidates(mlflow, active, findings.evaluation)


def _dataset(mlflow: Any, findings: Findings) -> Any:
    """Return the dataset as MLflow records it: a name and our digest; neither a row of it nor where it stood."""
    source = mlflow.data.code_dataset_source.CodeDatasetSource(tags={})
    return mlflow.data.meta_dataset.MetaDataset(source, name=findings.contract.name, digest=findings.data_digest[:32])


def sources_table(findings: Findings) -> bytes:
    """Return how many rows of each source were kept and set aside, to the nearest five, as a table; small counts are hidden."""
    counted = [(report.source, report.kept, report.set_aside.total()) for report in findings.reports]
    return table_of(
        [
            {"source": source, "rows_kept": _told(kept), "rows_set_aside": _told(aside)}
            for source, kept, aside in counted
        ]
    )


def _told(count: int) -> int | str:
    told = rounded(count)
    return f"fewer than {FEWEST}" if told is None else told


def _log_files(mlflow: Any, files: Mapping[str, bytes], place: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        mlflow.log_artifacts(folder, artifact_path=place)
