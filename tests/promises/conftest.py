"""What both engines are given: invented records, and tables as `training.ingest` leaves them; and how a real service is asked."""

import http.client
import json
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from models.contract import Contract
from models.record import MAX_AGE, MIN_AGE, ChildRecord, Event, Exact, Span
from models.source import Column, Source
from training.extracts import columns_wanted
from training.ingest import connect, ingest, list_children

Records = Mapping[str, ChildRecord]
Types = Mapping[str, dict[str, str]]
Heard = tuple[int, dict[str, str], bytes]


@pytest.fixture(scope="session")
def ask() -> Callable[..., Heard]:
    """Ask a service at a port of this machine, and return status, headers (their names in small letters) and body."""
    return _ask


def _ask(port: int, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None) -> Heard:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    sent = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    try:
        connection.request(method, path, sent, {"Content-Type": "application/json"} | dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@pytest.fixture(scope="session")
def types_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Contract], Types]:
    """Return the type of every column that ingesting extracts of a contract leaves in its tables of events."""
    return lambda contract: _types(contract, tmp_path_factory.mktemp(contract.name))


@pytest.fixture(scope="session")
def tables_of() -> Callable[[Contract, Types, Records], duckdb.DuckDBPyConnection]:
    """Put records into the tables that ingesting them would have left."""
    return _tables


@pytest.fixture(scope="session")
def invented_records() -> Callable[[Contract, int, int], dict[str, ChildRecord]]:
    """
    Invent the records of some children from a seed.

    There are ties, events known on the very day, late or never, and spans that meet, overlap, leave a gap or come late.
    """
    return _records


def _types(contract: Contract, folder: Path) -> Types:
    for source in contract.sources:
        names = columns_wanted(source)
        if source.file.endswith(".parquet"):
            pq.write_table(pa.table({name: pa.array([], pa.string()) for name in names}), folder / source.file)
        else:
            (folder / source.file).write_text(",".join(names) + "\n", encoding="utf-8")
    con, _ = ingest(contract, folder)
    described = {s.name: con.execute(f"DESCRIBE events_{s.name}").fetchall() for s in contract.sources}
    return {source: {name: kind for name, kind, *_ in columns} for source, columns in described.items()}


def _tables(contract: Contract, types: Types, records: Records) -> duckdb.DuckDBPyConnection:
    con = connect()
    for source, kinds in types.items():
        columns = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
        con.execute(f"CREATE TABLE events_{source} ({columns})")
        rows = [(c, e) for c, record in records.items() for e in record.events.get(source, ())]
        arrived: dict[str, list[Any]] = {"child": [child for child, _ in rows]}
        arrived |= {"happened": [e.happened for _, e in rows], "known": [e.known for _, e in rows]}
        arrived |= {name: [e.values.get(name) for _, e in rows] for name in list(kinds)[3:]}
        _insert(con, f"events_{source}", kinds, arrived)
    # Sources that share one coverage have one proof, as `training.coverage` writes it.
    spans = [
        (c, s, p)
        for c, record in records.items()
        for s, proven in record.coverage.items()
        for p in proven
        if contract.proven_by[s] == s
    ]
    kinds = {"child": "VARCHAR", "source": "VARCHAR", "start": "INTEGER", "end": "INTEGER", "known": "INTEGER"}
    con.execute('CREATE TABLE coverage (child VARCHAR, source VARCHAR, start INTEGER, "end" INTEGER, known INTEGER)')
    con.execute("CREATE TABLE links (child VARCHAR, agency VARCHAR, probability DOUBLE)")
    arrived = {"child": [c for c, _, _ in spans], "source": [s for _, s, _ in spans]}
    arrived |= {"start": [p.start for *_, p in spans], "end": [p.end for *_, p in spans]}
    _insert(con, "coverage", kinds, arrived | {"known": [p.known for *_, p in spans]})
    list_children(con, contract)
    return con


def _insert(con: duckdb.DuckDBPyConnection, table: str, kinds: Mapping[str, str], rows: dict[str, list[Any]]) -> None:
    held = {name: pa.string() if kind == "VARCHAR" else pa.int64() for name, kind in kinds.items()}
    con.register("arrived", pa.table({name: pa.array(rows[name], held[name]) for name in kinds}))
    con.execute(f"INSERT INTO {table} SELECT * FROM arrived")
    con.unregister("arrived")


def _records(contract: Contract, seed: int, children: int) -> dict[str, ChildRecord]:
    chance = random.Random(seed)  # noqa: S311 (no secret)
    return {f"child-{n}": _record(contract, chance) for n in range(children)}


def _record(contract: Contract, chance: random.Random) -> ChildRecord:
    sources = [source for source in contract.feature_sources if chance.random() < 0.9]
    proofs = {proof: _spans(chance) for proof in contract.proven_by.values() if chance.random() < 0.9}
    crowded = chance.random() < 0.2
    return ChildRecord(
        {
            s.name: tuple(_event(s, chance) for _ in range(chance.choice((9, 14) if crowded else (0, 1, 2, 4))))
            for s in sources
        },
        {name: proofs[proof] for name, proof in contract.proven_by.items() if proof in proofs},
    )


def _event(source: Source, chance: random.Random) -> Event:
    happened = chance.choice(
        (0, 0, 100, 182, 183, 364, 365, 365, 366, 578, 760, MIN_AGE, MAX_AGE, chance.randint(-9, 900))
    )
    delays = (0, 0, 0, 7, 365 - happened, 366 - happened, 760 - happened, 761 - happened)
    known = min(happened + max(0, chance.choice(delays)), MAX_AGE)
    return Event(happened, known, {c.name: _value(c, chance) for c in source.columns})


def _value(column: Column, chance: random.Random) -> Exact:
    if chance.random() < 0.2:
        return None
    if column.code_map:
        return chance.choice(list(column.code_map.values()))
    if column.type == "key":
        return chance.choice(("family 1", "family 2"))
    if column.type == "date":
        return chance.choice((0, 100, 365, 760, 761, 2000, -400, 40000))
    low, high = column.bounds
    usual = [units for units in (-3, -1, 0, 1, 2, 6, 7) if low <= units <= high]
    return chance.choice([*usual, *usual, low, low + 1, high - 1, high, chance.randint(low, high)])


def _spans(chance: random.Random) -> tuple[Span, ...]:
    age, known = chance.choice((365, 760)), chance.choice((MIN_AGE, 0, 364, 365, 366, 760, 761))
    whole, first, last = Span(0, age, known), Span(-5, 100, 0), Span(182, age, known)
    return chance.choice(
        (
            (),
            (whole,),
            (Span(MIN_AGE, MAX_AGE, MIN_AGE),),
            (Span(0, age - 1, known),),
            (Span(1, age, known),),
            (first, Span(101, age, known)),
            (first, Span(102, age, known)),
            (Span(50, age, known), first),
            (first, last, last, last),
            (whole, Span(10, 20, 0), Span(MIN_AGE, 40, known)),
            (Span(age, 0, 0), Span(500, 400, known)),
            (Span(0, 0, 0), Span(1, 1, 0), Span(2, age, 0), Span(2, age, known)),
        )
    )
