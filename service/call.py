"""One request on its way through the service, what it is answered with, and what lives as long as the process."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from starlette.types import Receive, Scope

from service.access.caller import Access, Caller
from service.current import Current
from service.record.entries import Record
from service.record.references import References

JSON = "application/json"


@dataclass(slots=True)
class Service:
    """
    What lives as long as the process.

    `record` is None only where a bundle is served for evaluation and nothing is recorded. `excluded` holds what
    `references` makes of the references of children of whom no score is given; it is replaced whole, never changed.
    """

    current: Current
    access: Access
    references: References
    record: Record | None = None
    excluded: frozenset[bytes] = frozenset()
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
        """Return a part of the path."""
        return str(self.scope["path_params"][name])

    def header(self, name: bytes) -> str | None:
        """Return a header of the request, the last where it was sent twice."""
        found = dict(self.scope["headers"]).get(name)
        return None if found is None else found.decode("latin-1")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a request is answered with."""

    body: bytes
    status: int = 200
    media_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
