"""A service with a real decision record, whose callers have keys: one for every permission, one for all, one for none."""

import contextlib
import datetime
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from service.access.agreements import read_agreements
from service.access.caller import PERMISSIONS
from service.access.key_file import Keys, made, write_keys
from service.access.opening import Clocks, open_access
from service.app import app_of
from service.call import Passed, Service
from service.current import Current, Held
from service.excluded import read_excluded
from service.live import Live
from service.record.references import References
from service.record.store import open_record

REFERENCES = References(b"a key of tests")
NOON = datetime.datetime(2026, 9, 1, 12, tzinfo=datetime.UTC)
EVERY = [each for each in PERMISSIONS if each != "audit"]
Got = TypeVar("Got")
Told = dict[str, Any]


@dataclass
class Door:
    """A running service, a client of its, the keys of its callers, and a clock that a test sets."""

    client: TestClient
    keys: dict[str, str]
    days: list[datetime.datetime]
    services: list[Service] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)

    @property
    def service(self) -> Service:
        """The service that is open."""
        return self.services[-1]

    def ask(
        self, method: str, path: str, who: str = "all", headers: dict[str, str] | None = None, **sent: Any
    ) -> Response:
        """Ask as one of the callers."""
        known = {"Authorization": f"Bearer {self.keys[who]}"} if who else {}
        return self.client.request(method, path, headers={**known, **(headers or {})}, **sent)

    def post(self, path: str, body: object, who: str = "all", **headers: str) -> Response:
        """Send JSON as one of the callers; the names of headers are written with low lines."""
        return self.ask(
            "POST", path, who, {name.replace("_", "-"): value for name, value in headers.items()}, json=body
        )

    def get(self, path: str, who: str = "all", **headers: str) -> Response:
        """Read as one of the callers."""
        return self.ask("GET", path, who, {name.replace("_", "-"): value for name, value in headers.items()})

    def do(self, what: Callable[..., Awaitable[Got]], *given: Any) -> Got:
        """Do something of the service's in its own loop."""
        assert self.client.portal is not None
        return self.client.portal.call(what, *given)

    def recorded(self, *kinds: str) -> list[str]:
        """The kinds of all entries about all children, those of some kinds only where any are named."""
        assert self.service.record is not None
        found = self.do(self.service.record.of_subject, self.service.references.of("child-1"))
        return [each.kind for each in found if not kinds or each.kind in kinds]

    def pass_days(self, days: int) -> None:
        """Let days pass."""
        self.days.append(self.days[-1] + datetime.timedelta(days=days))


@pytest.fixture(scope="session")
def opened_door(live: Live) -> Callable[..., contextlib.AbstractContextManager[Door]]:
    """Open a service whose state is in a folder, its clients those of a file of agreements, if one is given."""

    @contextlib.contextmanager
    def opened(home: Path, agreements: str | None = None) -> Iterator[Door]:
        keys = _write_clients(home) if agreements is None else _write_agreements(home, agreements)
        days, services, passed = [NOON], [], []

        @contextlib.asynccontextmanager
        async def open_service() -> AsyncIterator[Service]:
            clocks = Clocks(now=days[0].timestamp, today=days[0].date)
            access = open_access(home / "clients.toml", home / "api-keys.json", clocks=clocks, person=REFERENCES.person)
            record = open_record(home / "record.db", checkpoints=home / "checkpoints.jsonl", now=lambda: days[-1])
            service = Service(
                Current(Held(live)),
                access,
                REFERENCES,
                record,
                releases=home / "releases",
                passed=passed.append,
                now=lambda: days[-1],
                today=days[0].date,
            )
            await read_excluded(service, record)
            services.append(service)
            yield service
            await record.close()

        with TestClient(app_of(open_service), client=("192.0.2.1", 5000)) as client:
            yield Door(client, keys, days, services, passed)

    return opened


@pytest.fixture(scope="module")
def door(
    opened_door: Callable[[Path], contextlib.AbstractContextManager[Door]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Door]:
    """A service that the tests of a module share."""
    with opened_door(tmp_path_factory.mktemp("door")) as door:
        yield door


@pytest.fixture
def fresh_door(
    opened_door: Callable[[Path], contextlib.AbstractContextManager[Door]], tmp_path: Path
) -> Iterator[Door]:
    """A service of a test's own, in whose record there is nothing."""
    with opened_door(tmp_path) as door:
        yield door


def _write_clients(home: Path) -> dict[str, str]:
    """Write a client for every permission, one for all but auditing, and a second such, and their keys; return the keys."""
    clients = {each: [each] for each in PERMISSIONS} | {"all": EVERY, "other": EVERY, "auditor": [*PERMISSIONS]}
    told = "".join(_client(*client) for client in clients.items()) + _client("no-purpose", EVERY, "another_purpose")
    told += _client("slow", ["score"]).replace("1000000", "1").replace("100000", "3")
    return _write_agreements(home, told) | {"unknown": f"eid_{'0' * 12}_{'x' * 43}"}


def _write_agreements(home: Path, told: str) -> dict[str, str]:
    """Write a file of sharing agreements, and a key for each client; return the keys."""
    (home / "clients.toml").write_text(told)
    (home / "clients.toml").chmod(0o600)
    keys = {name: made(name, NOON, None) for name in read_agreements(home / "clients.toml").clients}
    write_keys(home / "api-keys.json", Keys(keys=tuple(kept for kept, _ in keys.values())))
    return {name: told for name, (_, told) in keys.items()}


def _client(name: str, permissions: list[str], purpose: str = "early_help") -> str:
    return f"""
[[client]]
name = "{name}"
label = "A system of tests"
agreement = "ISA-1"
expires = 2030-01-01
permissions = {permissions}
purposes = ["{purpose}"]
per_minute = 1000000
burst = 100000
""".replace("'", '"')
