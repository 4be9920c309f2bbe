"""
Registers a bundle that no run here made, from its folder: its bands were drawn again, or it was trained elsewhere.

All that is told of it stands in the bundle. Of which data it was made no bundle tells, so that is left out.
"""

from pathlib import Path
from typing import Any

from models.bundle import load_bundle
from models.errors import IntegrityError
from training.tracking.model import log_model
from training.tracking.registry import register
from training.tracking.words import bundle_tags


def record_kept(mlflow: Any, folder: Path, bundle_id: str) -> str:
    """Record the bundle of that id which a folder holds, and return the number of its version; raises IntegrityError when it is another."""
    bundle = load_bundle(folder)
    if bundle.id != bundle_id:
        raise IntegrityError(f"{bundle_id[:12]}: its folder holds another bundle")
    with mlflow.start_run(run_name=f"{bundle.contract.name} {bundle.id[:12]}, from the ledger"):
        model = log_model(mlflow, bundle, folder)
        mlflow.set_tag("bundle_id", bundle.id)
        mlflow.log_artifacts(str(folder), artifact_path="bundle")
        return register(mlflow, model.model_uri, bundle_tags(bundle))
