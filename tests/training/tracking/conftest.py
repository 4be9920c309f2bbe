"""What the real command left in MLflow, and a way to ask MLflow in a process of its own, since importing it takes seconds."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
Query = Callable[[str], list[tuple[Any, ...]]]
InMlflow = Callable[..., Any]


@pytest.fixture(scope="session")
def store(borough_command: Any) -> Any:
    """What the real command left: the store, the artefacts and the bundle."""
    assert borough_command.status == 0, borough_command.err
    return borough_command


@pytest.fixture(scope="session")
def query(store: Any) -> Query:
    """Ask the store's database."""

    def ask(sql: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(store.home / "mlflow.db") as con:
            return con.execute(sql).fetchall()

    return ask


@pytest.fixture
def another_home(store: Any, tmp_path: Path) -> Path:
    """A home with the runs of that store, whose artefacts go to a place of their own; beginning a store takes seconds."""
    (tmp_path / "mlflow.db").write_bytes((store.home / "mlflow.db").read_bytes())
    with sqlite3.connect(tmp_path / "mlflow.db") as con:
        con.execute(
            "UPDATE experiments SET artifact_location = replace(artifact_location, ?, ?)",
            (str(store.home), str(tmp_path)),
        )
    return tmp_path


@pytest.fixture(scope="session")
def whole_run(query: Query) -> str:
    """The id of the run of the whole training, which has no parent."""
    ((run_id,),) = query(
        "SELECT run_uuid FROM runs WHERE run_uuid NOT IN (SELECT run_uuid FROM tags WHERE key = 'mlflow.parentRunId')"
    )
    return str(run_id)


@pytest.fixture(scope="session")
def model(store: Any) -> Path:
    """The folder of the one logged model."""
    (folder,) = (store.home / "mlruns" / "models").iterdir()
    return Path(folder / "artifacts")


@pytest.fixture(scope="session")
def files() -> Callable[[Path], dict[str, bytes]]:
    """Read every file under a folder."""
    return lambda folder: {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.fixture(scope="session")
def in_mlflow() -> InMlflow:
    """Run a program that finds its words in `sys.argv` and prints JSON in its last line; returns that."""

    def run(program: str, *words: object, environment: dict[str, str] | None = None) -> Any:
        done = subprocess.run(
            [sys.executable, "-c", program, *map(str, words)],
            cwd=ROOT,
            env=os.environ | {"MLFLOW_DISABLE_TELEMETRY": "true"} if environment is None else environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return run
