"""
Snapshots at scale: an invented England repeated to 600,000 children, four landmarks, the two engines against each other.

Prints the rate of each in child-snapshots a second and their ratio, measured in turn landmark by landmark, and the
largest memory of the process. The one-child engine answers for a thousand of the children, ten times over.
"""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from benchmarks.england import invented_england
from models.contract import Contract
from models.feature import Landmark
from models.features import FeatureSet
from models.record import ChildRecord
from models.snapshot import take_snapshot
from training.extract_sql import quoted
from training.ingest import connect, ingest, list_children
from training.records import read_record
from training.snapshots import in_scope, take_matrix

CHILDREN = 600_000
BIRTHS = 1_000
ONE_BY_ONE, RECORDS = 10_000, 1_000


def main() -> None:
    """Print the line."""
    with tempfile.TemporaryDirectory() as folder:
        contract, data = invented_england(Path(folder), BIRTHS)
        small, _ = ingest(contract, data)
    keys = [child for (child,) in small.execute("SELECT child FROM children ORDER BY child").fetchall()]
    records = [read_record(small, contract, child) for child in keys[:RECORDS]]
    many = [records[i % len(records)] for i in range(ONE_BY_ONE)]
    large = repeated(small, contract, -(-CHILDREN // len(keys)))
    small.close()
    before = _peak_megabytes()
    one, scale, rows = 0.0, 0.0, 0
    for landmark in contract.landmarks:
        one += seconds_one_by_one(contract, landmark, many) / len(many)
        took, count = seconds_at_scale(large, contract, landmark)
        scale, rows = scale + took / count, rows + count
    print(
        json.dumps(
            {
                "benchmark": "snapshots",
                "children": rows // len(contract.landmarks),
                "landmarks": len(contract.landmarks),
                "one_child_engine_per_second": round(len(contract.landmarks) / one),
                "sql_engine_per_second": round(len(contract.landmarks) / scale),
                "ratio": round(one / scale, 1),
                "peak_memory_mb": _peak_megabytes(),
                "peak_memory_before_mb": before,
            }
        )
    )


def repeated(small: duckdb.DuckDBPyConnection, contract: Contract, times: int) -> duckdb.DuckDBPyConnection:
    """Return a database that holds every child of `small` so many times over, each under keys of its own."""
    large = connect()
    for table in ("coverage", *("events_" + source.name for source in contract.feature_sources)):
        rows = small.sql(f"SELECT * FROM {quoted(table)}").to_arrow_table()
        large.register("rows", rows)
        large.execute(f"""
            CREATE TABLE {quoted(table)} AS
            SELECT rows.child || '-' || n AS child, rows.* EXCLUDE (child) FROM rows, range({times}) AS copies(n)""")
        large.unregister("rows")
    list_children(large, contract)
    return large


def seconds_one_by_one(contract: Contract, landmark: Landmark, records: list[ChildRecord]) -> float:
    """Time the engine that answers one child."""
    features = FeatureSet(contract, landmark)
    start = time.perf_counter()
    for record in records:
        features.row(take_snapshot(record, landmark.age))
    return time.perf_counter() - start


def seconds_at_scale(con: duckdb.DuckDBPyConnection, contract: Contract, landmark: Landmark) -> tuple[float, int]:
    """Time the SQL engine, scope and matrix; returns the seconds and the children answered for."""
    start = time.perf_counter()
    matrix = take_matrix(con, contract, landmark, in_scope(contract, landmark))
    return time.perf_counter() - start, len(matrix.children)


def _peak_megabytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (2**20 if sys.platform == "darwin" else 2**10))


if __name__ == "__main__":
    main()
