"""Where MLflow keeps its runs, and that it tells nobody of them."""

import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.errors import BadInput
from training.tracking.store import check_store

ROOT = Path(__file__).parents[3]
InMlflow = Callable[..., Any]

TELEMETRY = """
import json, os, sys
from pathlib import Path
from training.tracking.store import open_store

open_store(Path(sys.argv[1]))
from mlflow.telemetry import get_telemetry_client
from mlflow.telemetry.utils import is_telemetry_disabled

names = ("MLFLOW_DISABLE_TELEMETRY", "DO_NOT_TRACK")
print(json.dumps([*(os.environ.get(name) for name in names), is_telemetry_disabled(), get_telemetry_client() is None]))
"""


def test_telemetry_is_off(in_mlflow: InMlflow, tmp_path: Path) -> None:
    """Where nothing else would switch it off, MLflow's telemetry is off, for this process and for those it starts."""
    bare = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    assert in_mlflow(TELEMETRY, tmp_path / "home", environment=bare) == ["true", "true", True, True]


SECOND = """
import json, sys
from pathlib import Path
from training.tracking.store import open_store

with open_store(Path(sys.argv[1])).start_run():
    print(json.dumps("begun"))
"""


def test_a_second_run_stands_beside_the_first(another_home: Path, in_mlflow: InMlflow) -> None:
    """A home that holds a run already keeps it, and takes the next into the same experiment."""
    count = "SELECT count(*), count(DISTINCT experiment_id) FROM runs"
    with sqlite3.connect(another_home / "mlflow.db") as con:
        before = con.execute(count).fetchone()
    assert in_mlflow(SECOND, another_home) == "begun"
    with sqlite3.connect(another_home / "mlflow.db") as con:
        assert con.execute(count).fetchone() == (before[0] + 1, 1)


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    """Where no state can be kept it is said before anything is learned, naming no folder but the one that was given."""
    taken = tmp_path / "taken"
    taken.write_text(json.dumps("no folder"), encoding="utf-8")
    with pytest.raises(BadInput, match="no state can be kept in taken"):
        check_store(taken)
    check_store(tmp_path / "not" / "there" / "yet")
