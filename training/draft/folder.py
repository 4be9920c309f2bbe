"""The extracts of a folder, as text, in a database: which there are, and why any could not be read."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from models.linkage import RESERVED_FILES
from training.draft.told import as_name, number
from training.extract_sql import literal, quoted
from training.extracts import column_types, texts_of, unreadable_rows

_FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\.(csv|parquet)")
# A cell of a first line that no column is called by.
_VALUE = re.compile(r"[+-]?[0-9][0-9 ./:-]*|.*[0-9]{4}.*|.*@.*")
# Dates of Parquet files are read in the form that contracts expect where they say nothing.
_DAY = "%Y-%m-%d"


@dataclass(frozen=True, slots=True)
class Extract:
    """One extract: its file, the name of its source, its columns, its rows, and the table that holds them as text."""

    file: str
    source: str
    columns: tuple[str, ...]
    rows: int

    @property
    def table(self) -> str:
        """The table, quoted."""
        return quoted("extract " + self.source)


def read_folder(con: duckdb.DuckDBPyConnection, folder: Path) -> tuple[list[Extract], list[str]]:
    """Load every extract of a folder, in the order of their names; return them, and what could not be read, in words."""
    extracts: list[Extract] = []
    unread: list[str] = []
    paths = sorted(path for path in folder.iterdir() if path.is_file() and path.name not in RESERVED_FILES)
    named = [path for path in paths if _FILE.fullmatch(path.name)]
    if len(named) < len(paths):
        unread.append(
            f"files that are neither .csv nor .parquet, or whose names have more than letters, figures, dots, hyphens and "
            f"low lines: {len(paths) - len(named)}. Save them so, where they are extracts."
        )
    for path in named:
        taken = {extract.source for extract in extracts}
        try:
            extract, lost = _read(con, path, _free(as_name(path.stem), taken))
        except _UnreadError as error:
            unread.append(f"{path.name}: {error}")
            continue
        extracts.append(extract)
        if lost:
            unread.append(f"{path.name}: {number(lost)} of its lines cannot be split into columns. Save it again.")
    return extracts, unread


class _UnreadError(Exception):
    """Why a file could not be read, and what to do."""


def _read(con: duckdb.DuckDBPyConnection, path: Path, source: str) -> tuple[Extract, int]:
    try:
        columns = list(column_types(con, path))
        _check_header(path, columns)
        cells = ", ".join(f"nullif(trim({quoted('text ' + name)}), '') AS {quoted(name)}" for name in columns)
        table = quoted("extract " + source)
        con.execute(f"CREATE TABLE {table} AS SELECT {cells} FROM ({texts_of(con, path, columns, _DAY)})")
        lost = len(unreadable_rows(con, path))
    except UnicodeDecodeError:
        raise _UnreadError("it is not UTF-8 text. Save it as CSV UTF-8.") from None
    except (duckdb.Error, csv.Error, ValueError):
        raise _UnreadError(
            "it cannot be read as a table. Save it as UTF-8 CSV or Parquet, each column named once."
        ) from None
    rows = _one(con, f"SELECT count(*) FROM {table}")
    if not rows:
        raise _UnreadError("it has no rows that can be read. Save it as CSV UTF-8 with commas, or leave it out.")
    if path.suffix == ".csv" and _holds_its_header(con, table, columns):
        raise _UnreadError("its first line seems to be a row, not the names of the columns. Add a line of names.")
    return Extract(path.name, source, tuple(columns), rows), lost


def _check_header(path: Path, columns: list[str]) -> None:
    if len(columns) == 1 and re.search(r"[;\t|]", columns[0]):
        raise _UnreadError("its columns are not split by commas. Save it as CSV with commas.")
    if path.suffix == ".csv" and any(_VALUE.fullmatch(name) for name in columns):
        raise _UnreadError("its first line seems to be a row, not the names of the columns. Add a line of names.")


def _holds_its_header(con: duckdb.DuckDBPyConnection, table: str, columns: Iterable[str]) -> bool:
    """Whether what stands over a column is also a value in it, as where there is no line of names."""
    found = [f"coalesce(bool_or({quoted(name)} = {literal(name)}), false)" for name in columns]
    return bool(_one(con, f"SELECT {' OR '.join(found)} FROM {table}"))


def _one(con: duckdb.DuckDBPyConnection, query: str) -> int:
    row = con.execute(query).fetchone()
    return int(row[0]) if row is not None else 0


def _free(name: str, taken: set[str]) -> str:
    return next(
        one for number in range(1, len(taken) + 2) if (one := name if number == 1 else f"{name}_{number}") not in taken
    )
