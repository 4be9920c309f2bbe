"""
The registered model: a version for each bundle, and the aliases by which people ask for one.

Who is champion is decided by the ledger and by nobody else: `mirror` copies its state to MLflow. Until it has done so once, the
newest version is called `challenger`, since nothing else says which is; from then on registering a version sets no alias.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models.errors import BadInput, IntegrityError
from training.tracking.store import open_store

MODEL = "early-identification"
ALIASES = ("challenger", "champion", "previous")
_SET_BY = "aliases_set_by"


def register(mlflow: Any, model_uri: str, tags: Mapping[str, str]) -> str:
    """Register a logged model as a new version, and return its number; raises IntegrityError where it has no signature."""
    refuse_unsigned(mlflow, model_uri)
    client = mlflow.MlflowClient()
    if not client.search_registered_models(f"name = '{MODEL}'"):
        client.create_registered_model(MODEL)
    made = client.create_model_version(
        MODEL, model_uri, tags=dict(tags), model_id=model_uri.removeprefix("models:/"), await_creation_for=0
    )
    if _SET_BY not in client.get_registered_model(MODEL).tags:
        client.set_registered_model_alias(MODEL, "challenger", made.version)
    return str(made.version)


def refuse_unsigned(mlflow: Any, model_uri: str) -> None:
    """Raise IntegrityError where a logged model has no signature: served, it would take anything for a row."""
    signature = mlflow.models.get_model_info(model_uri).signature
    if signature is None or signature.inputs is None or signature.outputs is None:
        raise IntegrityError("the logged model has no signature of what it takes and gives, and is not registered")


def mirror(state: Mapping[str, str], home: Path) -> None:
    """
    Set the aliases of the registered model to exactly what the ledger says: each alias the id of a bundle, no others.

    Raises BadInput, and changes nothing, where the store knows no version of a bundle, or an alias is none of `ALIASES`.
    """
    client = open_store(home).MlflowClient()
    newest: dict[str, str] = {}
    for version in sorted(client.search_model_versions(f"name = '{MODEL}'"), key=lambda v: int(v.version)):
        newest[version.tags.get("bundle_id", "")] = version.version
    for alias, bundle_id in state.items():
        if alias not in ALIASES:
            raise BadInput(f"{alias} is no alias of the ledger; there are {', '.join(ALIASES)}")
        if bundle_id not in newest:
            raise BadInput(f"MLflow knows no version of bundle {bundle_id[:12]}: record its run first")
    if newest:
        _set(client, {alias: newest[bundle_id] for alias, bundle_id in state.items()})


def _set(client: Any, wanted: Mapping[str, str]) -> None:
    client.set_registered_model_tag(MODEL, _SET_BY, "the ledger")
    for alias in client.get_registered_model(MODEL).aliases:
        if alias not in wanted:
            client.delete_registered_model_alias(MODEL, alias)
    for alias, version in wanted.items():
        client.set_registered_model_alias(MODEL, alias, version)
