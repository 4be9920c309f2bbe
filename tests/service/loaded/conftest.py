"""The borough's children loaded, and a service that scores them by reference and records what it answers."""

import asyncio
import csv
import datetime
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from models.contract import Contract
from service.access.caller import PERMISSIONS, Caller
from service.access.evaluation import EvaluationAccess
from service.actions.worklist_reads import read, read_csv
from service.actions.worklists import make
from service.call import Call, Reply, Service
from service.current import Current, Held
from service.live import Live
from service.loaded.by_reference import Loaded
from service.loaded.loading import take_in
from service.loaded.store import LoadedStore
from service.record.entries import Record
from service.record.references import References
from service.record.store import open_record
from training.child_lines import write_child_lines

# When the borough's children are in both landmarks' windows.
TODAY = datetime.date(2018, 6, 1)
TEAMS = ("North", "South", "=West")
TRACE = "0" * 32


@pytest.fixture(scope="session")
def contract(live: Live) -> Contract:
    """The contract of the bundle that is live."""
    return live.bundle.contract


@pytest.fixture(scope="session")
def lines(tmp_path_factory: pytest.TempPathFactory, contract: Contract, borough_extracts: Path) -> Path:
    """The borough's child records as training writes them, extracted a week before."""
    path = tmp_path_factory.mktemp("lines") / "children.jsonl"
    write_child_lines(contract, borough_extracts, TODAY - datetime.timedelta(days=7), path, lambda _step: None)
    return path


@pytest.fixture(scope="session")
def references(lines: Path) -> list[str]:
    """The reference of every child that can be loaded, in order."""
    return [json.loads(line)["child"] for line in lines.read_text(encoding="utf-8").splitlines()[1:]]


@pytest.fixture(scope="session")
def teams(lines: Path, references: list[str]) -> Path:
    """Which team sees which child; one of the rows is of a child whom nobody has loaded."""
    path = lines.with_name("teams.csv")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["child", "team"])
        writer.writerows((child, TEAMS[i % 3]) for i, child in enumerate(references))
        writer.writerow(["somebody-else", TEAMS[0]])
    return path


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory, lines: Path, teams: Path, contract: Contract) -> Path:
    """The folder of a store that has all of them; nothing in it may be changed."""
    folder = tmp_path_factory.mktemp("loaded")
    take_in(lines, contract, folder, teams)
    return folder


CALLER = Caller("case-system", frozenset(PERMISSIONS), frozenset({"early_help"}), "worker-7")


@dataclass
class Desk:
    """A service with a real record, and one client that asks it."""

    service: Service
    record: Record
    caller: Caller = CALLER

    def as_(self, **changed: Any) -> "Desk":
        """Return the desk of another caller."""
        return Desk(self.service, self.record, replace(self.caller, **changed))

    def on(self, day: datetime.date) -> None:
        """Have it be another day."""
        self.service.today = lambda: day
        self.service.now = lambda: datetime.datetime.combine(day, datetime.time(9), datetime.UTC)

    async def listed(self, team: str = "North", **asked: Any) -> Any:
        """Ask for a team's list, and return it decoded."""
        return json.loads((await self.make({"team": team} | asked)).body)

    async def make(self, asked: dict[str, Any]) -> Reply:
        """Ask for a list."""
        body = json.dumps({"purpose": "early_help", "outcome": "not_gld"} | asked).encode()
        return await make(self.call(body))

    async def again(self, id_: str) -> Any:
        """Read a list again."""
        return json.loads((await read(self.call(b"", {"id": id_}))).body)

    async def table(self, id_: str) -> list[dict[str, str]]:
        """Read a list again as a table."""
        text = (await read_csv(self.call(b"", {"id": id_}))).body.decode()
        return list(csv.DictReader(text.splitlines()))

    def call(self, body: bytes, path: dict[str, str] | None = None) -> Call:
        """Return a call with that body, its path having these parts."""
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/",
            "headers": [(b"content-type", b"application/json")],
            "path_params": path or {},
        }

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        return Call(self.service, self.caller, scope, receive, TRACE)  # type: ignore[arg-type]


Scenario = Callable[[Desk], Awaitable[None]]


@pytest.fixture
def store(loaded: Path) -> LoadedStore:
    """The store with all of the borough's children."""
    return LoadedStore(loaded)


@pytest.fixture
def at_desk(tmp_path: Path, live: Live, store: LoadedStore) -> Callable[..., None]:
    """Play a scenario at a desk whose record is a real one: in a file, or where a URL says."""

    async def played(scenario: Scenario, place: str) -> None:
        def now() -> datetime.datetime:
            return datetime.datetime(2018, 6, 1, 9, tzinfo=datetime.UTC)

        record = open_record(place, checkpoints=tmp_path / "checkpoints.jsonl", now=now)
        hashed = References(b"a key of tests")
        service = Service(Current(Held(live)), EvaluationAccess(), hashed, record=record, evaluation=True, now=now)
        service.today, service.loaded = (lambda: TODAY), Loaded(store, hashed)
        try:
            await scenario(Desk(service, record))
        finally:
            await record.close()

    return lambda scenario, place=str(tmp_path / "record.db"): asyncio.run(played(scenario, place))
