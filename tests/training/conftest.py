"""Reading one extract, as several tests of training do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray

from models.contract_reading import parse_contract
from training.ingest import SourceReport, ingest
from training.judging import Rows

Document = dict[str, Any]
Floats = NDArray[np.float64]
Ingested = tuple[list[tuple[Any, ...]], SourceReport]
COLUMNS: list[Document] = [
    {"name": "total", "type": "integer", "range": [0, 60], "missing": ["999", "A"], "missing_below": 0},
    {"name": "hours", "type": "number", "step": "0.25", "missing": ["999"]},
    {"name": "code", "type": "code", "codes": {"N1": "neglect", "N2": "disability"}, "missing": ["U"]},
    {"name": "flag", "type": "flag", "codes": {"Y": 1, "N": 0}},
]


@pytest.fixture
def read(
    as_toml: Callable[[Document], str], one_source: Callable[..., Document], tmp_path: Path
) -> Callable[..., Ingested]:
    """Ingest one extract of visits (CSV text, or a Parquet table): its events in file order, and its report."""

    def ingested(data: str | bytes | pa.Table, columns: list[Document] | None = None, **source: Any) -> Ingested:
        file = "visits.parquet" if isinstance(data, pa.Table) else "visits.csv"
        contract = parse_contract(as_toml(one_source(columns or COLUMNS, file=file, **source)))
        if isinstance(data, pa.Table):
            pq.write_table(data, tmp_path / file)
        else:
            (tmp_path / file).write_bytes(data if isinstance(data, bytes) else data.encode())
        con, (report,) = ingest(contract, tmp_path)
        return con.execute("SELECT * FROM events_visits").fetchall(), report

    return ingested


@pytest.fixture(scope="session")
def rows_of() -> Callable[..., Rows]:
    """Return rows of x and y: each child a family alone, or so many to a family; all count alike, or by weights."""

    def rows(x: Floats, y: Floats, to_a_family: int = 1, weights: Floats | None = None) -> Rows:
        families = np.array([f"family {i // to_a_family}" for i in range(len(y))])
        return Rows(x, y, families, weights if weights is not None else np.ones(len(y)))

    return rows
