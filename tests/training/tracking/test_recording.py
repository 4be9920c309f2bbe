"""A training run in MLflow: a real SQLite store and what stands in it."""

import json
import math
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.bands import Bands
from models.bundle import load_bundle
from models.canonical import digest
from models.gates import Gates
from training.pipeline import Run

ENDS = ("value", "low", "high")
Query = Callable[[str], list[tuple[Any, ...]]]
Files = Callable[[Path], dict[str, bytes]]
InMlflow = Callable[..., Any]


@pytest.fixture(scope="module")
def measured(query: Query, whole_run: str) -> dict[str, float]:
    """The measures of the whole run."""
    return dict(query(f"SELECT key, value FROM latest_metrics WHERE run_uuid = '{whole_run}'"))


@pytest.fixture(scope="module")
def evaluation(store: Any) -> dict[str, Any]:
    """The evaluation that stands in the bundle."""
    found: dict[str, Any] = json.loads((store.bundle / "evaluation.json").read_bytes())
    assert len(found["evaluations"]) == 2
    return found


def test_one_run(store: Any, query: Query, whole_run: str) -> None:
    """A training run is one finished MLflow run with no parent, in our own experiment, and it is the run that was printed."""
    runs = query(
        "SELECT status, experiments.name FROM runs JOIN experiments USING (experiment_id) "
        f"WHERE run_uuid = '{whole_run}'"
    )
    assert runs == [("FINISHED", "early-identification")]
    assert f"MLflow run {whole_run}" in store.out


def test_every_measure_has_its_interval(measured: dict[str, float], evaluation: dict[str, Any]) -> None:
    """Each measure of each candidate is there as the evaluation has it, with the ends of its interval."""
    assert all(math.isfinite(value) for value in measured.values())
    for part in evaluation["evaluations"]:
        place = f"{part['landmark']}.{part['outcome']}"
        assert measured[f"{place}.n"] == part["n"]
        for candidate, measures in part["candidates"].items():
            for name, interval in _measures(measures).items():
                where = f"{place}.{candidate}.{name}"
                assert [measured.get(f"{where}{end}") for end in ("", ".low", ".high")] == [
                    interval[end] for end in ENDS
                ]
            assert measured[f"{place}.{candidate}.auc"] == measures["auc"]["value"]


def _measures(measures: dict[str, Any]) -> dict[str, Any]:
    """Return every measure of a candidate that has an interval, by its name in MLflow."""
    at_capacity = {
        f"{name}_at_{at['capacity']:g}": at[name] for at in measures["at_capacity"] for name in ("recall", "ppv")
    }
    return {k: v for k, v in measures.items() if k != "at_capacity"} | at_capacity


def test_every_list_of_the_bands(store: Any, measured: dict[str, float]) -> None:
    """Each list of the team's bands is there with what it finds, and each band with how often learning again changes it."""
    bands = Bands.model_validate_json((store.bundle / "bands.json").read_bytes())
    for one in bands.thresholds:
        place = f"{one.landmark}.{one.outcome}.bands"
        for at in one.at:
            for name, figure in (("recall", at.recall), ("ppv", at.ppv)):
                where = f"{place}.{name}_at_{at.capacity:g}"
                assert [measured.get(f"{where}{end}") for end in ("", ".low", ".high")] == [
                    figure.value,
                    figure.low,
                    figure.high,
                ]
        told = [measured.get(f"{place}.{band.code}.changes_on_refit") for band in bands.policy.bands]
        assert told == list(one.changes_on_refit)


def test_a_run_below_it_for_each_candidate(query: Query, whole_run: str, evaluation: dict[str, Any]) -> None:
    """Each candidate of each landmark and outcome has a finished run of its own below, with its own measures."""
    below = query(
        "SELECT run_uuid, status FROM runs JOIN tags USING (run_uuid) "
        f"WHERE key = 'mlflow.parentRunId' AND value = '{whole_run}'"
    )
    assert {status for _, status in below} == {"FINISHED"}
    found = {}
    for run_id, _ in below:
        tags = dict(query(f"SELECT key, value FROM tags WHERE run_uuid = '{run_id}'"))
        metrics = dict(query(f"SELECT key, value FROM latest_metrics WHERE run_uuid = '{run_id}'"))
        found[tags["landmark"], tags["outcome"], tags["candidate"]] = (
            tags["ships"],
            [metrics[f"auc{end}"] for end in ("", ".low", ".high")],
        )
    expected = {
        (part["landmark"], part["outcome"], name): (
            "yes" if name == part["ships"] else "no",
            [measures["auc"][end] for end in ENDS],
        )
        for part in evaluation["evaluations"]
        for name, measures in part["candidates"].items()
    }
    assert {place: told for place, told in found.items() if place[2] != "six variables"} == expected


def test_parameters_and_digests(
    store: Any, query: Query, whole_run: str, quick_plan: Path, borough_contract: Path, borough_run: Run
) -> None:
    """The run says by which plan, contract and data it came about, what the gates said, and which bundle came of it."""
    params = dict(query("SELECT key, value FROM params"))
    assert (params["seed"], params["bootstrap"], params["glass_box.trees"]) == ("7", "100", "20")
    tags = dict(query(f"SELECT key, value FROM tags WHERE run_uuid = '{whole_run}'"))
    assert tags["bundle_id"] == store.bundle.name
    assert tags["signature"] == "unsigned"
    assert tags["plan_digest"] == digest(quick_plan.read_bytes())
    assert tags["policy_digest"] == digest((store.bundle / "policy.toml").read_bytes())
    assert tags["contract_digest"] == digest(borough_contract.read_bytes())
    assert tags["data_digest"] == borough_run.data_digest
    ships = {
        f"ships.{part['landmark']}.{part['outcome']}": part["ships"] for part in borough_run.evaluation["evaluations"]
    }
    assert {key: tags[key] for key in ships} == ships
    gates = Gates.model_validate_json((store.bundle / "gates.json").read_bytes()).gates
    assert {key.removeprefix("gate.") for key in tags if key.startswith("gate.")} >= {gate.code for gate in gates}


def test_the_bundle_is_an_artefact(store: Any, whole_run: str, files: Files) -> None:
    """The bundle is there byte for byte, as an artefact of the run and inside the model, and both load."""
    written = files(store.bundle)
    assert files(store.home / "mlruns" / whole_run / "artifacts" / "bundle") == written
    (inside,) = (store.home / "mlruns" / "models").glob(f"*/artifacts/artifacts/{store.bundle.name}")
    assert files(inside) == written
    assert load_bundle(inside).id == store.bundle.name


def test_what_was_read_of_each_source(store: Any, query: Query, whole_run: str, files: Files, borough_run: Run) -> None:
    """The dataset has a name and a digest and no rows of its own; beside it stands what was read of each source, in fives."""
    ((name, told, profile),) = query("SELECT name, digest, dataset_profile FROM datasets")
    assert (name, told) == (borough_run.contract.name, borough_run.data_digest[:32])
    assert "num_rows" not in (profile or "")
    written = files(store.home / "mlruns" / whole_run / "artifacts" / "dataset")["sources.csv"].decode()
    lines = [line.split(",") for line in written.splitlines()[1:]]
    assert [line[0] for line in lines] == [report.source for report in borough_run.reports]
    counts = [cell for line in lines for cell in line[1:]]
    assert all(cell == "fewer than 10" or (int(cell) >= 10 and int(cell) % 5 == 0) for cell in counts)


def test_drawings_have_their_tables(store: Any, whole_run: str, files: Files, evaluation: dict[str, Any]) -> None:
    """Of every landmark and outcome there are drawings, and beside each the table of what it shows."""
    drawn = files(store.home / "mlruns" / whole_run / "artifacts" / "plots")
    for part in evaluation["evaluations"]:
        place = f"{part['landmark']}.{part['outcome']}"
        for name in ("reliability", "roc", "precision_recall"):
            assert drawn[f"{place}/{name}.svg"].startswith(b"<svg")
        assert {f"{place}/{name}.csv" for name in ("reliability", "lists", "terms")} <= drawn.keys()


def test_no_pickle(store: Any, files: Files) -> None:
    """No file of the store is one that runs when it is read: no pickle, but the code that was logged in the open."""
    written = files(store.home / "mlruns")
    plain = {".json", ".jsonl", ".md", ".toml", ".py", ".txt", ".yaml", ".svg", ".csv", ".html", ""}
    assert not any(b"<script" in data for name, data in written.items() if name.endswith(".html"))
    assert {Path(name).suffix for name in written} <= plain
    assert {name for name in written if not Path(name).suffix} == {
        # MLflow leaves the second of these, a line or two of YAML, beside a model that was loaded.
        name
        for name in written
        if name.endswith(("/MLmodel", "/registered_model_meta"))
    }
    assert not any(data.startswith(b"\x80") for data in written.values())


def test_no_child_is_in_the_store(store: Any, canaries: tuple[str, ...], files: Files) -> None:
    """No key, family or date of birth of any child is anywhere in the database or among the artefacts."""
    # A contract that ships with the code has dates of its own, and one of them is a birthday of an invented child.
    own = ("scores.parquet", "models/contracts/england.toml")
    written = {name: data for name, data in files(store.home).items() if not name.endswith(own)}
    assert "mlflow.db" in written
    found = {name: [text for text in canaries if text.encode() in data] for name, data in written.items()}
    assert {name: texts for name, texts in found.items() if texts} == {}
    scores = (store.home / "scores.parquet").read_bytes()
    assert any(text.encode() in scores for text in canaries), "the search finds what is there"


STOPPED = """
import json, sys
from collections import Counter
from pathlib import Path
from fairness.policy.policy import Policy
from models.contract_reading import parse_contract
from models.gates import Gate, Gates
from training.findings import Findings
from training.ingest import SourceReport
from training.plan import Plan
from training.tracking.recording import record_stopped

contract, home = sys.argv[1:]
text = Path(contract).read_text()
gate = Gate(
    code="signal", kind="build", label="enough signal", landmark="one_year", outcome="not_gld", threshold="AUC above .5",
    value=0.51, low=0.47, high=0.55, verdict="blocked", words="It says nothing.", next="Wait for another year.",
)
evaluation = {"evaluations": [{"landmark": "one_year", "outcome": "not_gld", "n": 400, "events": 130}]}
findings = Findings(
    parse_contract(text), text, Plan(), "format = 1", Policy(), "format = 1", evaluation, Gates(evidence="quick", gates=(gate,)),
    [SourceReport("births", 10, Counter(), [])], "0" * 64,
)
print(json.dumps(record_stopped(findings, Path(home))))
"""


def test_what_stopped_is_kept(in_mlflow: InMlflow, borough_contract: Path, another_home: Path, files: Files) -> None:
    """Where a build gate said no the run is there as failed, with what was found and why, and there is no model."""
    run_id = in_mlflow(STOPPED, borough_contract, another_home)
    kept = files(another_home / "mlruns" / run_id / "artifacts" / "evidence")
    assert kept.keys() == {"contract.toml", "plan.toml", "policy.toml", "evaluation.json", "gates.json"}
    assert kept["contract.toml"] == borough_contract.read_bytes()
    assert json.loads(kept["gates.json"])["gates"][0]["words"] == "It says nothing."
    assert not (another_home / "mlruns" / "models").exists()
    with sqlite3.connect(another_home / "mlflow.db") as con:
        status = con.execute(f"SELECT status FROM runs WHERE run_uuid = '{run_id}'").fetchone()
        tags = dict(con.execute(f"SELECT key, value FROM tags WHERE run_uuid = '{run_id}'"))
        metrics = dict(con.execute(f"SELECT key, value FROM latest_metrics WHERE run_uuid = '{run_id}'"))
    assert status == ("FAILED",)
    assert (tags["ended"], tags["gate.signal"]) == ("not enough signal", "blocked")
    # `outcome` is what is foreseen, here as in the runs of candidates.
    assert "outcome" not in tags
    (sources,) = files(another_home / "mlruns" / run_id / "artifacts" / "dataset").items()
    assert sources == ("sources.csv", b"source,rows_kept,rows_set_aside\nbirths,10,fewer than 10\n")
    assert metrics["one_year.not_gld.gate.signal.high"] == 0.55
