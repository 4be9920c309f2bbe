"""Logs the model that scores from the bundle: from code, with its signature spelled out and our own pins; nothing is pickled."""

import contextlib
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from models.bundle import Bundle
from models.flat_answers import columns_of

_PINNED = ("numpy", "pandas", "pydantic", "cryptography", "mlflow")


def log_model(mlflow: Any, bundle: Bundle, folder: Path) -> Any:
    """Log the model of a bundle to the active run; returns what MLflow says of it."""
    with _source_only():
        return mlflow.pyfunc.log_model(
            name="scorer",
            python_model=str(Path(__file__).with_name("scorer.py")),
            artifacts={"bundle": str(folder)},
            code_paths=[str(Path(__file__).parents[2] / "models")],
            signature=signature(bundle),
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


def signature(bundle: Bundle) -> Any:
    """
    Return the model's signature: a landmark, and numbers that may be missing.

    It is spelled out because MLflow, left to guess, keeps none at all (and says so in a warning) of a column of whole numbers
    in which one is missing, and such are the columns of linked records.
    """
    from mlflow.models import ModelSignature  # noqa: PLC0415 (takes seconds to import)
    from mlflow.types import ColSpec, Schema  # noqa: PLC0415 (as above)

    features = [ColSpec("double", feature.name, required=False) for feature in bundle.contract.features]
    answers = [ColSpec("double", column, required=False) for column in columns_of(bundle.scorer)]
    return ModelSignature(inputs=Schema([ColSpec("string", "landmark"), *features]), outputs=Schema(answers))


def _example(bundle: Bundle) -> pd.DataFrame:
    """Return one row a landmark of which nothing but the middle of the training range is known: no child's."""
    rows = []
    for landmark in bundle.contract.landmarks:
        outcome = bundle.contract.outcomes_at(landmark)[0]
        inputs = bundle.scorer.estimator(landmark.name, outcome.name).spec.inputs
        rows.append({"landmark": landmark.name, **{given.feature: given.typical for given in inputs}})
    table = pd.DataFrame(rows, columns=["landmark", *(f.name for f in bundle.contract.features)])
    return table.astype({f.name: "float64" for f in bundle.contract.features})
