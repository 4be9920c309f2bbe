"""A small bundle of the borough, what is live when it is served, a client on this machine, and one full request."""

import asyncio
import contextlib
import copy
import datetime
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from benchmarks.small_bundle import write_bundle
from models.bundle import Bundle
from models.record import ChildRecord, Event, Span
from service.access.evaluation import EvaluationAccess
from service.app import app_of
from service.call import Passed, Service
from service.current import Current, Held
from service.live import Live, Standby, load_live
from service.problems import RecordUnavailable
from service.record.entries import Entry
from service.record.references import References

HERE, THIS_MACHINE = ("127.0.0.1", 50000), "http://127.0.0.1"
TODAY = datetime.date(2026, 9, 1)


@pytest.fixture(scope="session")
def small_bundle(tmp_path_factory: pytest.TempPathFactory, borough_text: str) -> Path:
    """The folder of a bundle of the borough, its expired gateway renewed; its terms are written by rule."""
    text = borough_text.replace("expires = 2020-01-01", "expires = 2031-08-31")
    return write_bundle(tmp_path_factory.mktemp("served") / "bundle", text)


@pytest.fixture(scope="session")
def live(small_bundle: Path) -> Live:
    """What is live when that bundle is served."""
    return load_live(small_bundle, TODAY)


@pytest.fixture(scope="session")
def bundle(live: Live) -> Bundle:
    """The bundle that is live."""
    return live.bundle


@pytest.fixture(scope="session")
def passed() -> list[Passed]:
    """What the services of these tests were told of their requests, oldest first."""
    return []


@pytest.fixture(scope="session")
def serving(passed: list[Passed]) -> Callable[[Live | Standby], TestClient]:
    """Make a client on this machine of a service in which that is live for evaluation, and nothing is recorded."""

    def made(live: Live | Standby) -> TestClient:
        @contextlib.asynccontextmanager
        async def opened() -> AsyncIterator[Service]:
            yield Service(
                Current(Held(live)),
                EvaluationAccess(),
                References(b"a key of tests"),
                evaluation=True,
                passed=passed.append,
                today=lambda: TODAY,
            )

        return TestClient(app_of(opened), base_url=THIS_MACHINE, client=HERE, raise_server_exceptions=True)

    return made


@pytest.fixture(scope="session")
def client(live: Live, serving: Callable[[Live | Standby], TestClient]) -> Iterator[TestClient]:
    """A client on this machine of the service that serves the bundle."""
    with serving(live) as opened:
        yield opened


@pytest.fixture(scope="session")
def turns() -> Callable[[Awaitable[Any]], Awaitable[tuple[Any, int]]]:
    """Wait for something, and return it with how often somebody else on the event loop got a turn meanwhile."""

    async def counted(work: Awaitable[Any]) -> tuple[Any, int]:
        count = 0

        async def other() -> None:
            nonlocal count
            while True:
                count += 1
                await asyncio.sleep(0)

        waiting = asyncio.create_task(other())
        done = await work
        waiting.cancel()
        return done, count

    return counted


class Full:
    """A decision record that can be read and not written, as on a disk that is full."""

    def __init__(self, record: Any) -> None:
        self._record = record

    def __getattr__(self, name: str) -> Any:
        return getattr(self._record, name)

    async def append(self, *_entries: Entry) -> int:
        """Fail."""
        raise RecordUnavailable


@pytest.fixture(scope="session")
def full() -> type[Full]:
    """Make a record that can be read and not written of one that can."""
    return Full


@pytest.fixture
def request_body() -> dict[str, Any]:
    """A request about an invented child with something from every source, every time as an age in days."""
    return copy.deepcopy(FULL)


@pytest.fixture
def record() -> ChildRecord:
    """The record that the full request is about, written by hand as exact values."""
    return ChildRecord(
        {
            "births": (Event(0, 0, {"birthweight": 3210}),),
            "reviews": (
                Event(300, 310, {"communication": 5, "problem_solving": 8, "gross_motor": 12}),
                Event(740, 745, {"communication": 7, "problem_solving": None, "gross_motor": None}),
            ),
            "contacts": (
                Event(650, 657, {"reason": "abuse_or_neglect", "urgent": 1}),
                Event(700, 707, {"reason": "family", "urgent": 0, "closed_on": 720}),
            ),
            "addresses": (Event(0, 3, {"decile": 2}),),
            "hub": (),
            "childcare": (Event(720, 750, {"hours": 61, "basis": "ECO"}),),
        },
        {
            "contacts": (Span(0, 2000, 0),),
            "hub": (Span(0, 780, 5),),
            "childcare": (Span(270, 1500, 270),),
        },
    )


FULL: dict[str, Any] = {
    "subject": "child-1",
    "purpose": "early_help",
    "as_of": 790,
    "sources": {
        "births": {"events": [{"birthweight": 3210}]},
        "reviews": {
            "events": [
                {"happened": 300, "known": 310, "communication": 25, "problem_solving": 40, "gross_motor": 60},
                {"happened": 740, "known": 745, "communication": 35.0, "problem_solving": None, "gross_motor": 999},
            ]
        },
        "contacts": {
            "events": [
                {"happened": 650, "reason": "N1", "urgent": True},
                {"happened": 700, "reason": "N5", "urgent": "N", "closed_on": 720},
            ],
            "coverage": [{"from": 0, "to": 2000}],
        },
        "addresses": {"events": [{"happened": 0, "known": 3, "decile": 2}]},
        "hub": {"events": [], "coverage": [{"from": 0, "to": 780, "known": 5}]},
        "childcare": {
            "events": [{"happened": 720, "hours": 15.25, "basis": "ECO"}],
            "coverage": [{"from": 270, "to": 1500}],
        },
    },
}
