"""One request on its way through the service, what it is answered with, and what lives as long as the process."""

import asyncio
import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from starlette.types import Receive, Scope

from service.access.caller import Access, Caller
from service.answers.authority import NOBODY, Authority
from service.current import Current
from service.ledger.trusted import TrustedKeys
from service.loaded.by_reference import Loaded
from service.old_bundles import OldBundles
from service.operating.watched import Watched
from service.record.entries import Record
from service.record.references import References

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Passed:
    """
    What logs and metrics may know of one request that was answered: nothing that was sent.

    `route` is the template of the path, empty where there is none. `outcomes` has for every child answered about `scored` or
    the code of the refusal; `code` is the kind of problem that was told, `why` of a caller who is not known why not. `error` is
    one that nobody foresaw: its message may hold a child's value, so only its type and place may be told.
    """

    method: str
    route: str
    status: int
    seconds: float
    trace: str
    size: int
    client: str | None = None
    bundle: str | None = None
    code: str | None = None
    why: str | None = None
    outcomes: tuple[str, ...] = ()
    error: Exception | None = None


@dataclass(slots=True)
class Service:
    """
    What lives as long as the process.

    `record` is None only where a bundle is served for evaluation and nothing is recorded. `excluded` holds what
    `references` makes of the references of children of whom no score is given; it is replaced whole, never changed, and only
    by whoever holds `excluding`. In an `evaluation` only this machine is answered, and every answer is stamped. `releases` is the
    folder in which bundles are kept by their id, `old_bundles` those opened for replays, `loaded` the records of children that were
    loaded to be scored by reference. `trusted` reads the keys that say who allowed a model, `labels` what people call each client. `passed` is told of every request once it
    is answered; it must not raise.
    `watched` is what operators see of the process, `authority` who answers for the scores.
    """

    current: Current
    access: Access
    references: References
    record: Record | None = None
    excluded: frozenset[bytes] = frozenset()
    excluding: asyncio.Lock = field(default_factory=asyncio.Lock)
    evaluation: bool = False
    releases: Path | None = None
    old_bundles: OldBundles = field(default_factory=OldBundles)
    loaded: Loaded | None = None
    trusted: Callable[[], TrustedKeys] = TrustedKeys
    labels: Callable[[], Mapping[str, str]] = dict
    passed: Callable[[Passed], None] = lambda _: None
    authority: Authority = NOBODY
    watched: Watched = field(default_factory=Watched)
    now: Callable[[], datetime.datetime] = lambda: datetime.datetime.now(datetime.UTC)
    # Gateways expire by the calendar of the place they are lawful in.
    today: Callable[[], datetime.date] = datetime.date.today


@dataclass(frozen=True, slots=True)
class Call:
    """One request: who asks, with the ASGI scope, and the trace that it belongs to (32 hexadecimal digits)."""

    service: Service
    caller: Caller
    scope: Scope
    receive: Receive
    trace: str

    def given(self, name: str) -> str:
        """Return a part of the path, an id, in small letters as they are told: a database of the caller's may write them in capitals."""
        return str(self.scope["path_params"][name]).lower()

    def header(self, name: bytes) -> str | None:
        """Return a header of the request, the last where it was sent twice."""
        found = dict(self.scope["headers"]).get(name)
        return None if found is None else found.decode("latin-1")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a request is answered with, and what `Passed` tells of it: the bundle that answered, and how about each child."""

    body: bytes
    status: int = 200
    media_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    bundle: str | None = None
    outcomes: tuple[str, ...] = ()
