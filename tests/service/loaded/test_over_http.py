"""Scores by reference and worklists as callers ask for them, over the whole door, and while a new load is put in place."""

import asyncio
import contextlib
import datetime
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from models.contract import Contract
from service.access.evaluation import EvaluationAccess
from service.actions.scoring import score
from service.app import app_of
from service.call import Service
from service.current import Current, Held
from service.live import Live
from service.loaded.by_reference import Loaded
from service.loaded.loading import take_in
from service.loaded.store import LoadedStore
from service.record.references import References
from service.record.store import open_record

NOW = datetime.datetime(2018, 6, 1, 9, tzinfo=datetime.UTC)


@pytest.fixture
def door(tmp_path: Path, live: Live, store: LoadedStore) -> Iterator[TestClient]:
    """A client of a service that has the borough's children loaded."""

    @contextlib.asynccontextmanager
    async def opened() -> AsyncIterator[Service]:
        record = open_record(tmp_path / "record.db", checkpoints=tmp_path / "checkpoints.jsonl", now=lambda: NOW)
        hashed = References(b"a key of tests")
        service = Service(Current(Held(live)), EvaluationAccess(), hashed, record=record, evaluation=True)
        service.now, service.today = (lambda: NOW), NOW.date
        service.loaded = Loaded(store, hashed)
        try:
            yield service
        finally:
            await record.close()

    with TestClient(app_of(opened), base_url="http://127.0.0.1", client=("127.0.0.1", 50000)) as client:
        yield client


def test_a_score_by_reference(door: TestClient, references: list[str]) -> None:
    """A reference and a purpose are enough to be scored, and the score is recorded like any other."""
    asked = {"subject": references[0], "purpose": "early_help"}
    given = door.post("/v1/scores", json=asked)
    assert given.status_code == 201
    assert given.json()["subject"] == references[0]
    kept = door.get(given.headers["location"]).json()
    assert kept.pop("now")["standing"] == "current"
    assert kept | {"subject": references[0]} == given.json()
    assert door.post("/v1/scores", json=asked | {"subject": "zelphine"}).status_code == 404
    assert door.post("/v1/scores", json=asked | {"purpose": "research"}).status_code == 422


def test_a_worklist(door: TestClient) -> None:
    """A list has an address, where it is read again as JSON and as a table; each child's score has its own."""
    asked = {"team": "=West", "purpose": "early_help", "outcome": "not_gld", "children": 3}
    made = door.post("/v1/worklists", json=asked)
    assert made.status_code == 201
    assert door.get(made.headers["location"]).json() == made.json()
    table = door.get(made.headers["location"] + ".csv")
    assert (table.status_code, len(table.text.splitlines())) == (200, 4)
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert table.headers["content-disposition"] == f'attachment; filename="worklist-{made.json()["day"]}.csv"'
    for row in made.json()["children"]:
        kept = door.get(row["answer"]["links"]["self"]).json()
        assert kept["scores"] == row["answer"]["scores"]
    assert door.get("/v1/worklists/nothing").status_code == 404


def test_a_worklist_asked_again(door: TestClient) -> None:
    """A list that is asked for again under its key is the same list in the same bytes, and is made once."""
    asked = {"team": "=West", "purpose": "early_help", "outcome": "not_gld", "children": 3}
    first, again = (door.post("/v1/worklists", json=asked, headers={"Idempotency-Key": "list"}) for _ in range(2))
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert first.headers["location"] == again.headers["location"]
    assert door.post("/v1/worklists", json=asked).json()["id"] != first.json()["id"]
    other = door.post("/v1/worklists", json=asked | {"children": 2}, headers={"Idempotency-Key": "list"})
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-used")


def test_nothing_is_loaded(door: TestClient, references: list[str], tmp_path: Path) -> None:
    """Where no fresh records are loaded, what rests on them is refused as a conflict: the service itself is well."""
    state = door.app.service  # type: ignore[attr-defined]
    state.loaded = Loaded(LoadedStore(tmp_path / "nothing"), state.references)
    listed = {"team": "=West", "purpose": "early_help", "outcome": "not_gld"}
    for path, asked in (
        ("/v1/scores", {"subject": references[0], "purpose": "early_help"}),
        ("/v1/worklists", listed),
    ):
        answer = door.post(path, json=asked)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/nothing-loaded")
    assert door.get("/readyz").status_code == 200


def test_a_load_while_scores_are_asked(
    at_desk: Callable[[Callable[[Any], Awaitable[None]]], None],
    tmp_path: Path,
    lines: Path,
    contract: Contract,
    references: list[str],
) -> None:
    """While one load after another is put in place, every request is answered, and each from one load."""
    folder = tmp_path / "swapped"
    take_in(lines, contract, folder)

    async def scenario(desk: Any) -> None:
        desk.service.loaded = Loaded(LoadedStore(folder), desk.service.references)
        loads = asyncio.get_running_loop().run_in_executor(
            None, lambda: [take_in(lines, contract, folder) for _ in range(3)]
        )
        seen, answered = set(), 0
        while not loads.done():
            body = {"subject": references[answered % len(references)], "purpose": "early_help", "detail": "summary"}
            reply = await score(desk.call(json.dumps(body).encode()))
            assert reply.status == 201
            seen.add(desk.service.loaded.newest.id)
            answered += 1
        await loads
        assert len(seen) >= 2
        assert answered > 5

    at_desk(scenario)
