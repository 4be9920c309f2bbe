"""Reads one child's record back from the tables of events, for the engine that answers one child."""

import duckdb

from models.contract import Contract
from models.record import ChildRecord, Event, Span
from training.extract_sql import quoted


def read_record(con: duckdb.DuckDBPyConnection, contract: Contract, child: str) -> ChildRecord:
    """Return a child's record: the sources and columns that features rest on."""
    return ChildRecord(
        {source.name: _events(con, contract, source.name, child) for source in contract.feature_sources},
        {name: _spans(con, proof, child) for name, proof in contract.proven_by.items()},
        _links(con, contract, child),
    )


def _events(con: duckdb.DuckDBPyConnection, contract: Contract, source: str, child: str) -> tuple[Event, ...]:
    columns = sorted(contract.feature_columns[source])
    wanted = "".join(f", {quoted(column)}" for column in columns)
    rows = con.execute(
        f"SELECT happened, known{wanted} FROM {quoted('events_' + source)} WHERE child = ? ORDER BY happened, known",
        [child],
    ).fetchall()
    return tuple(Event(happened, known, dict(zip(columns, values, strict=True))) for happened, known, *values in rows)


def _links(con: duckdb.DuckDBPyConnection, contract: Contract, child: str) -> dict[str, float]:
    """Return the probability of each source's link: that of the agency that sent it."""
    found = dict(con.execute("SELECT agency, probability FROM links WHERE child = ?", [child]).fetchall())
    agencies = contract.linkage.agency_of if contract.linkage is not None else {}
    used = {source.name: agencies[source.name].name for source in contract.feature_sources if source.name in agencies}
    return {source: found[agency] for source, agency in used.items() if agency in found}


def _spans(con: duckdb.DuckDBPyConnection, source: str, child: str) -> tuple[Span, ...]:
    found = con.execute('SELECT start, "end", known FROM coverage WHERE source = ? AND child = ?', [source, child])
    return tuple(Span(*row) for row in found.fetchall())
