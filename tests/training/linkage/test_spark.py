"""Linking in Spark: deselected unless `-m spark` asks for it, since it needs Java and an extra (`make spark-test`)."""

import json
import subprocess
import sys
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from models.linkage import Linkage
from training.linkage.backends import SCORED, backend_of
from training.linkage.joining import join_records
from training.linkage.pairs import relatives_a_child, write_pairs
from training.linkage.people import private_database, read_people
from training.linkage.review import Decisions

pytestmark = pytest.mark.spark
Pairs = dict[tuple[int, int], float]


def linked(linkage: Linkage, folder: Path, model: dict[str, Any] | None) -> tuple[dict[str, Any], list[int], Pairs]:
    """Link the people of a folder; returns the model, each record's child, and the pairs worth a look."""
    with private_database() as con:
        read_people(con, linkage, folder)
        model = backend_of(linkage)(con, linkage, model)
        write_pairs(con, linkage, SCORED, relatives_a_child(con, linkage))
        clusters = join_records(con, linkage, Decisions([], [], []), Path("review.csv"))
        pairs = con.execute(
            f"SELECT uid_l, uid_r, probability FROM pairs WHERE probability >= {linkage.review}"
        ).fetchall()
        return model, clusters.child.tolist(), {(left, right): probability for left, right, probability in pairs}


def together(child: list[int]) -> set[tuple[int, int]]:
    """Return the pairs of records that are one child."""
    records: dict[int, list[int]] = {}
    for record, one in enumerate(child):
        records.setdefault(one, []).append(record)
    return {pair for same in records.values() for pair in combinations(same, 2)}


@pytest.fixture(scope="module")
def in_spark(town: Any) -> Linkage:
    """The town's linkage, in Spark."""
    linkage: Linkage = town.contract.linkage
    return linkage.model_copy(update={"backend": "spark"})


@pytest.fixture(scope="module")
def sessions() -> Any:
    """The class that knows of Spark's sessions; tests are read where there is no Spark too."""
    from pyspark.sql import SparkSession  # noqa: PLC0415

    return SparkSession


def test_same_children(town: Any, in_spark: Linkage, sessions: Any) -> None:
    """With weights learned in DuckDB and saved, Spark finds the same children, and the same pairs to 1e-9."""
    learned, here, pairs = linked(town.contract.linkage, town.folder, None)
    _, there, others = linked(in_spark, town.folder, json.loads(json.dumps(learned)))
    assert there == here
    assert others.keys() == pairs.keys()
    assert max(abs(others[pair] - probability) for pair, probability in pairs.items()) <= 1e-9
    assert sessions.getActiveSession() is None


def test_running_session(town: Any, in_spark: Linkage, sessions: Any, tmp_path: Path) -> None:
    """A session that is running is used, learns weights that find nearly the same children, and keeps nothing of them."""
    places = {"spark.local.dir": tmp_path, "spark.sql.warehouse.dir": tmp_path / "warehouse"}
    builder = sessions.builder.master("local[2]").config("spark.ui.enabled", "false")
    for name, place in places.items():
        builder = builder.config(name, str(place))
    running = builder.getOrCreate()
    try:
        _, there, _ = linked(in_spark, town.folder, None)
        assert running.range(3).count() == 3
        assert not running.catalog.listTables()
        assert not Path(running.sparkContext.getCheckpointDir().removeprefix("file:")).exists()
    finally:
        running.stop()
    _, here, _ = linked(town.contract.linkage, town.folder, None)
    found, expected = together(there), together(here)
    assert len(found & expected) >= 0.98 * len(found | expected)


def test_no_java(tmp_path: Path) -> None:
    """A machine without Java is told what to install."""
    words = "from pathlib import Path; from training.linkage.spark import _session; _session(Path()).__enter__()"
    environment = {"PATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", words], env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert "BadInput: linking in Spark needs Java 17" in done.stderr
