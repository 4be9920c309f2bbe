"""Where MLflow keeps its runs: one SQLite store under the home folder, or the one that `mlflow run` was started with."""

import logging
import os
from pathlib import Path
from typing import Any

from models.errors import BadInput

EXPERIMENT = "early-identification"
# Set by `mlflow run` in the process that it starts: the run it has begun, which is ours to fill.
_BEGUN = "MLFLOW_RUN_ID"


def open_store(home: Path) -> Any:
    """
    Import MLflow (it takes seconds) with telemetry off, and point it at the store.

    Under `mlflow run` that is the store which holds the run it has begun, so that nothing of one run lies in two places; else
    the one under `home`, whatever folder the command was started in.
    """
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    os.environ["DO_NOT_TRACK"] = "true"
    import mlflow  # noqa: PLC0415 (telemetry must be off before it is imported)

    for talkative in ("mlflow", "alembic"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    if _BEGUN not in os.environ:
        _use(mlflow, home)
    return mlflow


def _use(mlflow: Any, home: Path) -> None:
    home.mkdir(parents=True, exist_ok=True)
    mlflow.set_tracking_uri(f"sqlite:///{(home / 'mlflow.db').resolve()}")
    if mlflow.get_experiment_by_name(EXPERIMENT) is None:
        mlflow.create_experiment(EXPERIMENT, artifact_location=(home / "mlruns").resolve().as_uri())
    mlflow.set_experiment(EXPERIMENT)


def has_store(home: Path) -> bool:
    """Whether a store was begun already under `home`, or by `mlflow run`."""
    return _BEGUN in os.environ or (home / "mlflow.db").is_file()


def check_store(home: Path) -> None:
    """Raise BadInput when no store can be kept under `home`: better known before the learning than after."""
    nearest = next(folder for folder in (home, *home.resolve().parents) if folder.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        raise BadInput(f"no state can be kept in {home.name}; choose another --home")
