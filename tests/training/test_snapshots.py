"""Snapshots at scale: whom the contract's scope lets be scored, as the one-child engine would say."""

import math
import random
from importlib.resources import files

import duckdb
import numpy as np
import pytest

from models.contract import Contract
from models.contract_reading import parse_contract
from models.record import ChildRecord, Event, Span
from models.scope import refusal, refusal_of_row
from models.snapshot import take_snapshot
from training.snapshots import Matrix, enough_known, in_scope

LEAST = 0.95


@pytest.fixture(scope="module")
def england() -> Contract:
    """The shipped contract, with a higher bar for links and nothing else in its scope."""
    return contract_with(f"{{ least_link = {LEAST}, least_known_share = 0.5 }}")


def contract_with(scope: str) -> Contract:
    """The shipped contract with another scope."""
    text = (files("models") / "contracts" / "england.toml").read_text(encoding="utf-8")
    lines = [f"scope = {scope}" if line.startswith("scope = ") else line for line in text.splitlines()]
    return parse_contract("\n".join(lines))


def linked(england: Contract, records: dict[str, ChildRecord]) -> duckdb.DuckDBPyConnection:
    """The tables that ingesting these records would leave: events, coverage and links, of nothing but ages."""
    con = duckdb.connect()
    con.execute("CREATE TABLE children AS SELECT unnest(?) AS child", [list(records)])
    con.execute("CREATE TABLE links (child VARCHAR, agency VARCHAR, probability DOUBLE)")
    con.execute('CREATE TABLE coverage (child VARCHAR, source VARCHAR, start INTEGER, "end" INTEGER, known INTEGER)')
    for source in england.feature_sources:
        con.execute(f"CREATE TABLE events_{source.name} (child VARCHAR, happened INTEGER, known INTEGER)")
    assert england.linkage is not None
    for child, record in records.items():
        for name, probability in record.links.items():
            con.execute(
                "INSERT INTO links VALUES (?, ?, ?)", [child, england.linkage.agency_of[name].name, probability]
            )
        for name, events in record.events.items():
            con.executemany(
                f"INSERT INTO events_{name} VALUES (?, ?, ?)", [[child, e.happened, e.known] for e in events]
            )
        for name, spans in record.coverage.items():
            rows = [[child, england.proven_by[name], s.start, s.end, s.known] for s in spans]
            con.executemany("INSERT INTO coverage VALUES (?, ?, ?, ?, ?)", rows)
    return con


def test_links_that_are_not_certain_enough(england: Contract) -> None:
    """Both engines refuse the same children: those of whom a link that is too uncertain brought something known by then."""
    chance, landmark = random.Random(3), england.landmarks[1]  # noqa: S311 (no secret)
    records = {f"child {i}": _record(chance, landmark.age) for i in range(300)}
    with linked(england, records) as con:
        scored = {child for (child,) in con.execute(in_scope(england, landmark)).fetchall()}
    refused = {c: refusal(england.scope, take_snapshot(record, landmark.age)) for c, record in records.items()}
    assert scored == {child for child, why in refused.items() if why is None}
    assert 50 < len(scored) < 250


def _record(chance: random.Random, age: int) -> ChildRecord:
    """A child linked in two agencies, one source each: there may be an event, or coverage, known by then or later."""
    days = {name: chance.choice((age - 1, age, age + 1)) for name in ("births", "referrals")}
    events = {name: (Event(0, day),) for name, day in days.items() if chance.random() < 0.6}
    spans = {"referrals": (Span(0, chance.choice((-1, 400)), chance.choice((age, age + 1))),)}
    links = {name: chance.choice((0.9, LEAST, 0.99, 1.0)) for name in days}
    return ChildRecord(events, spans if chance.random() < 0.5 else {}, links)


def test_rows_of_which_too_little_is_known(england: Contract) -> None:
    """A row stays where the contract's share of its features is known, and falls out just below it, in both engines."""
    landmark = england.landmarks[0]
    names = tuple(feature.name for feature in england.features_at(landmark))
    numbers = np.full((len(names) + 1, len(names)), math.nan)
    for known in range(len(names) + 1):
        numbers[known, :known] = 1.0
    children = np.array([f"{known} known" for known in range(len(names) + 1)])
    kept = enough_known(england, Matrix(landmark, children, names, numbers))
    ranges = [(0.0, 2.0)] * len(names)
    alone = [c for c, row in zip(children, numbers, strict=True) if refusal_of_row(england.scope, row, ranges) is None]
    assert kept.children.tolist() == alone
    assert kept.numbers.shape == (len(alone), len(names))
    assert 0 < len(alone) < len(children)
