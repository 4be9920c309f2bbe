"""
Writes the matrix of a landmark as Parquet: what `earlyid score` reads.

A row for each child in scope: its pseudonym, the landmark, a column for each feature (null: not known), the sources of
which nothing at all is known, and the area where it lived as it was known then.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from models.contract import Contract
from models.feature import Pointer
from models.private_file import written_whole
from models.withdrawal import Asked
from training.extract_sql import literal, quoted
from training.features_sql import merged_coverage
from training.snapshots import Matrix

ROWS_AT_ONCE = 20_000


def write_matrix(
    path: Path, con: duckdb.DuckDBPyConnection, contract: Contract, matrix: Matrix, area: Pointer | None
) -> None:
    """Write a matrix with mode 0600; raises BadInput when there is something at `path` already, or it cannot be written."""
    unknown = unknown_sources(con, contract, matrix)
    areas = areas_of(con, area, matrix) if area is not None else None
    with written_whole(path) as file, pq.ParquetWriter(file, _schema(matrix, areas)) as writer:
        for start in range(0, max(len(matrix.children), 1), ROWS_AT_ONCE):
            writer.write_table(_table(matrix, unknown, areas, slice(start, start + ROWS_AT_ONCE)))


def default_area(contract: Contract) -> Pointer | None:
    """Return the column of a small area in a source that tells where children live, if the contract has one."""
    proofs = [s.coverage.residence for s in contract.sources if s.coverage is not None]
    homes = {proof.source for proof in proofs if proof is not None}
    if contract.scope.resident is not None:
        homes.add(contract.scope.resident.source)
    columns = ((s.name, c.name) for s in contract.sources if s.name in homes for c in s.columns if "site" in c.roles)
    return next((Pointer(source=source, column=column) for source, column in columns), None)


def unknown_sources(con: duckdb.DuckDBPyConnection, contract: Contract, matrix: Matrix) -> dict[str, NDArray[np.bool_]]:
    """Return for each source that the landmark asks of which children nothing is known (`models.withdrawal.Asked`)."""
    missing, asked = np.isnan(matrix.numbers), Asked(contract, matrix.landmark)
    unknown = {}
    for source, columns in asked.columns.items():
        unknown[source] = np.all(missing[:, columns], axis=1)
        if source in contract.proven_by:
            proven = _proven(con, contract.proven_by[source], asked.windows[source], matrix.landmark.age)
            unknown[source] &= ~np.isin(matrix.children, proven)
    return unknown


def _proven(
    con: duckdb.DuckDBPyConnection, proof: str, windows: Sequence[tuple[int, int]], age: int
) -> NDArray[np.str_]:
    """Return the children of whom all that some window asks about is proven to be covered."""
    covering = " OR ".join(f'(start <= {low} AND "end" >= {high})' for low, high in windows)
    found = con.execute(
        f"SELECT DISTINCT child FROM ({merged_coverage(age)}) WHERE source = {literal(proof)} AND ({covering})"
    ).fetchall()
    return np.array([child for (child,) in found], dtype=np.str_)


def areas_of(con: duckdb.DuckDBPyConnection, area: Pointer, matrix: Matrix) -> list[str | None]:
    """Return each child's latest area known at the landmark; None where there is none, or that day's rows disagree."""
    value = f"CAST({quoted(area.column)} AS VARCHAR)"
    found = con.execute(f"""
        SELECT child, max(value) FROM (
            SELECT child, {value} AS value, happened, max(happened) OVER (PARTITION BY child) AS day
            FROM {quoted("events_" + area.source)} WHERE known <= {matrix.landmark.age} AND {value} IS NOT NULL)
        WHERE happened = day GROUP BY child HAVING min(value) = max(value)""").fetchall()
    area_of: dict[str, str] = dict(found)
    return [area_of.get(child) for child in matrix.children.tolist()]


def _schema(matrix: Matrix, areas: list[str | None] | None) -> pa.Schema:
    texts = ["subject", "landmark", *(["area"] if areas is not None else [])]
    lists = [("not_known_sources", pa.list_(pa.string()))]
    return pa.schema([*((n, pa.string()) for n in texts), *lists, *((n, pa.float64()) for n in matrix.names)])


def _table(
    matrix: Matrix, unknown: dict[str, NDArray[np.bool_]], areas: list[str | None] | None, rows: slice
) -> pa.Table:
    numbers = matrix.numbers[rows]
    columns = {
        "subject": pa.array(matrix.children[rows].tolist(), pa.string()),
        "landmark": pa.array([matrix.landmark.name] * len(numbers), pa.string()),
        **({"area": pa.array(areas[rows], pa.string())} if areas is not None else {}),
        "not_known_sources": pa.array(list(_named(unknown, rows)), pa.list_(pa.string())),
        **{name: pa.array(numbers[:, k], from_pandas=True) for k, name in enumerate(matrix.names)},
    }
    return pa.table(columns, schema=_schema(matrix, areas))


def _named(unknown: dict[str, NDArray[np.bool_]], rows: slice) -> Iterator[list[str]]:
    for flags in zip(*(of_source[rows].tolist() for of_source in unknown.values()), strict=True):
        yield [source for source, is_unknown in zip(unknown, flags, strict=True) if is_unknown]
