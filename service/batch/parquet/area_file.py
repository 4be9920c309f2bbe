"""Writes what may be told of areas, as Parquet or CSV, with the notes that go with the numbers."""

import csv
import io
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from service.batch.areas import NOTES, AreaRow

_KINDS = {name: pa.int64() for name in ("children", "expected", "low", "high", "not_scored")}
SCHEMA = pa.schema([(name, _KINDS.get(name, pa.string())) for name in AreaRow._fields])


def write_areas(file: BinaryIO, form: str, rows: list[AreaRow], bundle_id: str) -> None:
    """Write the rows; `form` is ".csv" (the notes are lines that begin with #) or ".parquet" (they are metadata)."""
    if form == ".csv":
        file.write(_csv(rows, bundle_id).encode())
        return
    told = {"notes": "\n".join(NOTES), "bundle": bundle_id, "stamp": rows[0].stamp if rows else ""}
    table = pa.Table.from_pylist([row._asdict() for row in rows], schema=SCHEMA.with_metadata(told))
    pq.write_table(table, file)


def _csv(rows: list[AreaRow], bundle_id: str) -> str:
    text = io.StringIO()
    text.writelines(f"# {note}\n" for note in (*NOTES, f"bundle: {bundle_id}"))
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(AreaRow._fields)
    writer.writerows(rows)
    return text.getvalue()
