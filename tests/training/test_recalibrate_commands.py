"""The verb `recalibrate`, by the real command: what it prints and records, and how it refuses."""

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.borough import invent_children, write_extracts
from models.bundle import load_bundle
from models.signature import new_key
from training.findings import Run

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Extracts of other children."""
    folder = tmp_path_factory.mktemp("elsewhere")
    write_extracts(folder, invent_children(1800, seed=21), seed=22)
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty home."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def done(borough_run: Run, elsewhere: Path, home: Path, earlyid: Command) -> subprocess.CompletedProcess[str]:
    """The borough's bundle recalibrated on two cohorts of those children, and signed."""
    new_key(home / "key.pem")
    words = [
        "recalibrate",
        borough_run.bundle,
        "--data",
        elsewhere,
        "--out",
        home / "releases",
        "--cohorts",
        "2",
        "--elsewhere",
    ]
    return earlyid(*words, "--home", home, "--key", home / "key.pem")


def _tags(home: Path, key: str) -> list[Any]:
    with sqlite3.connect(home / "mlflow.db") as con:
        return [value for (value,) in con.execute("SELECT value FROM tags WHERE key = ?", (key,)).fetchall()]


def _runs(home: Path, original: str) -> list[Any]:
    asked = "SELECT run_uuid FROM tags WHERE key = 'recalibrated_from' AND value = ?"
    with sqlite3.connect(home / "mlflow.db") as con:
        return [run for (run,) in con.execute(asked, (original,)).fetchall()]


def test_the_last_line_is_the_bundle(done: subprocess.CompletedProcess[str], home: Path) -> None:
    """The last line is the path of the new bundle, which is signed; what was recalibrated is told before it."""
    assert done.returncode == 0, done.stderr
    bundle = load_bundle(Path(done.stdout.splitlines()[-1]))
    assert [path.name for path in (home / "releases").iterdir()] == [bundle.id]
    assert bundle.signature is not None
    for said in ("Recalibrated from bundle", "own children (cohorts: 2017, 2018)", "Enough children to recalibrate by"):
        assert said in done.stdout
    assert "· recalibrating not_gld, seen from one year" in done.stderr


def test_the_run_is_recorded(done: subprocess.CompletedProcess[str], home: Path, borough_run: Run) -> None:
    """It is recorded as any run that leaves a bundle, and says which bundle it came from."""
    assert done.returncode == 0, done.stderr
    assert set(_tags(home, "recalibrated_from")) == {borough_run.bundle.name}
    assert Path(done.stdout.splitlines()[-1]).name in _tags(home, "bundle_id")


def test_no_child_is_printed(done: subprocess.CompletedProcess[str], elsewhere: Path) -> None:
    """No key of any child is printed, on either stream."""
    keys = [line.split(",")[0] for line in (elsewhere / "births.csv").read_text(encoding="utf-8").splitlines()[1:]]
    assert [key for key in keys if key in done.stdout + done.stderr] == []


def test_too_few(borough_run: Run, elsewhere: Path, home: Path, tmp_path: Path, earlyid: Command) -> None:
    """With too few results it exits 4 and leaves no bundle; the evidence is in MLflow, and printed for programs too."""
    shutil.copytree(elsewhere, tmp_path / "few")
    head, *rows = (elsewhere / "profile.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "few" / "profile.csv").write_text("".join([head, *rows[::6]]), encoding="utf-8")
    words = ["recalibrate", borough_run.bundle, "--data", tmp_path / "few", "--out", tmp_path / "out"]
    refused = earlyid(*words, "--home", home, "--json", "--elsewhere")
    assert refused.returncode == 4, refused.stderr
    assert "too few to set anything" in refused.stderr
    summary = json.loads(refused.stdout)
    assert summary["bundle"] is None
    assert summary["recalibrated"] == {**summary["recalibrated"], "from": borough_run.bundle.name, "heads": []}
    assert list((tmp_path / "out").iterdir()) == []
    assert summary["mlflow_run"] in _runs(home, borough_run.bundle.name)


def test_a_contract_that_asks_something_else(
    borough_run: Run, elsewhere: Path, borough_contract: Path, tmp_path: Path, earlyid: Command
) -> None:
    """A contract that asks something else exits 3 and says where."""
    other = borough_contract.read_text(encoding="utf-8").replace("age = 365", "age = 366", 1)
    (tmp_path / "own.toml").write_text(other, encoding="utf-8")
    words = ["recalibrate", borough_run.bundle, "--data", elsewhere, "--out", tmp_path / "out"]
    refused = earlyid(*words, "--home", tmp_path / "home", "--contract", tmp_path / "own.toml")
    assert refused.returncode == 3
    assert 'landmark "one_year" › age: not what the bundle\'s contract says of it' in refused.stderr
