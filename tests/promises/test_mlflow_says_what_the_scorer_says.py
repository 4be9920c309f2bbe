"""`mlflow run`, `mlflow models serve` and the Scorer say the same of one matrix row: probability, interval and contributions."""

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from models.bundle import Bundle, load_bundle
from models.flat_answers import contribution_column
from models.scorer import NotScored
from training.cohort import assemble
from training.ingest import ingest

ROOT = Path(__file__).parents[2]
CLOSE = 1e-12
MLFLOW = [sys.executable, "-m", "mlflow"]
ROWS = 40


@dataclass(frozen=True, slots=True)
class Ran:
    """What `mlflow run` left: its store, the one bundle, and the model that it logged."""

    environment: dict[str, str]
    folder: Path
    bundle: Bundle
    model_uri: str


@pytest.fixture(scope="module")
def ran(
    tmp_path_factory: pytest.TempPathFactory, borough_contract: Path, borough_extracts: Path, quick_plan: Path
) -> Ran:
    """Train by `mlflow run` with a store of its own, in a process that finds nothing of ours on its path."""
    folder = tmp_path_factory.mktemp("mlflow-run")
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(folder),
        "MLFLOW_TRACKING_URI": f"sqlite:///{folder}/mlflow.db",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "GIT_PYTHON_REFRESH": "quiet",
    }
    given = {
        "contract": borough_contract,
        "data": borough_extracts,
        "plan": quick_plan,
        "out": folder / "releases",
        "home": folder / "home",
    }
    parameters = [word for name, value in given.items() for word in ("-P", f"{name}={value}")]
    words = ["run", str(ROOT), "-e", "train", "--env-manager", "local", "--experiment-name", "retraining", *parameters]
    done = subprocess.run(
        [*MLFLOW, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=240
    )
    assert done.returncode == 0, done.stderr
    (released,) = (folder / "releases").iterdir()
    ((model_id,),) = asked(folder, "SELECT model_id FROM logged_models")
    return Ran(environment, folder, load_bundle(released), f"models:/{model_id}")


def asked(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    """Ask the store."""
    with contextlib.closing(sqlite3.connect(folder / "mlflow.db")) as con:
        return con.execute(sql).fetchall()


def test_training_fills_the_run_that_mlflow_began(ran: Ran) -> None:
    """There is one run with no parent: the one `mlflow run` began, finished, and with the bundle's id; no second store is begun."""
    below = "SELECT run_uuid FROM tags WHERE key = 'mlflow.parentRunId'"
    runs = asked(ran.folder, f"SELECT run_uuid, status FROM runs WHERE run_uuid NOT IN ({below})")
    assert [status for _, status in runs] == ["FINISHED"]
    tags = dict(asked(ran.folder, f"SELECT key, value FROM tags WHERE run_uuid = '{runs[0][0]}'"))
    assert tags["mlflow.project.entryPoint"] == "train"
    assert tags["bundle_id"] == ran.bundle.id
    assert not (ran.folder / "home" / "mlflow.db").exists()


@pytest.fixture(scope="module")
def rows(ran: Ran, borough_extracts: Path) -> list[dict[str, Any]]:
    """Matrix rows of both landmarks, as JSON has them: what is not known is null."""
    con, _ = ingest(ran.bundle.contract, borough_extracts)
    found: list[dict[str, Any]] = []
    for landmark in ran.bundle.contract.landmarks:
        matrix = assemble(con, ran.bundle.contract, landmark).matrix
        for row in matrix.numbers[:ROWS].tolist():
            known = {name: x if x == x else None for name, x in zip(matrix.names, row, strict=True)}
            found.append({"landmark": landmark.name, **known})
    return found


@pytest.fixture(scope="module")
def served(ran: Ran, rows: list[dict[str, Any]]) -> list[dict[str, float]]:
    """What `mlflow models serve` answers, on this machine alone."""
    with serving(ran) as address:
        body = json.dumps({"dataframe_records": rows}).encode()
        request = urllib.request.Request(address, body, {"Content-Type": "application/json"})  # noqa: S310
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            answers: list[dict[str, float]] = json.loads(answer.read())["predictions"]
    return answers


@contextlib.contextmanager
def serving(ran: Ran) -> Iterator[str]:
    """Serve the logged model for as long as it takes, and end what was started."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["models", "serve", "--model-uri", ran.model_uri, "--env-manager", "local", "--workers", "1"]
    with (ran.folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [*MLFLOW, *words, "--host", "127.0.0.1", "--port", str(port)],
            cwd=ran.folder,
            env=ran.environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/ping", process, ran.folder / "serve.log")
        yield f"http://127.0.0.1:{port}/invocations"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a server answers; fail with what it printed where it ends or takes too long."""
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError), urllib.request.urlopen(address, timeout=5):  # noqa: S310
            return
        time.sleep(0.2)
    raise AssertionError(log.read_text(encoding="utf-8"))


def test_it_serves_what_the_scorer_says(ran: Ran, rows: list[dict[str, Any]], served: list[dict[str, float]]) -> None:
    """Every number that is served is the Scorer's own for that row, to 1e-12; where a landmark has no such term, none."""
    assert len(served) == len(rows) == 2 * ROWS
    for row, answer in zip(rows, served, strict=True):
        expected = scorer_says(ran.bundle, row)
        assert {name for name, x in answer.items() if x == x} == set(expected)
        assert max(abs(answer[name] - x) for name, x in expected.items()) <= CLOSE


def scorer_says(bundle: Bundle, row: dict[str, Any]) -> dict[str, float]:
    """Return what the Scorer says of one row, by the names of the columns."""
    landmark = bundle.contract.landmark(row["landmark"])
    values = [row[feature.name] for feature in bundle.contract.features_at(landmark)]
    answer = bundle.scorer.score_row(landmark, [float("nan") if x is None else x for x in values])
    if isinstance(answer, NotScored):
        return {}
    found: dict[str, float] = {}
    for score in answer.scores:
        name = score.outcome.name
        terms = bundle.scorer.estimator(landmark.name, name).spec.terms
        found |= {name: score.probability, f"{name}.low": score.interval.low, f"{name}.high": score.interval.high}
        *contributions, excess = score.scored.contributions
        found |= {contribution_column(name, t): x for t, x in zip(terms, contributions, strict=True)}
        found |= {f"{name}.baseline": score.scored.baseline, f"{name}.beyond_bound": excess}
    return found
