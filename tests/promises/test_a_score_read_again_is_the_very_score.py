"""
A score read again is the very score: whatever went live since, its address tells the same bytes, and a replay gives them anew.

It must be so because a court asks what was said then, and an answer that is worked out anew by another model is not that.
"""

import contextlib
import datetime
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from benchmarks.serving.asked import bundle_and_requests
from benchmarks.serving.office import Office
from models.bundle import load_bundle
from service.access.opening import open_access
from service.app import app_of
from service.call import Service
from service.current import Current, Held
from service.ledger.ledger import Ledger
from service.ledger.opening import open_ledger
from service.ledger.trusted import trusted_path
from service.ledger.watching import Watch
from service.live import Standby
from service.record.references import References
from service.record.store import open_record

TODAY = datetime.datetime.now().astimezone().date()
Told = dict[str, Any]


@dataclass
class Desk:
    """A service that follows its ledger, asked by a client who is known; `day` is what its calendar says."""

    office: Office
    bodies: list[bytes]
    day: datetime.date = TODAY
    client: TestClient = field(init=False)
    watch: Watch = field(init=False)

    @contextlib.asynccontextmanager
    async def opened(self) -> AsyncIterator[Service]:
        """Give the service while it is open."""
        home = self.office.home
        record = open_record(home / "record.db", checkpoints=home / "checkpoints.jsonl", now=_now)
        hashed = References(b"a key of tests")
        access = open_access(home / "clients.toml", home / "keys" / "api-keys.json", person=hashed.person)
        current, releases = Current(Held(Standby("It has not started."))), home / "releases"
        self.watch = Watch(record, releases, trusted_path(home), current, today=lambda: self.day)
        yield Service(current, access, hashed, record, releases=releases, today=lambda: self.day)
        await record.close()

    def do(self, work: Callable[[Ledger], Awaitable[object]]) -> None:
        """Do something on the ledger, as another process would, and have the service look at it."""

        async def done() -> None:
            async with open_ledger(self.office.home, None) as ledger:
                await work(ledger)
            await self.watch.look()

        assert self.client.portal is not None
        self.client.portal.call(done)

    def release(self, number: int, keep_old_until: datetime.date | None = None) -> None:
        """Have one of the bundles go live."""
        bundle, office = self.office.bundles[number], self.office

        async def work(ledger: Ledger) -> None:
            await ledger.propose(load_bundle(bundle), (), keep_old_until)
            await ledger.sign(bundle.name, office.ann)
            await ledger.sign(bundle.name, office.bob)
            await ledger.promote(bundle.name)

        self.do(work)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Any:
        """Ask as the client; the names of headers are written with low lines."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        known = self.office.headers | {"Content-Type": "application/json"}
        return self.client.request(method, path, content=body, headers=known | more)

    def scored(self, number: int, **headers: str) -> Any:
        """Score one of the children."""
        answer = self.ask("POST", "/v1/scores", self.bodies[number], **headers)
        assert answer.status_code == 201
        return answer


@pytest.fixture(params=["summary", "standard", "full"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """A service that is asked for scores in one of the three details; its first bundle is live."""
    office = Office(tmp_path)
    _, bodies = bundle_and_requests(tmp_path / "unused", detail=request.param)
    desk = Desk(office, bodies)
    with TestClient(app_of(desk.opened), client=("192.0.2.1", 5000)) as desk.client:
        desk.release(0)
        yield desk


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _check_again(desk: Desk, given: Any) -> None:
    """Hold a score against what its address and its replay tell now."""
    address, told = given.headers["location"], given.json()
    expected = given.content.replace(b'"%b"' % told["subject"].encode(), b"null", 1)
    again = desk.ask("GET", address)
    assert again.status_code == 200
    assert again.content.startswith(expected[:-1] + b',"now":{"standing":"current"')
    replay = desk.ask("POST", f"{address}/replay")
    found = replay.json()
    assert (replay.status_code, found["same"]) == (200, True)
    assert found["answer"]["scores"] == told["scores"]
    assert found["answer"].items() <= told.items()


def test_whatever_went_live_since(desk: Desk) -> None:
    """Through two promotions, a roll-back and no score at all, a score is told and worked out again to the byte."""
    first = desk.scored(0)
    _check_again(desk, first)
    desk.release(1)
    second = desk.scored(0)
    assert second.json()["bundle"] != first.json()["bundle"]
    assert second.json()["scores"] != first.json()["scores"]
    desk.release(2)
    for _ in range(2):
        # What is live now, or was just before, is another bundle: the first is read from where releases are kept.
        _check_again(desk, first)
        _check_again(desk, second)
        desk.do(lambda ledger: ledger.roll_back(desk.office.ann, "a rehearsal"))
    desk.do(lambda ledger: ledger.roll_back(desk.office.ann, "no score", to_none=True))
    assert desk.ask("POST", "/v1/scores", desk.bodies[0]).status_code == 503
    _check_again(desk, first)
    _check_again(desk, second)


def test_a_bundle_that_was_touched_replays_nothing(desk: Desk) -> None:
    """Where the bundle that answered then is not what it was there is no replay, and never one by another; the score is still told."""
    first = desk.scored(0)
    desk.release(1)
    model = desk.office.home / "releases" / first.json()["bundle"] / "model.json"
    model.chmod(0o600)
    model.write_bytes(model.read_bytes().replace(b"0.", b"1.", 1))
    replay = desk.ask("POST", f"{first.headers['location']}/replay")
    assert (replay.status_code, replay.json()["type"]) == (410, "/problems/bundle-gone")
    assert desk.ask("GET", first.headers["location"]).status_code == 200


def test_an_old_bundle_by_its_name(desk: Desk) -> None:
    """A bundle that is kept to a day answers to the end of it, as it did when it was live; then it is asked no more, and replays."""
    first = desk.scored(0)
    name = first.json()["bundle"]
    desk.release(1, TODAY)
    by_name = desk.scored(0, earlyid_bundle=name)
    assert by_name.json()["bundle"] == name
    assert by_name.json()["scores"] == first.json()["scores"] != desk.scored(0).json()["scores"]
    desk.day = TODAY + datetime.timedelta(days=1)
    desk.do(lambda ledger: ledger.state())
    refused = desk.ask("POST", "/v1/scores", desk.bodies[0], earlyid_bundle=name)
    assert (refused.status_code, refused.json()["type"]) == (404, "/problems/no-such-bundle")
    assert json.loads(desk.scored(0).content)["bundle"] == desk.office.bundles[1].name
    _check_again(desk, first)
    _check_again(desk, by_name)
