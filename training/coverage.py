"""Proven coverage: the ages at which no row of a source means that nothing happened."""

import duckdb

from models.contract import Contract
from models.record import MAX_AGE, MIN_AGE
from models.source import Coverage, Source
from training.extract_sql import literal, quoted


def write_coverage(con: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """
    Write the table `coverage` (child, source, start, end, known): ages in days, spans with both ends included.

    Sources that share one coverage have one proof, under the name of the first of them (`Contract.proven_by`).
    """
    con.execute('CREATE TABLE coverage (child VARCHAR, source VARCHAR, start INTEGER, "end" INTEGER, known INTEGER)')
    for source in contract.feature_sources:
        if source.coverage is not None and contract.proven_by[source.name] == source.name:
            con.execute(f"INSERT INTO coverage {_spans(contract, source, source.coverage)}")


def _spans(contract: Contract, source: Source, coverage: Coverage) -> str:
    name = literal(source.name)
    if coverage.ages is not None:
        start, end = coverage.ages
        return f"SELECT DISTINCT child, {name}, {start}, {end}, {MIN_AGE} FROM ({_everyone(contract)})"
    if coverage.feed is not None:
        start_day, end_day = (f"CAST('{day.isoformat()}' AS DATE)" for day in (coverage.feed.start, coverage.feed.end))
        return (
            f"SELECT child, {name}, {_clip(f'{start_day} - born')}, {_clip(f'{end_day} - born')}, {MIN_AGE} FROM birth "
            f'WHERE born IS NOT NULL UNION ALL SELECT child, {name}, start, "end", {MIN_AGE} FROM feeds WHERE source = {name}'
        )
    if coverage.residence is not None:
        until = _clip(f"coalesce({quoted(coverage.residence.until)}, {MAX_AGE})")
        spells = quoted("events_" + coverage.residence.source)
        return f"SELECT child, {name}, happened, {until}, known FROM {spells}"
    raise AssertionError(source.name)


def _clip(days: str) -> str:
    return f"least(greatest({days}, {MIN_AGE}), {MAX_AGE})"


def _everyone(contract: Contract) -> str:
    return " UNION ".join(f"SELECT child FROM {quoted('events_' + source.name)}" for source in contract.feature_sources)
