"""
Writes the child records of extracts as JSON lines, for the service to take in: all children, in order, set by set.

The first line says what the lines are made by; each of the others is one child:
{"child", "period", "events": {source: [[happened, known, {column: value}]]}, "coverage": {source: [[start, end, known]]},
"links": {source: probability}}. Ages are in days and values exact, as `training.records.read_record` reads them for one
child; `period` is of `models.birth_period`.
"""

import datetime
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import duckdb

from models.contract import Contract
from models.errors import DataError, Problem
from models.private_file import written_whole
from models.record_form import record_form
from training.extract_sql import literal, quoted
from training.ingest import connect, ingest, refuse_above
from training.linked_folder import is_linked, period_sql, read_periods

FORMAT = 1
# So many children are put together at a time: the memory that this takes does not depend on how many there are.
BLOCK = 20_000
# As a plan allows where nobody says otherwise: from an extract that is broken, little would be known of many children.
MOST_SET_ASIDE = 0.02
Say = Callable[[str], None]


def write_child_lines(
    contract: Contract, folder: Path, extracted: datetime.date, out: Path, say: Say, block: int = BLOCK
) -> Counter[str]:
    """
    Write `out` (mode 0600) from linked extracts, or from extracts with dates of birth; returns counts of children and rows.

    So many children as a `block` has are put together at a time. Raises DataError where the extracts cannot be read, break
    the contract too often, or nobody's date of birth is known, and BadInput when `out` is taken.
    """
    say("reading the extracts")
    con, reports = ingest(contract, folder)
    refuse_above(reports, MOST_SET_ASIDE)
    periods = _periods(con, folder)
    counts: Counter[str] = Counter()
    with con, written_whole(out) as file:
        file.write(_line({"format": FORMAT, "form": record_form(contract), "extracted": extracted.isoformat()}))
        for line in _lines(con, contract, periods, block):
            counts["written" if line else "without_date_of_birth"] += 1
            file.write(line)
            if counts.total() % BLOCK == 0:
                say(f"{counts.total()} children written")
        _check(counts)
    counts["rows_set_aside"] = sum(report.set_aside.total() for report in reports)
    for report in reports:
        counts.update({f"rows_set_aside, {report.source}: {why}": n for why, n in report.set_aside.most_common()})
    return counts


def _periods(con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, int]:
    if is_linked(folder):
        with connect() as beside:
            return read_periods(beside, folder)
    return dict(con.execute(f"SELECT child, {period_sql('born')} FROM birth WHERE born IS NOT NULL").fetchall())


def _check(counts: Counter[str]) -> None:
    if not counts["written"]:
        problem = Problem(
            "birth", "no child has a date of birth", "Name it in the contract's [birth]: an age says when to score."
        )
        raise DataError("no child can be loaded", (problem,))


def _lines(
    con: duckdb.DuckDBPyConnection, contract: Contract, periods: Mapping[str, int], block: int
) -> Iterator[bytes]:
    """Yield each child's line, in the order of children; nothing for one without a period."""
    children = [child for (child,) in con.execute("SELECT child FROM children ORDER BY child").fetchall()]
    made_of = _MadeOf(contract)
    for start in range(0, len(children), block):
        first, last = children[start], children[min(start + block, len(children)) - 1]
        links = made_of.links(con, first, last)
        for child, *told in con.execute(made_of.sql(first, last)).fetchall():
            period = periods.get(child)
            yield b"" if period is None else made_of.line(child, period, told, links.get(child, {}))


class _MadeOf:
    """What the line of a child of one contract is made of."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._events = [source.name for source in contract.feature_sources]
        self._proofs = contract.proven_by
        agencies = contract.linkage.agency_of if contract.linkage is not None else {}
        self._agencies = {name: agencies[name].name for name in self._events if name in agencies}

    def sql(self, first: str, last: str) -> str:
        """Return the SQL of children from one to another: of each the JSON of its events by source, then of its proofs."""
        parts = [self._events_sql(name) for name in self._events] + [_spans_sql(p) for p in self._proven]
        between = f"child BETWEEN {literal(first)} AND {literal(last)}"
        told = ", ".join(f"part_{i}.told" for i in range(len(parts)))
        joined = " ".join(
            f"LEFT JOIN (SELECT child, '[' || {made} || ']' AS told FROM {table} AND {between} GROUP BY child) "
            f"AS part_{i} USING (child)"
            for i, (made, table) in enumerate(parts)
        )
        return f"SELECT child, {told} FROM children {joined} WHERE {between} ORDER BY child"

    @property
    def _proven(self) -> list[str]:
        return list(dict.fromkeys(self._proofs.values()))

    def _events_sql(self, source: str) -> tuple[str, str]:
        columns = sorted(self._contract.feature_columns[source])
        values = ", ".join(f"{literal(column)}: {quoted(column)}" for column in columns)
        written = f"to_json({{{values}}})" if values else "'{}'"
        event = f"'[' || happened || ',' || known || ',' || {written} || ']'"
        return f"string_agg({event}, ',' ORDER BY happened, known)", f"{quoted('events_' + source)} WHERE true"

    def links(self, con: duckdb.DuckDBPyConnection, first: str, last: str) -> dict[str, dict[str, float]]:
        """Return the probability of each agency's link, by child, of children from one to another."""
        found: dict[str, dict[str, float]] = {}
        asked = con.execute("SELECT child, agency, probability FROM links WHERE child BETWEEN ? AND ?", [first, last])
        for child, agency, probability in asked.fetchall():
            found.setdefault(child, {})[agency] = probability
        return found

    def line(self, child: str, period: int, told: list[str | None], links: Mapping[str, float]) -> bytes:
        """Return the line of a child, from the row that `sql` gives."""
        spans = dict(zip(self._proven, told[len(self._events) :], strict=True))
        events = _object({name: told[i] for i, name in enumerate(self._events)})
        coverage = _object({name: spans[proof] for name, proof in self._proofs.items()})
        by_source = {name: links[agency] for name, agency in self._agencies.items() if agency in links}
        known = f'"events":{events},"coverage":{coverage},"links":{json.dumps(by_source)}'
        return f'{{"child":{json.dumps(child)},"period":{period},{known}}}\n'.encode()


def _spans_sql(proof: str) -> tuple[str, str]:
    span = """'[' || start || ',' || "end" || ',' || known || ']'"""
    return f"""string_agg({span}, ',' ORDER BY start, "end", known)""", f"coverage WHERE source = {literal(proof)}"


def _object(parts: Mapping[str, str | None]) -> str:
    return "{" + ",".join(f"{json.dumps(name)}:{told or '[]'}" for name, told in parts.items()) + "}"


def _line(told: Mapping[str, object]) -> bytes:
    return json.dumps(told).encode() + b"\n"
