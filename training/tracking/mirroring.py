"""Copies to MLflow what the ledger says is live, was live before and is proposed: aliases of the registered model, and nothing else."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from models.errors import BadInput
from training.tracking.kept import record_kept
from training.tracking.registry import MODEL, SET_BY
from training.tracking.store import has_store, open_store

ALIASES = ("challenger", "champion", "previous")


def mirror(state: Mapping[str, str], home: Path, releases: Path) -> None:
    """
    Set the aliases of the registered model to exactly what the ledger says: each alias the id of a bundle, no others.

    A bundle that the store does not know, as one whose bands were drawn again, is registered as it is kept in `releases`. Raises
    BadInput, and changes nothing, where there is no store, it knows no version of any bundle, one that it does not know is not kept, or an alias is
    none of `ALIASES`.
    """
    for alias in state:
        if alias not in ALIASES:
            raise BadInput(f"{alias} is no alias of the ledger; there are {', '.join(ALIASES)}")
    if not has_store(home):
        if state:
            raise BadInput(f"there is no MLflow store in {home.name}: name the home of the training with --training")
        return
    with _named(home):
        mlflow = open_store(home)
        versions = _versions(mlflow)
        missing = {bundle: releases / bundle for bundle in state.values() if bundle not in versions}
        _refuse_unknown(versions, missing)
        versions |= {bundle: record_kept(mlflow, folder, bundle) for bundle, folder in missing.items()}
        if versions:
            _set(mlflow.MlflowClient(), {alias: versions[bundle] for alias, bundle in state.items()})


def _versions(mlflow: Any) -> dict[str, str]:
    """Return the newest version of each bundle, by the bundle's id."""
    found = mlflow.MlflowClient().search_model_versions(f"name = '{MODEL}'")
    in_order = sorted(found, key=lambda version: int(version.version))
    return {version.tags.get("bundle_id", ""): version.version for version in in_order}


def _refuse_unknown(versions: Mapping[str, str], missing: Mapping[str, Path]) -> None:
    """Raise BadInput unless every bundle that the store does not know is kept, and it is the store of some training."""
    for bundle, folder in missing.items():
        if not versions:
            raise BadInput(
                f"MLflow knows no version of bundle {bundle[:12]}, nor of any other: name the home of the training with --training"
            )
        if not folder.is_dir():
            raise BadInput(
                f"MLflow knows no version of bundle {bundle[:12]}, and it is not kept in {folder.parent}: put it there, whole"
            )


def _set(client: Any, wanted: Mapping[str, str]) -> None:
    client.set_registered_model_tag(MODEL, SET_BY, "the ledger")
    for alias in client.get_registered_model(MODEL).aliases:
        if alias not in wanted:
            client.delete_registered_model_alias(MODEL, alias)
    for alias, version in wanted.items():
        client.set_registered_model_alias(MODEL, alias, version)


@contextmanager
def _named(home: Path) -> Iterator[None]:
    """Turn what MLflow and its database raise into BadInput, which names the store."""
    try:
        yield
    except (SQLAlchemyError, *_errors_of_mlflow()) as error:
        raise BadInput(
            f"the MLflow store in {home.name} cannot be used ({type(error).__name__}): mend it, and run this again"
        ) from None


def _errors_of_mlflow() -> tuple[type[Exception]]:
    # Asked only once something was raised: then MLflow is imported, with telemetry off, by `open_store`.
    from mlflow.exceptions import MlflowException  # noqa: PLC0415 (as above)

    return (MlflowException,)
