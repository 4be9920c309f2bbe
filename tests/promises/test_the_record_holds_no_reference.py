"""
The record holds no reference: after every route was used, no child's reference stands in the database, its logs, marks or files.

It must be so because the record is kept for years, copied and shown to auditors, and must not say whom it is about by itself.
"""

import asyncio
import base64
import datetime
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import create_engine, inspect, text

from benchmarks.generated import FEATURES, HAPPENED, PURPOSE, contract
from benchmarks.serving.asked import bundle_and_requests
from benchmarks.serving.office import Office
from benchmarks.serving.running import Running
from models.birth_period import DAYS, FIRST
from models.record_form import record_form
from models.secret import secret_bytes
from service.loaded.loading import take_in
from service.record.references import References
from service.routes import ACTIONS

# They stand nowhere else. Of the first everything is asked; the others are loaded, and most of them never asked by name.
ASKED, LOADED, LISTED = "kq7zt4w9xv", "zx8wq3v7kt", [f"vw2xk9qz{n}t" for n in range(10, 29)]
TEAM = "A team"
REPEATABLE = {f"{action.method} {action.path}" for action in ACTIONS if action.once}
Ask = Callable[..., tuple[int, dict[str, str], bytes]]


@dataclass
class Caller:
    """A client who uses every route, and remembers which it used and that each was answered."""

    ask: Ask
    port: int
    known: dict[str, str]
    used: list[str] = field(default_factory=list)

    def use(self, route: str, body: Any = None, id_: str = "") -> Any:
        """Use one route, and return what it told: decoded where that is JSON."""
        method, path = route.split()
        self.used.append(route)
        key = {"Idempotency-Key": f"key-{len(self.used)}"} if route in REPEATABLE else {}
        status, headers, told = self.ask(self.port, method, path.replace("{id}", id_), body, self.known | key)
        assert 200 <= status < 300, (route, told)
        return json.loads(told) if "json" in headers["content-type"] else told.decode()


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_after_every_route(tmp_path: Path, ask: Ask, request: pytest.FixtureRequest, database: str) -> None:
    """Neither raw nor encoded, nor as a digest that anybody could work out, is a reference found; the HMAC under the secret is."""
    url = None if database == "sqlite" else request.getfixturevalue("postgres")()
    office = Office(tmp_path, url)
    asyncio.run(office.open())
    _load(tmp_path, office.home)
    record = url or str(office.home / "record.db")
    with Running(None, office.home, {"EARLYID_RECORD": record}) as service:
        caller = Caller(ask, service.port, office.headers)
        _use_everything(caller, _request(tmp_path))
        running = dict(_kept(office.home, url))
    assert set(caller.used) == {f"{action.method} {action.path}" for action in ACTIONS}
    for kept in (running, dict(_kept(office.home, url))):
        assert {place for place, told in kept.items() for form in _forms() if form in told} == set()
        secret = References(secret_bytes(office.home / "keys" / "reference.key"))
        # That it is found shows that what was searched is what is kept.
        for reference in (ASKED, LOADED):
            assert secret.of(reference) in kept["every row"]
            assert any(secret.of(reference) in told for place, told in kept.items() if place != "every row")


def _request(folder: Path) -> dict[str, Any]:
    _, bodies = bundle_and_requests(folder / "unused")
    found: dict[str, Any] = json.loads(bodies[0]) | {"subject": ASKED}
    return found


def _load(folder: Path, home: Path) -> None:
    """Load the children of a team."""
    today = datetime.datetime.now().astimezone().date()
    made = {"format": 1, "form": record_form(contract()), "extracted": today.isoformat()}
    period = ((today - FIRST).days - HAPPENED - 70) // DAYS - 1
    children = [
        {
            "child": child,
            "period": period,
            "events": {"records": [[HAPPENED, HAPPENED, {f"x{i}": 10 * n for i in range(FEATURES)}]]},
            "coverage": {},
            "links": {},
        }
        for n, child in enumerate((LOADED, *LISTED))
    ]
    lines, teams = folder / "children.jsonl", folder / "teams.csv"
    lines.write_text("".join(json.dumps(line) + "\n" for line in (made, *children)), encoding="utf-8")
    teams.write_text("child,team\n" + "".join(f"{child},{TEAM}\n" for child in (LOADED, *LISTED)), encoding="utf-8")
    (home / "loaded").mkdir(mode=0o700)
    take_in(lines, contract(), home / "loaded", teams)


def _use_everything(caller: Caller, request: dict[str, Any]) -> None:
    made = caller.use("POST /v1/scores", request)["id"]
    by_reference = caller.use("POST /v1/scores", {"subject": LOADED, "purpose": PURPOSE})
    assert by_reference["subject"] == LOADED
    caller.use("POST /v1/scores/batch", {"requests": [request, request | {"subject": LOADED}]})
    for route in ("GET /v1/scores/{id}", "GET /v1/scores/{id}/fhir"):
        caller.use(route, id_=made)
    caller.use("POST /v1/scores/{id}/replay", id_=made)
    caller.use("POST /v1/scores/{id}/feedback", {"what": "viewed"}, made)
    raised = caller.use("POST /v1/scores/{id}/challenges", {"raised_by": "other", "ground": "other"}, made)["id"]
    caller.use("GET /v1/challenges/{id}", id_=raised)
    caller.use("POST /v1/scores/{id}/corrections", request, made)
    caller.use("POST /v1/challenges/{id}/outcome", {"outcome": "withdrawn"}, raised)
    caller.use("POST /v1/subjects/exclusions", {"subject": ASKED, "reason": "objection"})
    caller.use("POST /v1/scores", request)
    caller.use("POST /v1/subjects/exclusions/ended", {"subject": ASKED, "reason": "other"})
    caller.use("POST /v1/subjects/account", {"subject": ASKED})
    outcome = contract().outcomes[0].name
    listed = caller.use("POST /v1/worklists", {"team": TEAM, "purpose": PURPOSE, "outcome": outcome})
    assert caller.use("GET /v1/worklists/{id}", id_=listed["id"])
    told = caller.use("GET /v1/worklists/{id}.csv", id_=listed["id"])
    assert any(child in told for child in (LOADED, *LISTED))
    for action in ACTIONS:
        if action.method == "GET" and "{" not in action.path:
            caller.use(f"GET {action.path}")


def _forms() -> list[bytes]:
    """Return every form in which a reference could stand, and be read or guessed."""
    told = []
    for reference in (ASKED, LOADED, *LISTED):
        raw = reference.encode()
        digest = hashlib.sha256(raw)
        told += [raw, raw.upper(), reference.encode("utf-16-le"), raw.hex().encode(), raw[::-1]]
        # Wherever in a text of base64 it begins, one of these is in it.
        told += [base64.b64encode(bytes(i) + raw)[4 * (i > 0) + 4 :][:8] for i in range(3)]
        told += [digest.digest(), digest.hexdigest().encode(), hashlib.md5(raw, usedforsecurity=False).digest()]
    return told


def _kept(home: Path, url: str | None) -> Iterator[tuple[str, bytes]]:
    """Yield what the service keeps by its place: its files but for what was loaded, its log, and every row of its database."""
    for path in (home.with_name("home.log"), *home.rglob("*"), *_files(url)):
        if path.is_file() and "loaded" not in path.parts:
            yield str(path), path.read_bytes()
    yield "every row", _rows(url or f"sqlite:///{home / 'record.db'}")


def _files(url: str | None) -> Iterator[Path]:
    """Yield the files of a PostgreSQL, once it has written them."""
    if url is not None:
        with closing(psycopg.connect(url, autocommit=True)) as connection:
            connection.execute("CHECKPOINT")
            told = connection.execute(
                "SELECT current_setting('data_directory'), pg_relation_filepath('chain')"
            ).fetchone()
        assert told is not None
        yield from (Path(told[0]) / told[1]).parent.iterdir()
        yield from (Path(told[0]) / "pg_wal").iterdir()


def _rows(url: str) -> bytes:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        rows = [row for table in tables for row in connection.execute(text(f'SELECT * FROM "{table}"'))]
    engine.dispose()
    assert len(tables) >= 6
    values = (value for row in rows for value in row)
    return b"\n".join(value if isinstance(value, bytes) else str(value).encode() for value in values)
