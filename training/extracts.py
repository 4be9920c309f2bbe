"""An authority's extract files: whether they are there, have the columns the contract names, and how they are scanned."""

import csv
from collections.abc import Iterator
from pathlib import Path

import duckdb

from models.contract import Contract
from models.errors import DataError, Problem
from models.source import Source
from training.extract_sql import literal, quoted


def check_files(con: duckdb.DuckDBPyConnection, contract: Contract, folder: Path) -> None:
    """Raise DataError naming every file that is missing or unreadable and every column that is not there."""
    problems = [problem for source in contract.sources for problem in _file_problems(con, source, folder)]
    if problems:
        raise DataError("the extracts lack what the contract names", tuple(problems))


def _file_problems(con: duckdb.DuckDBPyConnection, source: Source, folder: Path) -> list[Problem]:
    return table_problems(con, f'source "{source.name}"', folder / source.file, columns_wanted(source))


def table_problems(con: duckdb.DuckDBPyConnection, place: str, path: Path, wanted: list[str]) -> list[Problem]:
    """Return why a file is not a table with these columns: it is missing or unreadable, or which columns are not there."""
    if not path.is_file():
        return [Problem(place, f"there is no file {path.name} in the data folder", "Put it there.")]
    try:
        found = column_types(con, path)
    except (duckdb.Error, csv.Error, ValueError):
        return [unreadable_table(place, path)]
    return [
        Problem(f"{place}, {path.name}", f'has no column "{name}"', "Add it, or correct the contract.")
        for name in wanted
        if name not in found
    ]


def unreadable_table(place: str, path: Path) -> Problem:
    """Return the problem of a file that is no table."""
    remedy = "Save it as UTF-8 CSV or as Parquet, each column named once."
    return Problem(f"{place}, {path.name}", "cannot be read as a table", remedy)


def columns_wanted(source: Source) -> list[str]:
    """The columns of the extract that the contract names: the child key, the timings, and the declared ones."""
    timed = [t.file_column for t in (source.happened, source.known) if t.file_column is not None]
    return list(dict.fromkeys([source.child, *timed, *(column.name for column in source.columns)]))


def column_types(con: duckdb.DuckDBPyConnection, path: Path) -> dict[str, str]:
    """Return the type of each column of a file: all text in a CSV, whose header alone says which there are."""
    if path.suffix == ".csv":
        return dict.fromkeys(_header(path), "VARCHAR")
    described = con.execute(f"DESCRIBE SELECT * FROM read_parquet({literal(str(path))})").fetchall()
    return {name: kind for name, kind, *_ in described}


def _header(path: Path) -> list[str]:
    """
    Return the names in the first line of a CSV; raises ValueError when there are none, or one stands twice.

    Columns without a name, as spreadsheets leave them at the end, are numbered; capitals make no other name.
    """
    with path.open("rb") as file:
        lines = (line.decode("utf-8-sig") for line in file)
        named = next(csv.reader(lines, strict=True), [])
    names = [name or f"column {number}" for number, name in enumerate(named, start=1)]
    if not any(named) or len({name.casefold() for name in names}) < len(names):
        raise ValueError("no header")
    return names


def texts(con: duckdb.DuckDBPyConnection, source: Source, folder: Path) -> str:
    """
    Return the SQL that selects the wanted columns as text, in file order, numbered from 1 as `row`.

    Rows that cannot be split into columns are left out, and listed for `unreadable_rows`.
    """
    return texts_of(con, folder / source.file, columns_wanted(source), source.date_format)


def texts_of(con: duckdb.DuckDBPyConnection, path: Path, wanted: list[str], date_format: str) -> str:
    """Return the same of any file: the SQL that selects its columns as text, named "text <column>"."""
    types = column_types(con, path)
    cells = [f"{_as_text(name, types[name], date_format)} AS {quoted('text ' + name)}" for name in wanted]
    return f"SELECT row_number() OVER () AS row, {', '.join(cells)} FROM {_scan(path, types)}"


def _scan(path: Path, types: dict[str, str]) -> str:
    if path.suffix == ".parquet":
        return f"read_parquet({literal(str(path))})"
    # Nothing is guessed from the rows: one odd row among millions must not change how the others are read.
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in types)
    return (
        f"read_csv({literal(str(path))}, auto_detect = false, header = true, columns = {{{columns}}}, delim = ',', "
        f"quote = '\"', escape = '\"', store_rejects = true, rejects_limit = 0)"
    )


def _as_text(name: str, kind: str, date_format: str) -> str:
    if kind == "DATE" or kind.startswith("TIMESTAMP"):
        return f"strftime({quoted(name)}, {literal(date_format)})"
    if kind in {"DOUBLE", "FLOAT"}:
        # The shortest decimal that is this float, whole numbers without a point; NaN is an empty cell.
        spelled = f"regexp_replace(CAST({quoted(name)} AS VARCHAR), '[.]0$', '')"
        return f"CASE WHEN NOT isnan({quoted(name)}) THEN {spelled} END"
    return f"CAST({quoted(name)} AS VARCHAR)"


def unreadable_rows(con: duckdb.DuckDBPyConnection, path: Path) -> dict[int, str]:
    """Return the rows that the scan kept as rejects, by the line they start on, with the reason, and forget them."""
    if path.suffix == ".parquet":
        return {}
    found = con.execute(
        "SELECT line_byte_position - 1, lower(replace(error_type::VARCHAR, ' ', '_')) FROM reject_errors"
    ).fetchall()
    con.execute("DROP TABLE reject_errors; DROP TABLE reject_scans")
    lines = _lines_at(path, sorted({start for start, _ in found}))
    return {lines[start]: reason for start, reason in found}


def _lines_at(path: Path, starts: list[int]) -> dict[int, int]:
    """Return the line that each byte stands on; one that is a line's own end belongs to the line after it."""
    lines: dict[int, int] = {}
    with path.open("rb") as file:
        number, passed = 1, 0
        for start in starts:
            chunk = file.read(start + 1 - passed)
            number, passed = number + chunk.count(b"\n"), start + 1
            lines[start] = number
    return lines


def lines_of(path: Path, rows: set[int], unreadable: dict[int, str]) -> dict[int, int]:
    """
    Find the lines of an extract's readable rows by their number; the header of a CSV is line 1.

    Empty lines hold no row, and a quoted cell may run over several lines; the rows of Parquet are numbered as if each
    were a line under a header. A row that quotation marks hide from this reader is left out.
    """
    if path.suffix == ".parquet":
        return {row: row + 1 for row in rows}
    found: dict[int, int] = {}
    for row, line in enumerate(_readable_lines(path, unreadable), start=1):
        if row in rows:
            found[row] = line
        if len(found) == len(rows):
            break
    return found


def _readable_lines(path: Path, unreadable: dict[int, str]) -> Iterator[int]:
    """Yield the first line of every row after the header that is not empty and not unreadable."""
    with path.open(encoding="latin-1", newline="") as file:
        reader = csv.reader(file)
        next(reader, None)
        line = reader.line_num + 1
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                cells = ["?"]
            if cells and line not in unreadable:
                yield line
            line = reader.line_num + 1
