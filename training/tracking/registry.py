"""
The registered model: a version for each bundle, and the aliases by which people ask for one.

Who is champion is decided by the ledger and by nobody else: `training.tracking.mirroring` copies its state to MLflow. Until it has
done so once, the newest version is called `challenger`, since nothing else says which is; from then on registering a version sets
no alias.
"""

from collections.abc import Mapping
from typing import Any

from models.errors import IntegrityError

MODEL = "early-identification"
# The tag of a registered model whose aliases are the ledger's.
SET_BY = "aliases_set_by"


def register(mlflow: Any, model_uri: str, tags: Mapping[str, str]) -> str:
    """Register a logged model as a new version, and return its number; raises IntegrityError where it has no signature."""
    refuse_unsigned(mlflow, model_uri)
    client = mlflow.MlflowClient()
    if not client.search_registered_models(f"name = '{MODEL}'"):
        client.create_registered_model(MODEL)
    made = client.create_model_version(
        MODEL, model_uri, tags=dict(tags), model_id=model_uri.removeprefix("models:/"), await_creation_for=0
    )
    if SET_BY not in client.get_registered_model(MODEL).tags:
        client.set_registered_model_alias(MODEL, "challenger", made.version)
    return str(made.version)


def refuse_unsigned(mlflow: Any, model_uri: str) -> None:
    """Raise IntegrityError where a logged model has no signature: served, it would take anything for a row."""
    signature = mlflow.models.get_model_info(model_uri).signature
    if signature is None or signature.inputs is None or signature.outputs is None:
        raise IntegrityError("the logged model has no signature of what it takes and gives, and is not registered")
