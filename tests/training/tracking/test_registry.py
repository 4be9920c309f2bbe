"""The registered model: versions, their signatures, and aliases that mirror a ledger, after each of the ledger's own commands."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

InMlflow = Callable[..., Any]

# All of it in one process and one store: the first use of a store takes seconds.
REGISTER = '''
import json, sys
from pathlib import Path
import pandas as pd
from models.errors import EarlyidError
from training.tracking import mirroring
from training.tracking.registry import MODEL, register
from training.tracking.store import open_store

home = Path(sys.argv[1])
mlflow = open_store(home)
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, Schema
client = mlflow.MlflowClient()

def mirror(state, home):
    mirroring.mirror(state, home, home / "releases")

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
'''

# The ledger's own commands on a service's home, mirrored to that store.
ROAD = """
import contextlib, datetime, io
import earlyid
from benchmarks.small_bundle import FOR_RELEASE, bundle_files
from models.bundle_writing import write_bundle
from models.signature import load_key, new_key
from service.ledger.trusted import TrustedKeys, trusted_key, trusted_path, write_trusted

training, home, contract = map(Path, sys.argv[1:])
found_before = found
people = {"tom": "bundle", "ann": "release", "bob": "release"}
for who in people:
    new_key(home / who)
since = datetime.date(2020, 1, 1)
keys = [trusted_key(str(home / who), f"{who}, officer", may, since) for who, may in people.items()]
write_trusted(trusted_path(home), TrustedKeys(keys=tuple(keys)))
made = [
    write_bundle(home / "made", bundle_files(contract.read_text(), intercept=k / 10, gates=FOR_RELEASE), load_key(home / "tom"))
    for k in range(3)
]
# Of the third bundle MLflow knows nothing, as of one whose bands were drawn again.
known = {path.name: client.create_model_version(MODEL, "file:///none", tags={"bundle_id": path.name}).version for path in made[:2]}

def run(verb, *words):
    sys.argv = ["earlyid", "release", verb, *map(str, words), "--home", str(home)]
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said), contextlib.suppress(SystemExit):
        earlyid.main()
    return said.getvalue()

def release(bundle):
    run("propose", bundle)
    for who in ("ann", "bob"):
        run("sign", bundle, "--key", home / who)
    run("promote", bundle)

def mirrored():
    run("mirror", "--training", training)
    number = {int(v.version): v.tags["bundle_id"] for v in client.search_model_versions(f"name = '{MODEL}'")}
    aliases = client.get_registered_model(MODEL).aliases
    return {alias: made.index(home / "made" / number[int(version)]) for alias, version in aliases.items()}

found = {"empty": run("mirror")}
found["left"] = (home / "mlflow.db").exists()
release(made[0])
found["no store"] = run("mirror")
found["first"] = mirrored()
release(made[1])
found["second"] = mirrored()
run("propose", made[2])
found["proposed"] = mirrored()
found["again"] = mirrored()
(version,) = [v for v in client.search_model_versions(f"name = '{MODEL}'") if v.tags["bundle_id"] == made[2].name]
found["tags"] = dict(version.tags)
found["artefacts"] = sorted(each.path for each in client.list_artifacts(version.run_id, "bundle"))
run("withdraw", made[2], "--key", home / "ann", "--reason", "not now")
found["withdrawn"] = mirrored()
run("rollback", "--key", home / "ann", "--reason", "wrong")
found["rolled back"] = mirrored()
run("rollback", "--key", home / "ann", "--reason", "wrong", "--to-none")
found["none"] = mirrored()
(home / "mlflow.db").write_bytes(b"no database, and longer than the head of one would be" * 10)
release(made[0])
found["broken"] = run("mirror")
print(json.dumps(found_before | {"ledger": found}))
"""


@pytest.fixture(scope="module")
def found(in_mlflow: InMlflow, tmp_path_factory: pytest.TempPathFactory, borough_contract: Path) -> dict[str, Any]:
    """What registering and mirroring did, step by step."""
    training, home = tmp_path_factory.mktemp("registry"), tmp_path_factory.mktemp("service")
    told: dict[str, Any] = in_mlflow(REGISTER + ROAD, training, home, borough_contract)
    return told


@pytest.fixture(scope="module")
def ledger(found: dict[str, Any]) -> Any:
    """What MLflow held after each step of a ledger."""
    return found["ledger"]


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


def test_the_aliases_follow_the_ledger(ledger: Any) -> None:
    """After each turn of the ledger its aliases are exactly those of its bundles, and a second mirroring changes nothing."""
    assert ledger["first"] == {"champion": 0}
    assert ledger["second"] == {"champion": 1, "previous": 0}
    assert ledger["proposed"] == ledger["again"] == {"champion": 1, "previous": 0, "challenger": 2}
    assert ledger["withdrawn"] == {"champion": 1, "previous": 0}
    assert ledger["rolled back"] == {"champion": 0}
    assert ledger["none"] == {}


def test_a_bundle_that_no_run_made(ledger: Any) -> None:
    """A bundle of the ledger that MLflow does not know, as one whose bands were drawn again, is registered from where it is kept, once."""
    assert ledger["tags"]["artefact_sha256"] == ledger["tags"]["bundle_id"]
    assert "data_snapshot_digest" not in ledger["tags"]
    assert "bundle/manifest.json" in ledger["artefacts"]


def test_where_there_is_no_store(ledger: Any) -> None:
    """Where nothing was trained no store is made, and what cannot be used is named in one line with the remedy."""
    assert not ledger["left"]
    assert "nothing was ever proposed" in ledger["empty"]
    assert "name the home of the training with --training" in ledger["no store"]
    assert "cannot be used (DatabaseError): mend it, and run this again" in ledger["broken"]
    for case in ("empty", "no store", "broken"):
        assert len(ledger[case].splitlines()) == 1
