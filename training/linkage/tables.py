"""Tables of the private database made from arrays."""

from typing import Any

import duckdb
import pyarrow as pa


def write_table(con: duckdb.DuckDBPyConnection, name: str, columns: dict[str, Any]) -> None:
    """Write a table of these columns, each an array of one length."""
    con.register("given", pa.table(columns))
    con.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
    con.unregister("given")
