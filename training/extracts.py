"""An authority's extract files: whether they are there, have the columns the contract names, and how they are scanned."""

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
    place = f'source "{source.name}"'
    if not (folder / source.file).is_file():
        return [Problem(place, f"there is no file {source.file} in the data folder", "Put it there.")]
    try:
        found = column_types(con, source, folder)
    except duckdb.Error:
        return [Problem(f"{place}, {source.file}", "cannot be read as a table", "Save it as UTF-8 CSV or Parquet.")]
    return [
        Problem(f"{place}, {source.file}", f'has no column "{name}"', "Add it, or correct the contract.")
        for name in columns_wanted(source)
        if name not in found
    ]


def columns_wanted(source: Source) -> list[str]:
    """The columns of the extract that the contract names: the child key, the timings, and the declared ones."""
    timed = [t.file_column for t in (source.happened, source.known) if t.file_column is not None]
    return list(dict.fromkeys([source.child, *timed, *(column.name for column in source.columns)]))


def column_types(con: duckdb.DuckDBPyConnection, source: Source, folder: Path) -> dict[str, str]:
    """Return the type DuckDB finds for each column of an extract (all text in a CSV)."""
    described = con.execute(f"DESCRIBE SELECT * FROM {_scan(source, folder, 'ignore_errors = true')}").fetchall()
    return {name: kind for name, kind, *_ in described}


def texts(con: duckdb.DuckDBPyConnection, source: Source, folder: Path, *, keep_rejects: bool = False) -> str:
    """
    Return the SQL that selects the wanted columns as text, in file order, numbered from 1 as `row`.

    Lines that cannot be split into columns are left out, and with `keep_rejects` listed for `unreadable_lines`.
    """
    types = column_types(con, source, folder)
    wanted = [f"{_as_text(name, types[name], source)} AS {quoted('text ' + name)}" for name in columns_wanted(source)]
    errors = "store_rejects = true, rejects_limit = 0" if keep_rejects else "ignore_errors = true"
    return f"SELECT row_number() OVER () AS row, {', '.join(wanted)} FROM {_scan(source, folder, errors)}"


def _scan(source: Source, folder: Path, errors: str) -> str:
    path = literal(str(folder / source.file))
    if source.file.endswith(".parquet"):
        return f"read_parquet({path})"
    return (
        f"read_csv({path}, header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"', "
        f"sample_size = 1, {errors})"
    )


def _as_text(name: str, kind: str, source: Source) -> str:
    if kind == "DATE" or kind.startswith("TIMESTAMP"):
        return f"strftime({quoted(name)}, {literal(source.date_format)})"
    if kind in {"DOUBLE", "FLOAT"}:
        # A float's own spelling may be in exponents; twelve places are what a number may have.
        return (
            f"CASE WHEN isfinite({quoted(name)}) THEN CAST(TRY_CAST({quoted(name)} AS DECIMAL(30, 12)) AS VARCHAR) END"
        )
    return f"CAST({quoted(name)} AS VARCHAR)"


def unreadable_lines(con: duckdb.DuckDBPyConnection, source: Source) -> list[tuple[int, str]]:
    """Return the lines that the scan kept as rejects, with the reason, and forget them."""
    if source.file.endswith(".parquet"):
        return []
    found = con.execute("SELECT line, lower(replace(error_type::VARCHAR, ' ', '_')) FROM reject_errors").fetchall()
    con.execute("DROP TABLE reject_errors; DROP TABLE reject_scans")
    return sorted(dict(found).items())
