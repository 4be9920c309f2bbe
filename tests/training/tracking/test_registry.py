"""The registered model: versions, their signatures, and aliases that mirror a ledger."""

from collections.abc import Callable
from typing import Any

import pytest

InMlflow = Callable[..., Any]

# All of it in one process and one store: the first use of a store takes seconds.
REGISTER = '''
import json, sys
from pathlib import Path
import pandas as pd
from models.errors import EarlyidError
from training.tracking.registry import MODEL, mirror, register
from training.tracking.store import open_store

home = Path(sys.argv[1])
mlflow = open_store(home)
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, Schema
client = mlflow.MlflowClient()
code = home / "echo.py"
code.write_text("""
from mlflow.models import set_model
from mlflow.pyfunc import PythonModel

class Echo(PythonModel):
    def predict(self, context, model_input, params=None):
        return model_input

set_model(Echo())
""")
counts = pd.DataFrame({"visits": pd.array([1, None], dtype="Int64"), "code": ["001", "002"]})
spelled = ModelSignature(
    inputs=Schema([ColSpec("double", "visits", required=False), ColSpec("string", "code")]),
    outputs=Schema([ColSpec("double", "visits")]),
)

def logged(**how):
    return mlflow.pyfunc.log_model(name="echo", python_model=str(code), pip_requirements=["mlflow"], **how).model_uri

def attempt(what):
    try:
        return what()
    except EarlyidError as error:
        return f"{type(error).__name__}: {error}"

def aliases():
    return {alias: int(number) for alias, number in client.get_registered_model(MODEL).aliases.items()}

found = {}
with mlflow.start_run():
    # What MLflow itself does with a column of counts in which one is missing: it keeps no signature, and only warns.
    unsigned, signed = logged(input_example=counts), logged(signature=spelled)
found["unsigned"] = attempt(lambda: register(mlflow, unsigned, {}))
found["half"] = attempt(lambda: register(mlflow, logged(signature=ModelSignature(inputs=spelled.inputs)), {}))
found["nothing"] = attempt(lambda: mirror({}, home))
found["too early"] = attempt(lambda: mirror({"champion": "a" * 64}, home))
found["first"] = [register(mlflow, signed, {"bundle_id": "a" * 64}), aliases()]
found["second"] = [register(mlflow, signed, {"bundle_id": "b" * 64}), aliases()]
mirror({"champion": "b" * 64, "previous": "a" * 64}, home)
found["mirrored"] = aliases()
found["third"] = [register(mlflow, signed, {"bundle_id": "c" * 64}), aliases()]
found["unknown"] = attempt(lambda: mirror({"champion": "d" * 64}, home))
found["no alias"] = attempt(lambda: mirror({"production": "a" * 64}, home))
found["still"] = aliases()
mirror({"champion": "c" * 64}, home)
found["rolled on"] = aliases()
given = mlflow.pyfunc.load_model(signed).predict(pd.DataFrame({"visits": [1.0, None], "code": ["001", "002"]}))
found["codes"] = [given["code"].tolist(), str(given["visits"].dtype), bool(given["visits"].isna()[1])]
print(json.dumps(found))
'''


@pytest.fixture(scope="module")
def found(in_mlflow: InMlflow, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What registering and mirroring did, step by step."""
    told: dict[str, Any] = in_mlflow(REGISTER, tmp_path_factory.mktemp("registry"))
    return told


def test_no_signature_no_version(found: dict[str, Any]) -> None:
    """A model whose counts have a missing one, of which MLflow keeps no signature, is not registered; nor one with half of it."""
    for case in ("unsigned", "half"):
        assert found[case].startswith("IntegrityError: the logged model has no signature")


def test_codes_stay_codes(found: dict[str, Any]) -> None:
    """With the signature spelled out a code keeps its zeros, and a missing count stays missing."""
    assert found["codes"] == [["001", "002"], "float64", True]


def test_the_newest_is_challenger_until_the_ledger_speaks(found: dict[str, Any]) -> None:
    """Before the ledger has said anything the newest version is challenger; after it has, a new version has no alias."""
    assert found["first"] == ["1", {"challenger": 1}]
    assert found["second"] == ["2", {"challenger": 2}]
    assert found["third"] == ["3", found["mirrored"]]


def test_aliases_are_exactly_the_ledger_s(found: dict[str, Any]) -> None:
    """Mirroring sets every alias to what the ledger says, and takes away those it does not name."""
    assert found["mirrored"] == {"champion": 2, "previous": 1}
    assert found["rolled on"] == {"champion": 3}


def test_what_cannot_be_mirrored_changes_nothing(found: dict[str, Any]) -> None:
    """A bundle that was never recorded and an alias that the ledger does not have are refused, and the aliases stay."""
    assert found["unknown"].startswith("BadInput: MLflow knows no version of bundle dddddddddddd")
    assert found["too early"].startswith("BadInput: MLflow knows no version of bundle aaaaaaaaaaaa")
    assert found["no alias"].startswith("BadInput: production is no alias of the ledger")
    assert found["still"] == found["mirrored"]
    assert found["nothing"] is None


def test_a_training_run_registers_its_bundle(store: Any, query: Callable[[str], list[tuple[Any, ...]]]) -> None:
    """The command leaves one version of the model, the challenger, with the bundle's id."""
    versions = query("SELECT name, version FROM model_versions")
    assert versions == [("early-identification", 1)]
    assert query("SELECT alias, version FROM registered_model_aliases") == [("challenger", 1)]
    assert dict(query("SELECT key, value FROM model_version_tags"))["artefact_sha256"] == store.bundle.name
