"""Writes what stands beside linked extracts: how sure links are, cohorts, the spans of feeds, changed pseudonyms."""

import csv
from pathlib import Path

import duckdb

from models.contract import Contract
from models.record import MIN_AGE
from training.extract_sql import literal
from training.linkage.pseudonyms import Change
from training.linkage.writing import Written
from training.linked_folder import CHANGES, CHILDREN, COVERAGE, LINKS, PERIODS, mark, period_sql

_WEEKS = 28


def write_beside(
    con: duckdb.DuckDBPyConnection, contract: Contract, out: Path, changes: list[Change], written: list[Written]
) -> None:
    """Write what the linked extracts need beside them, from `people`, `member` and `children`."""
    con.execute("""
        CREATE TABLE links AS
        SELECT name AS child, agency, round(min(strength), 6) AS probability
        FROM people JOIN member USING (uid) JOIN children USING (child) GROUP BY name, agency""")
    _copy(con, "SELECT * FROM links ORDER BY child, agency", out / LINKS)
    _copy(
        con,
        "SELECT name AS child, cohort, min(probability) AS weakest_link FROM children JOIN links ON links.child = name "
        "GROUP BY name, cohort ORDER BY name",
        out / CHILDREN,
    )
    _copy(con, _feeds(contract), out / COVERAGE)
    periods = f"SELECT name AS child, {period_sql('born')} AS period FROM children WHERE born IS NOT NULL ORDER BY name"
    _copy(con, periods, out / PERIODS)
    with (out / CHANGES).open("w", encoding="ascii", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["change", "earlier", "now"])
        writer.writerows(sorted((change.kind, change.earlier, change.now) for change in changes))
    mark(out, contract, {one.source: one.lost for one in written})


def _feeds(contract: Contract) -> str:
    """
    Return the SQL of the ages at which feeds cover each child, by four weeks and no further than features look.

    A feed begins on a day that everybody knows: to the day, its ages would tell when a child was born. Covering a
    little less than is proven is safe.
    """
    last = max(landmark.age for landmark in contract.landmarks)
    spans = [
        f"SELECT name AS child, {literal(proof)} AS source, "
        f"CAST(ceil(greatest(DATE '{feed.start}' - born, 0) / {_WEEKS}) * {_WEEKS} AS INTEGER) AS start, "
        f"CASE WHEN DATE '{feed.end}' - born >= {last} THEN {last} "
        f"ELSE CAST(floor((DATE '{feed.end}' - born + 1) / {_WEEKS}) * {_WEEKS} AS INTEGER) - 1 END AS \"end\" "
        "FROM children WHERE born IS NOT NULL"
        for proof in dict.fromkeys(contract.proven_by.values())
        if (coverage := contract.source(proof).coverage) is not None and (feed := coverage.feed) is not None
    ]
    nothing = f'SELECT NULL AS child, NULL AS source, {MIN_AGE} AS start, {MIN_AGE} AS "end" WHERE false'
    every = " UNION ALL ".join([*spans, nothing])
    return f'SELECT * FROM ({every}) WHERE "end" >= start ORDER BY child, source'


def _copy(con: duckdb.DuckDBPyConnection, sql: str, path: Path) -> None:
    con.execute(f"COPY ({sql}) TO {literal(str(path))} (FORMAT csv, HEADER)")
