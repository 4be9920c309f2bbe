"""The verb `compare`, as people use it."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from training.tracking.comparing import comparison_metrics

ROOT = Path(__file__).parents[3]
COMPARE = "import sys; from training.champion.commands import main; main(['compare', *sys.argv[1:]])"


@pytest.fixture(scope="module")
def home(borough_command: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the runs of the real command, whose artefacts go to a place of their own."""
    folder = tmp_path_factory.mktemp("compare")
    (folder / "mlflow.db").write_bytes((borough_command.home / "mlflow.db").read_bytes())
    with sqlite3.connect(folder / "mlflow.db") as con:
        con.execute(
            "UPDATE runs SET artifact_uri = replace(artifact_uri, ?, ?)", (str(borough_command.home), str(folder))
        )
    return folder


def test_it_is_kept_with_the_challenger_s_run(
    borough_command: Any, champion_folder: Path, borough_extracts: Path, home: Path
) -> None:
    """The comparison is printed, written where it was asked for, and stands in the run that made the challenger."""
    words = [
        champion_folder,
        borough_command.bundle,
        "--data",
        borough_extracts,
        "--home",
        home,
        "--out",
        home / "c.json",
    ]
    done = subprocess.run(
        [sys.executable, "-c", COMPARE, *map(str, words)],
        cwd=ROOT,
        env=os.environ | {"MLFLOW_DISABLE_TELEMETRY": "true"},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    written = (home / "c.json").read_bytes()
    comparison = json.loads(written)
    with sqlite3.connect(home / "mlflow.db") as con:
        ((run_id,),) = con.execute(
            "SELECT run_uuid FROM tags WHERE key = 'compared_with' AND value = ?", (champion_folder.name,)
        ).fetchall()
        metrics = dict(con.execute("SELECT key, value FROM latest_metrics WHERE run_uuid = ?", (run_id,)).fetchall())
    expected = comparison_metrics(comparison)
    assert f"two_year.not_gld.minus_champion.{champion_folder.name[:12]}.auc.low" in expected
    assert {name: metrics[name] for name in expected} == expected
    (kept,) = (home / "mlruns" / run_id / "artifacts" / "comparison").iterdir()
    assert kept.read_bytes() == written
    assert f"recorded with MLflow run {run_id}" in done.stdout
