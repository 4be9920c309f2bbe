"""
Writes a training run to MLflow: the only file that knows it.

One run: parameters, measures, the digests of plan, contract and data, the bundle as an artefact and a model that serves
from it. Nothing about any one child goes there, and MLflow's telemetry is off.
"""

import contextlib
import logging
import os
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from models.bands import Bands
from models.bundle import Bundle, load_bundle
from models.canonical import digest
from models.errors import BadInput
from training.pipeline import Run

EXPERIMENT = "early-identification"
_PINNED = ("numpy", "pandas", "pydantic", "cryptography", "mlflow")


def record_run(run: Run, home: Path) -> tuple[str, str]:
    """Record a training run in the SQLite store under `home`; returns the run's id and the logged model's address."""
    mlflow = _mlflow(home)
    bundle = load_bundle(run.bundle)
    with mlflow.start_run(run_name=f"{run.contract.name} {bundle.id[:12]}") as active:
        mlflow.log_params(_params(run))
        mlflow.log_metrics(_metrics(run.evaluation) | _lists(run.bands))
        mlflow.set_tags(_tags(run, bundle))
        mlflow.log_input(_dataset(mlflow, run), context="training")
        mlflow.log_artifacts(str(run.bundle), artifact_path="bundle")
        model = _log_model(mlflow, bundle, run.bundle)
        return active.info.run_id, model.model_uri


def check_store(home: Path) -> None:
    """Raise BadInput when no store can be kept under `home`: better known before the learning than after."""
    nearest = next(folder for folder in (home, *home.resolve().parents) if folder.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        raise BadInput(f"no state can be kept in {home.name}; choose another --home")


def _mlflow(home: Path) -> Any:
    """Import MLflow (it takes seconds) with telemetry off, and point it at the store under `home`."""
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    os.environ["DO_NOT_TRACK"] = "true"
    import mlflow  # noqa: PLC0415 (telemetry must be off before it is imported)

    for talkative in ("mlflow", "alembic"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    home.mkdir(parents=True, exist_ok=True)
    mlflow.set_tracking_uri(f"sqlite:///{(home / 'mlflow.db').resolve()}")
    if mlflow.get_experiment_by_name(EXPERIMENT) is None:
        mlflow.create_experiment(EXPERIMENT, artifact_location=(home / "mlruns").resolve().as_uri())
    mlflow.set_experiment(EXPERIMENT)
    return mlflow


def _params(run: Run) -> dict[str, Any]:
    fields = run.plan.model_dump(mode="json")
    flat = {name: value for name, value in fields.items() if not isinstance(value, dict)}
    for table, values in fields.items():
        if isinstance(values, dict):
            flat |= {f"{table}.{name}": value for name, value in values.items()}
    return flat


def _metrics(evaluation: dict[str, Any]) -> dict[str, float]:
    """Return every measure with its interval, named `<landmark>.<outcome>.<candidate>.<measure>[.low|.high]`."""
    found: dict[str, float] = {}
    for part in evaluation["evaluations"]:
        place = f"{part['landmark']}.{part['outcome']}"
        found[f"{place}.n"], found[f"{place}.events"] = part["n"], part["events"]
        for candidate, measures in part["candidates"].items():
            for name, value in measures.items():
                if name != "at_capacity":
                    found |= _interval(f"{place}.{candidate}.{name}", value)
            for at in measures["at_capacity"]:
                for name in ("recall", "ppv"):
                    found |= _interval(f"{place}.{candidate}.{name}_at_{at['capacity']:g}", at[name])
    return found


def _lists(bands: Bands) -> dict[str, float]:
    """Return what each list of the team's bands finds, and how many of a band would be in another after learning again."""
    found: dict[str, float] = {}
    for one in bands.thresholds:
        place = f"{one.landmark}.{one.outcome}.bands"
        for at in one.at:
            for name, figure in (("recall", at.recall), ("ppv", at.ppv)):
                found |= _interval(f"{place}.{name}_at_{at.capacity:g}", figure.model_dump())
        for band, share in zip(bands.policy.bands, one.changes_on_refit, strict=True):
            found |= _interval(f"{place}.{band.code}.changes_on_refit", {"value": share, "low": None, "high": None})
    return found


def _interval(name: str, value: dict[str, float | None]) -> dict[str, float]:
    named = {name: value["value"], f"{name}.low": value["low"], f"{name}.high": value["high"]}
    return {key: number for key, number in named.items() if number is not None}


def _tags(run: Run, bundle: Bundle) -> dict[str, str]:
    ships = {f"ships.{e['landmark']}.{e['outcome']}": e["ships"] for e in run.evaluation["evaluations"]}
    return {
        "bundle_id": bundle.id,
        "signature": "unsigned" if bundle.signature is None else bundle.signature.key_id,
        "contract_digest": digest(bundle.files["contract.toml"]),
        "plan_digest": digest(bundle.files["plan.toml"]),
        "data_digest": run.data_digest,
        **ships,
    }


def _dataset(mlflow: Any, run: Run) -> Any:
    """Return the dataset as MLflow records it: what was read of each source, and our digest; no row of it."""
    table = pd.DataFrame(
        [
            {"source": r.source, "rows_kept": float(r.kept), "rows_set_aside": float(r.set_aside.total())}
            for r in run.reports
        ]
    )
    return mlflow.data.from_pandas(table, name=run.contract.name, digest=run.data_digest[:32])


def _log_model(mlflow: Any, bundle: Bundle, folder: Path) -> Any:
    """Log the model that scores matrix rows from the very bundle, with its signature spelled out and our own pins."""
    with _source_only():
        return mlflow.pyfunc.log_model(
            name="scorer",
            python_model=str(Path(__file__).with_name("tracking_scorer.py")),
            artifacts={"bundle": str(folder)},
            code_paths=[str(Path(__file__).parents[1] / "models")],
            signature=_signature(mlflow, bundle),
            input_example=_example(bundle),
            pip_requirements=[f"{package}=={version(package)}" for package in _PINNED],
        )


@contextlib.contextmanager
def _source_only() -> Iterator[None]:
    """Keep Python from leaving compiled code beside the source that is logged: nobody could read that."""
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


def _signature(mlflow: Any, bundle: Bundle) -> Any:
    from mlflow.models import ModelSignature  # noqa: PLC0415 (as above)
    from mlflow.types import ColSpec, Schema  # noqa: PLC0415 (as above)

    features = [ColSpec("double", f.name, required=False) for f in bundle.contract.features]
    outcomes = [ColSpec("double", outcome.name) for outcome in bundle.contract.outcomes]
    del mlflow
    return ModelSignature(inputs=Schema([ColSpec("string", "landmark"), *features]), outputs=Schema(outcomes))


def _example(bundle: Bundle) -> pd.DataFrame:
    """Return one row a landmark of which nothing but the middle of the training range is known: no child's."""
    rows = []
    for landmark in bundle.contract.landmarks:
        outcome = bundle.contract.outcomes_at(landmark)[0]
        inputs = bundle.scorer.estimator(landmark.name, outcome.name).spec.inputs
        rows.append({"landmark": landmark.name, **{given.feature: given.typical for given in inputs}})
    table = pd.DataFrame(rows, columns=["landmark", *(f.name for f in bundle.contract.features)])
    return table.astype({f.name: "float64" for f in bundle.contract.features})
