"""
`known_after_landmark`, before anything is computed: an extract says when its rows were recorded, and the contract passes it over.

A contract that takes a fact as known on the day it happened, where the extract holds a later date beside it, lets features see
what was written down after the landmark. No other check can find that: every engine believes the contract.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from models.contract import Contract
from models.source import Source
from training.alarms.alarm import Alarm
from training.extract_sql import literal, text_of
from training.extracts import column_types, columns_wanted, texts_of
from training.ingest import connect
from training.linked_folder import is_linked

# Of a column's cells: so many filled and dates; so few before what happened; and some after it.
FILLED, DATED, BEFORE, LATER = 0.5, 0.95, 0.01, 0.01
THRESHOLD = "no extract holds later dates that the contract passes over where it takes rows as known at once"


def passed_over(contract: Contract, folder: Path) -> list[Alarm]:
    """
    Return an alarm for each column of later dates that the contract passes over.

    None where there are none, and none of linked extracts: these hold the columns of the contract alone, so that this is not
    asked of them, and the gate says so. A source whose rows
    all happened at one declared age has no day to set beside another, and is left out.
    """
    if is_linked(folder):
        return []
    con = connect()
    sources = [source for source in contract.feature_sources if _has_no_day_of_its_own(source)]
    return [_alarm(source, column) for source in sources for column in _later(con, source, folder)]


def _has_no_day_of_its_own(source: Source) -> bool:
    happened, known = source.happened.file_column, source.known.file_column
    return happened is not None and known in {None, happened}


def _later(con: duckdb.DuckDBPyConnection, source: Source, folder: Path) -> Iterator[str]:
    path, happened = folder / source.file, source.happened.file_column or ""
    wanted = columns_wanted(source)
    for name in (name for name in column_types(con, path) if name not in wanted):
        rows = texts_of(con, path, [happened, name], source.date_format)
        found = con.execute(f"""
            SELECT count(*), count(*) FILTER (WHERE {text_of(name)} <> ''), count(later), count(*) FILTER (WHERE later < 0),
                count(*) FILTER (WHERE later > 0)
            FROM (SELECT *, {_day(source, name)} - {_day(source, happened)} AS later FROM ({rows}))""").fetchall()
        if _looks_recorded(*found[0]):
            yield name


def _day(source: Source, column: str) -> str:
    """Return the SQL of a day as a number: an age, or the days since some day, by how the source's own day is written."""
    text = text_of(column)
    if source.happened.age is not None:
        return f"CASE WHEN regexp_full_match({text}, '[+-]?[0-9]{{1,6}}') THEN CAST({text} AS BIGINT) END"
    return f"datediff('day', DATE '1900-01-01', CAST(try_strptime({text}, {literal(source.date_format)}) AS DATE))"


def _looks_recorded(rows: int, filled: int, dated: int, before: int, later: int) -> bool:
    """Whether a column looks like the day on which each row was written down: on or after what happened, some days later."""
    if not rows or filled < FILLED * rows or dated < DATED * filled:
        return False
    return before <= BEFORE * dated and later > LATER * dated


def _alarm(source: Source, column: str) -> Alarm:
    return Alarm(
        code="known_after_landmark",
        rings=True,
        threshold=THRESHOLD,
        found=f'{source.label}: the extract holds later days in column "{column}", and the contract takes its rows as known before.',
        advice=f"If rows were recorded then, say so in the contract (known), else declare {column} as a date.",
        about=f"{source.name} {column}",
    )
