"""A training run in MLflow: a real SQLite store, what stands in it, and the model that serves from the very bundle."""

import json
import math
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.bands import Bands
from models.bundle import load_bundle
from models.canonical import digest
from models.scorer import Scored
from training.cohort import assemble
from training.ingest import ingest
from training.pipeline import Run
from training.tracking import _metrics

ROOT = Path(__file__).parents[2]
ENDS = ("value", "low", "high")
Query = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def store(borough_command: Any) -> Any:
    """What the real command left: the store, the artefacts and the bundle."""
    assert borough_command.status == 0, borough_command.err
    return borough_command


@pytest.fixture(scope="module")
def query(store: Any) -> Query:
    """Ask the store's database."""

    def ask(sql: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(store.home / "mlflow.db") as con:
            return con.execute(sql).fetchall()

    return ask


@pytest.fixture(scope="module")
def model(store: Any) -> Path:
    """The folder of the one logged model."""
    (folder,) = (store.home / "mlruns" / "models").iterdir()
    return Path(folder / "artifacts")


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_one_run(store: Any, query: Query) -> None:
    """A training run is one finished MLflow run, in our own experiment, and it is the run that was printed."""
    runs = query("SELECT run_uuid, status, experiments.name FROM runs JOIN experiments USING (experiment_id)")
    assert [(status, experiment) for _, status, experiment in runs] == [("FINISHED", "early-identification")]
    assert f"MLflow run {runs[0][0]}" in store.out


def test_every_measure_has_its_interval(store: Any, query: Query) -> None:
    """Each measure of each candidate is there as the evaluation has it, with the ends of its interval."""
    found: dict[str, float] = dict(query("SELECT key, value FROM latest_metrics"))
    assert all(math.isfinite(value) for value in found.values())
    evaluation = json.loads((store.bundle / "evaluation.json").read_bytes())
    assert len(evaluation["evaluations"]) == 2
    for part in evaluation["evaluations"]:
        place = f"{part['landmark']}.{part['outcome']}"
        assert found[f"{place}.n"] == part["n"]
        for candidate, measures in part["candidates"].items():
            at_capacity = {
                f"{name}_at_{at['capacity']:g}": at[name]
                for at in measures["at_capacity"]
                for name in ("recall", "ppv")
            }
            for name, interval in ({k: v for k, v in measures.items() if k != "at_capacity"} | at_capacity).items():
                where = f"{place}.{candidate}.{name}"
                assert [found[where], found[f"{where}.low"], found[f"{where}.high"]] == [interval[end] for end in ENDS]


def test_every_list_of_the_bands(store: Any, query: Query) -> None:
    """Each list of the team's bands is there with what it finds, and each band with how often learning again changes it."""
    found: dict[str, float] = dict(query("SELECT key, value FROM latest_metrics"))
    bands = Bands.model_validate_json((store.bundle / "bands.json").read_bytes())
    for one in bands.thresholds:
        place = f"{one.landmark}.{one.outcome}.bands"
        for at in one.at:
            for name, figure in (("recall", at.recall), ("ppv", at.ppv)):
                where = f"{place}.{name}_at_{at.capacity:g}"
                assert [found[where], found[f"{where}.low"], found[f"{where}.high"]] == [
                    figure.value,
                    figure.low,
                    figure.high,
                ]
        told = [found.get(f"{place}.{band.code}.changes_on_refit") for band in bands.policy.bands]
        assert told == list(one.changes_on_refit)


def test_what_is_not_defined_is_left_out() -> None:
    """A measure that is not defined is no metric: MLflow would take no null, and 0 would be a lie."""
    nobody = {"capacity": 0.1, "recall": dict.fromkeys(ENDS, 0.0), "ppv": dict.fromkeys(ENDS)}
    candidates = {"logistic": {"auc": dict.fromkeys(ENDS, 0.7), "at_capacity": [nobody]}}
    part = {"landmark": "then", "outcome": "later", "n": 10, "events": 3, "candidates": candidates}
    found = _metrics({"evaluations": [part]})
    assert found["then.later.logistic.recall_at_0.1"] == 0.0
    assert not [name for name in found if "ppv" in name]


def test_parameters_and_digests(
    store: Any, query: Query, quick_plan: Path, borough_contract: Path, borough_run: Run
) -> None:
    """The run says by which plan, contract and data it came about, and which bundle came of it."""
    params: dict[str, str] = dict(query("SELECT key, value FROM params"))
    assert (params["seed"], params["bootstrap"], params["glass_box.trees"]) == ("7", "100", "20")
    tags: dict[str, str] = dict(query("SELECT key, value FROM tags"))
    assert tags["bundle_id"] == store.bundle.name
    assert tags["signature"] == "unsigned"
    assert tags["plan_digest"] == digest(quick_plan.read_bytes())
    assert tags["contract_digest"] == digest(borough_contract.read_bytes())
    assert tags["data_digest"] == borough_run.data_digest
    ships = {
        f"ships.{part['landmark']}.{part['outcome']}": part["ships"] for part in borough_run.evaluation["evaluations"]
    }
    assert {key: tags[key] for key in ships} == ships


def test_the_bundle_is_an_artefact(store: Any) -> None:
    """The bundle is there byte for byte, as an artefact of the run and inside the model, and both load."""
    (run,) = [folder for folder in (store.home / "mlruns").iterdir() if folder.name != "models"]
    written = _files(store.bundle)
    assert _files(run / "artifacts" / "bundle") == written
    (inside,) = (store.home / "mlruns" / "models").glob(f"*/artifacts/artifacts/{store.bundle.name}")
    assert _files(inside) == written
    assert load_bundle(inside).id == store.bundle.name


def test_the_signature_is_explicit(model: Path) -> None:
    """The model's signature is the contract's: a landmark, every feature as a number that may be missing, each outcome."""
    written = (model / "MLmodel").read_text(encoding="utf-8")
    inputs, outputs = (
        json.loads(found) for found in re.findall(r"(?:inputs|outputs): '(.*?)'\n", written.replace("\n   ", ""))
    )
    features = [
        {"type": "double", "name": feature.name, "required": False}
        for feature in load_bundle(next((model / "artifacts").iterdir())).contract.features
    ]
    assert inputs == [{"type": "string", "name": "landmark", "required": True}, *features]
    assert outputs == [{"type": "double", "name": "not_gld", "required": True}]


def test_the_requirements_are_pinned(model: Path) -> None:
    """The model's requirements are what scoring needs, each pinned to what it was made with, and no learner."""
    lines = (model / "requirements.txt").read_text(encoding="utf-8").split()
    names = ["cryptography", "mlflow", "numpy", "pandas", "pydantic"]
    assert sorted(lines) == [f"{name}=={version(name)}" for name in names]


def test_no_pickle(store: Any) -> None:
    """No file of the store is one that runs when it is read: no pickle, but the code that was logged in the open."""
    written = _files(store.home / "mlruns")
    assert {Path(name).suffix for name in written} <= {".json", ".jsonl", ".toml", ".py", ".txt", ".yaml", ""}
    assert {name for name in written if not Path(name).suffix} == {
        name for name in written if name.endswith("/MLmodel")
    }
    assert not any(data.startswith(b"\x80") for data in written.values())


PREDICT = """
import json, sys
import mlflow, pandas as pd

home, uri, given = sys.argv[1:]
mlflow.set_tracking_uri(f"sqlite:///{home}/mlflow.db")
model = mlflow.pyfunc.load_model(uri)
rows = pd.DataFrame(json.load(open(given)))
rows = rows.astype({name: "float64" for name in rows.columns if name != "landmark"})

def answered(index):
    try:
        return model.predict(rows.set_axis(index))["not_gld"].tolist()
    except Exception as error:
        return repr(error)

numbered, named_alike = answered(range(len(rows))), answered([0] * len(rows))
print(json.dumps([numbered, named_alike, sys.modules["models.bundle"].__file__]))
"""


@dataclass(frozen=True, slots=True)
class Predicted:
    """What the Scorer gives for rows of both landmarks, what the logged model gives, and whose code it ran."""

    expected: list[float]
    numbered: list[float]
    named_alike: list[float]
    code: Path


@pytest.fixture(scope="module")
def predicted(store: Any, borough_extracts: Path, tmp_path_factory: pytest.TempPathFactory) -> Predicted:
    """Load the logged model afresh, in a process of its own, and ask it of real rows of the borough's matrices."""
    bundle = load_bundle(store.bundle)
    con, _ = ingest(bundle.contract, borough_extracts)
    names = [feature.name for feature in bundle.contract.features]
    rows: list[dict[str, Any]] = []
    expected: list[float] = []
    for landmark in reversed(bundle.contract.landmarks):
        matrix = assemble(con, bundle.contract, landmark).matrix
        for row in matrix.numbers[:150].tolist():
            answer = bundle.scorer.score_row(landmark, row)
            assert isinstance(answer, Scored)
            (score,) = answer.scores
            expected.append(score.probability)
            known = {name: x for name, x in zip(matrix.names, row, strict=True) if x == x}
            rows.append({"landmark": landmark.name, **dict.fromkeys(names), **known})
    given = tmp_path_factory.mktemp("rows") / "rows.json"
    given.write_text(json.dumps(rows), encoding="utf-8")
    (uri,) = re.findall(r"model (models:/m-[0-9a-f]+)", store.out)
    done = subprocess.run(
        [sys.executable, "-c", PREDICT, str(store.home), uri, str(given)],
        cwd=given.parent,
        env=os.environ | {"MLFLOW_DISABLE_TELEMETRY": "true"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    numbered, named_alike, code = json.loads(done.stdout.splitlines()[-1])
    return Predicted(expected, numbered, named_alike, Path(code))


def test_the_model_scores_as_the_scorer(predicted: Predicted) -> None:
    """The model scores rows of any landmark, some of it not known, as the bundle's own Scorer does, to 1e-12."""
    assert len(predicted.expected) == 300
    assert np.abs(np.array(predicted.numbered) - np.array(predicted.expected)).max() <= 1e-12


def test_the_names_of_rows_say_nothing(predicted: Predicted) -> None:
    """Rows that go by one name, as after two tables were put together, are scored as when they are numbered."""
    assert predicted.named_alike == predicted.numbered


def test_the_model_runs_the_code_logged_with_it(predicted: Predicted, store: Any) -> None:
    """What scores is the code that was logged beside the bundle, and not whatever is installed by then."""
    assert predicted.code.is_relative_to(store.home)


def test_no_child_is_in_the_store(store: Any, canaries: tuple[str, ...]) -> None:
    """No key, family or date of birth of any child is anywhere in the database or among the artefacts."""
    # A contract that ships with the code has dates of its own, and one of them is a birthday of an invented child.
    own = ("scores.parquet", "models/contracts/england.toml")
    written = {name: data for name, data in _files(store.home).items() if not name.endswith(own)}
    assert "mlflow.db" in written
    found = {name: [text for text in canaries if text.encode() in data] for name, data in written.items()}
    assert {name: texts for name, texts in found.items() if texts} == {}
    scores = (store.home / "scores.parquet").read_bytes()
    assert any(text.encode() in scores for text in canaries), "the search finds what is there"


TELEMETRY = """
import json, os, sys
from pathlib import Path
from training.tracking import _mlflow

_mlflow(Path(sys.argv[1]))
from mlflow.telemetry import get_telemetry_client
from mlflow.telemetry.utils import is_telemetry_disabled

names = ("MLFLOW_DISABLE_TELEMETRY", "DO_NOT_TRACK")
print(json.dumps([*(os.environ.get(name) for name in names), is_telemetry_disabled(), get_telemetry_client() is None]))
"""


def test_telemetry_is_off(tmp_path: Path) -> None:
    """Where nothing else would switch it off, MLflow's telemetry is off, for this process and for those it starts."""
    bare = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", TELEMETRY, str(tmp_path / "home")],
        env=bare,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == ["true", "true", True, True]


SECOND = """
import sys
from pathlib import Path
from training.tracking import _mlflow

with _mlflow(Path(sys.argv[1])).start_run():
    pass
"""


def test_a_second_run_stands_beside_the_first(store: Any, tmp_path: Path) -> None:
    """A home that holds a run already keeps it, and takes the next into the same experiment."""
    (tmp_path / "mlflow.db").write_bytes((store.home / "mlflow.db").read_bytes())
    done = subprocess.run(
        [sys.executable, "-c", SECOND, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    with sqlite3.connect(tmp_path / "mlflow.db") as con:
        runs = con.execute("SELECT count(*), count(DISTINCT experiment_id) FROM runs").fetchone()
    assert runs == (2, 1)
