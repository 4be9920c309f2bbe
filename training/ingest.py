"""
Reads an authority's extracts into exact events, setting aside by line and reason every row that breaks the contract.

Nothing is dropped in silence and no value is ever named. What comes out (one table of events per source, one of proven
coverage) is what both engines start from; afterwards the database is locked and can read no file.
"""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from models.contract import Contract
from models.errors import DataError, Problem
from models.exact import MAX_ROWS
from models.source import Source
from training.coverage import write_coverage
from training.extract_sql import age, cell, literal, quoted, stored_type, text_of, timing_reason
from training.extracts import check_files, lines_of, texts, unreadable_rows, unreadable_table
from training.linked_folder import cohort_sql, is_linked, linked_form, read_links, rows_lost

EXAMPLES_KEPT = 20
# No column of a contract can be called so, since no name of a contract has a space.
ROW, REASON = '"row of the file"', '"why set aside"'


@dataclass(slots=True)
class SourceReport:
    """What became of one extract: rows kept, rows set aside by reason, and (line, reason) of the first of those."""

    source: str
    kept: int
    set_aside: Counter[str] = field(default_factory=Counter)
    examples: list[tuple[int, str]] = field(default_factory=list)

    @property
    def share_set_aside(self) -> float:
        """The share of the rows read that were set aside."""
        aside = self.set_aside.total()
        return aside / (aside + self.kept) if aside else 0.0


def ingest(contract: Contract, folder: Path) -> tuple[duckdb.DuckDBPyConnection, list[SourceReport]]:
    """
    Read every source of the contract from `folder` into a locked, in-memory database.

    Tables: `events_<source>` (child, happened, known, its columns), `coverage` and `children`. Raises DataError when a
    file or a column is missing, naming them all, or when a file cannot be read as a table.
    """
    con = connect()
    linked = is_linked(folder)
    lost = rows_lost(contract, folder) if linked else {}
    held = linked_form(contract) if linked else contract
    check_files(con, held, folder)
    _read_births(con, held, folder)
    read_links(con, folder, linked=linked)
    reports = [_read_or_refuse(con, source, folder) for source in held.sources]
    for report in reports:
        report.set_aside.update(lost.get(report.source, {}))
    write_coverage(con, contract)
    list_children(con, contract)
    lock(con)
    return con, reports


def ingest_one(contract: Contract, folder: Path, name: str) -> duckdb.DuckDBPyConnection:
    """Read one source of the contract from `folder` into a locked database: its events, and nothing of the others."""
    con = connect()
    held = linked_form(contract) if is_linked(folder) else contract
    _read_births(con, held, folder)
    _read_or_refuse(con, held.source(name), folder)
    lock(con)
    return con


def _read_or_refuse(con: duckdb.DuckDBPyConnection, source: Source, folder: Path) -> SourceReport:
    try:
        return _read_source(con, source, folder)
    except duckdb.InvalidInputException:
        # Its message would quote the file.
        raise DataError(
            "an extract cannot be read", (unreadable_table(f'source "{source.name}"', folder / source.file),)
        ) from None


def connect() -> duckdb.DuckDBPyConnection:
    """Open an empty in-memory database with a fixed number of threads, rows kept in the order they stand."""
    con = duckdb.connect()
    con.execute(
        "SET threads = 2; SET preserve_insertion_order = true; SET autoinstall_known_extensions = false; "
        "SET enable_progress_bar = false"
    )
    return con


def lock(con: duckdb.DuckDBPyConnection) -> None:
    """Shut the database off from files, the network and its own settings: contract rules run in it after this."""
    con.execute("SET enable_external_access = false; SET lock_configuration = true")


def refuse_above(reports: list[SourceReport], share: float) -> None:
    """Raise DataError when any source had more than this share of its rows set aside."""
    problems = tuple(
        Problem(
            f'source "{report.source}"',
            f"{report.set_aside.total()} of {report.set_aside.total() + report.kept} rows break the contract "
            f"({_reasons(report)}{_first(report)})",
            f"Correct the extract or the contract; the plan allows a share of {share:g}.",
        )
        for report in reports
        if report.share_set_aside > share
    )
    if problems:
        raise DataError("too many rows break the contract", problems)


def _first(report: SourceReport) -> str:
    return f"; first at line {report.examples[0][0]}" if report.examples else ""


def _reasons(report: SourceReport) -> str:
    return ", ".join(f"{reason} × {count}" for reason, count in report.set_aside.most_common(5))


def _read_births(con: duckdb.DuckDBPyConnection, contract: Contract, folder: Path) -> None:
    """Write `birth` (child, born, cohort: the year its academic year began); with two different dates of birth it has none."""
    con.execute("CREATE TABLE birth (child VARCHAR, born DATE, cohort INTEGER)")
    if contract.birth is None:
        return
    cohort = cohort_sql(contract.cohort) if contract.cohort is not None else "NULL"
    source = contract.source(contract.birth.source)
    day = f"CAST(try_strptime({text_of(contract.birth.column)}, {literal(source.date_format)}) AS DATE)"
    con.execute(f"""
        INSERT INTO birth
        SELECT child, born, {cohort} FROM (SELECT child, min(born) AS born FROM (SELECT {text_of(source.child)} AS child, {day} AS born FROM ({texts(con, source, folder)}))
        WHERE born IS NOT NULL GROUP BY child HAVING min(born) = max(born))""")
    unreadable_rows(con, folder / source.file)


def _read_source(con: duckdb.DuckDBPyConnection, source: Source, folder: Path) -> SourceReport:
    _stage(con, source, folder)
    if source.rows == "one":
        _set_aside_second_rows(con, source)
    _set_aside_crowds(con)
    columns = ", ".join(f"CAST({quoted(c.name)} AS {stored_type(c)}) AS {quoted(c.name)}" for c in source.columns)
    con.execute(f"""
        CREATE TABLE {quoted("events_" + source.name)} AS
        SELECT child, CAST(happened AS INTEGER) AS happened, CAST(known AS INTEGER) AS known{", " + columns if columns else ""}
        FROM staged WHERE {REASON} IS NULL ORDER BY {ROW}""")
    report = _report(con, source, folder)
    con.execute("DROP TABLE staged")
    return report


def _stage(con: duckdb.DuckDBPyConnection, source: Source, folder: Path) -> None:
    """Write `staged`: every readable row with its exact values, and the reason it breaks the contract (or NULL)."""
    cells = [cell(column, source) for column in source.columns]
    values = "".join(f", {c.value} AS {quoted(c.name)}" for c in cells)
    reasons = "".join(f", {literal(c.name + ': ')} || ({c.reason})" for c in cells)
    con.execute(f"""
        CREATE TEMP TABLE staged AS
        WITH raw AS ({texts(con, source, folder)}),
        keyed AS (SELECT *, {text_of(source.child)} AS child FROM raw),
        dated AS (SELECT keyed.*, birth.born FROM keyed LEFT JOIN birth USING (child)),
        happening AS (SELECT *, {age(source.happened, source)} AS happened FROM dated),
        timed AS (SELECT *, {age(source.known, source)} AS known FROM happening)
        SELECT row AS {ROW}, child, happened, known{values}, coalesce({timing_reason(source)}{reasons}) AS {REASON} FROM timed""")


def _set_aside_second_rows(con: duckdb.DuckDBPyConnection, source: Source) -> None:
    """
    Keep one row a child where the contract says one: the one known first.

    Rows that disagree on that first day are all set aside: nobody can say which is right. Going by the day it became
    known keeps a later row from changing what an earlier snapshot saw.
    """
    same = ", ".join(quoted(name) for name in ("happened", *(column.name for column in source.columns)))
    con.execute(f"""
        UPDATE staged SET {REASON} = doubt.why FROM (
            SELECT {ROW} AS row, CASE
                WHEN known > min(known) OVER each_child THEN 'second_row'
                WHEN count(*) OVER each_day > count(*) OVER (PARTITION BY child, known, {same}) THEN 'rows_disagree'
                WHEN {ROW} > min({ROW}) OVER each_day THEN 'duplicate_row' END AS why
            FROM staged WHERE {REASON} IS NULL
            WINDOW each_child AS (PARTITION BY child), each_day AS (PARTITION BY child, known)
        ) AS doubt WHERE staged.{ROW} = doubt.row AND doubt.why IS NOT NULL""")


def _set_aside_crowds(con: duckdb.DuckDBPyConnection) -> None:
    """
    Set aside the rows of a child from the day there are more than can be summed exactly: a default key, and no child.

    What was known before that day stays, so that later rows take nothing from an earlier snapshot.
    """
    con.execute(f"""
        UPDATE staged SET {REASON} = 'too_many_rows_for_one_child'
        WHERE {ROW} IN (
            SELECT {ROW} FROM staged WHERE {REASON} IS NULL
            QUALIFY count(*) OVER (PARTITION BY child ORDER BY known RANGE UNBOUNDED PRECEDING) > {MAX_ROWS})""")


def _report(con: duckdb.DuckDBPyConnection, source: Source, folder: Path) -> SourceReport:
    unreadable = unreadable_rows(con, folder / source.file)
    counts = con.execute(f"SELECT {REASON}, count(*) FROM staged GROUP BY {REASON}").fetchall()
    report = SourceReport(source.name, dict(counts).get(None, 0))
    report.set_aside.update({reason: count for reason, count in counts if reason is not None})
    report.set_aside.update(unreadable.values())
    if report.set_aside:
        report.examples = _examples(con, folder / source.file, unreadable)
    return report


def _examples(con: duckdb.DuckDBPyConnection, path: Path, unreadable: dict[int, str]) -> list[tuple[int, str]]:
    """Return (line, reason) of the first rows set aside."""
    found = con.execute(
        f"SELECT {ROW}, {REASON} FROM staged WHERE {REASON} IS NOT NULL ORDER BY {ROW} LIMIT {EXAMPLES_KEPT}"
    ).fetchall()
    lines = lines_of(path, {row for row, _ in found}, unreadable)
    readable = [(lines[row], reason) for row, reason in found if row in lines]
    return sorted([*readable, *unreadable.items()])[:EXAMPLES_KEPT]


def list_children(con: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Write `children` (child), in order: everyone with an event in a source that features or the scope rest on."""
    names = [source.name for source in contract.feature_sources]
    every = " UNION ".join(f"SELECT child FROM {quoted('events_' + name)}" for name in names)
    con.execute(f"CREATE TABLE children AS SELECT DISTINCT child FROM ({every}) ORDER BY child")
