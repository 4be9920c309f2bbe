"""
Stands around every route: tells every error as a problem, and the log of every request no more than it may know.

An evaluation answers this machine alone, whichever server runs the application. No answer leaves before its handler has done
all that it must, the record included: handlers return a reply, and only here is it sent.
"""

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from starlette.types import ASGIApp, Receive, Scope, Send

from service.access.caller import Caller
from service.call import Passed, Reply, Service
from service.operating.trace import trace_of
from service.problems import (
    ENDING,
    MEDIA_TYPE,
    NOT_ANSWERED,
    NOT_LOCAL,
    OVERLOADED,
    NoLiveModel,
    Refused,
    kind_of,
    problem_of,
)

# Far above what a service that answers in milliseconds has at once, far below what the process could not bear.
MOST_AT_ONCE = 192
PASSAGE = "earlyid.passage"

# A page from elsewhere may have its own name lead to this machine, but its requests say that name. Names and addresses of this
# machine, with or without a port.
_HOST = re.compile(rb"(localhost|[0-9.]{7,15}|\[[0-9a-f:.]{2,45}\])(?::[0-9]{1,5})?", re.IGNORECASE)
# A proxy on this machine speaks for callers elsewhere, and says so in one of these.
_FORWARDED = frozenset({b"forwarded", b"x-forwarded-for", b"x-real-ip"})
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_ALWAYS = {b"cache-control": b"no-store", b"x-content-type-options": b"nosniff"}
_BY_STATUS: dict[int, Mapping[str, str]] = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "2"}}
# People make a model live, so nobody need ask every two seconds.
_NOTHING_LIVE = {"Retry-After": "60"}


@dataclass(slots=True)
class Passage:
    """One request on its way through the guard, with the headers it `brings`: filled in by the route that it reaches."""

    service: Service
    trace: str
    brings: Mapping[bytes, bytes]
    route: str = ""
    caller: Caller | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    reply: Reply | None = None


@lru_cache(maxsize=64)
def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own; a name is not an address."""
    try:
        address = ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


class Guard:
    """
    The one layer around every route; `idle` is the service when no server has started one.

    `fixed` has by method and path the routes whose path has no parts that change, which need not be looked for. Requests to the
    paths `always` are answered however many others there are: a probe must not find a process dead that is busy.
    """

    def __init__(
        self, app: ASGIApp, idle: Service, fixed: Mapping[tuple[str, str], ASGIApp], always: frozenset[str]
    ) -> None:
        self._app = app
        self._idle = idle
        self._fixed = fixed
        self._always = always
        self._at_once = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        brings = dict(scope["headers"])
        trace, parent = trace_of(brings)
        passage = Passage(scope.get("state", {}).get("service", self._idle), trace, brings)
        scope[PASSAGE] = passage
        self._at_once += 1
        error: Exception | None = None
        try:
            await self._through(passage, scope, receive, send)
        except Exception as caught:  # noqa: BLE001 - whatever it is, the caller hears of it as a problem, and no more
            error = caught
        except asyncio.CancelledError:
            # Only a server that ends does that, to those whom it has waited for long enough.
            error = Refused(ENDING, "Connect anew and ask again.", headers={"Connection": "close"})
        finally:
            self._at_once -= 1
        reply = passage.reply if passage.reply is not None and error is None else _refusal(error)
        try:
            await _send(reply, passage.headers, parent, send)
        finally:
            # Whatever was recorded was, though the caller may have gone.
            passage.service.passed(_passed(passage, scope["method"], reply, time.perf_counter() - begun, error))

    async def _through(self, passage: Passage, scope: Scope, receive: Receive, send: Send) -> None:
        if self._at_once > MOST_AT_ONCE and scope["path"] not in self._always:
            raise Refused(OVERLOADED, "Ask again a little later.")
        if passage.service.evaluation and not _is_local(scope, passage.brings):
            raise Refused(NOT_LOCAL, "Call from the machine that serves.")
        await self._route(scope)(scope, receive, send)

    def _route(self, scope: Scope) -> ASGIApp:
        """Return where a request goes; one that is traced goes by the router, which tells its route to the trace."""
        if scope.get("fastapi.telemetry") is not None or scope.get("root_path"):
            return self._app
        return self._fixed.get((scope["method"], scope["path"]), self._app)


def _refusal(error: Exception | None) -> Reply:
    told = problem_of(error or RuntimeError())
    usual = _NOTHING_LIVE if isinstance(error, NoLiveModel) else _BY_STATUS.get(told.status, {})
    headers = {**usual, **(getattr(error, "headers", None) or {})}
    return Reply(told.model_dump_json().encode(), told.status, MEDIA_TYPE, headers)


def _passed(passage: Passage, method: str, reply: Reply, seconds: float, error: Exception | None) -> Passed:
    return Passed(
        # Anything may be sent as a method.
        method=method if method in _METHODS else "other",
        route=passage.route,
        status=reply.status,
        seconds=seconds,
        trace=passage.trace,
        size=len(reply.body),
        client=None if passage.caller is None else passage.caller.client,
        bundle=reply.bundle,
        code=None if error is None else kind_of(error).name,
        why=getattr(error, "why", None),
        outcomes=reply.outcomes,
        error=error if reply.status == NOT_ANSWERED.status else None,
    )


async def _send(reply: Reply, headers: Mapping[str, str], parent: str, send: Send) -> None:
    told = {**_ALWAYS, b"traceparent": parent.encode("latin-1")}
    # What the caller has already is described by neither: a length would be taken for that of what it has (RFC 9110, 8.6).
    if reply.status != 304:
        told[b"content-length"] = b"%d" % len(reply.body)
        told[b"content-type"] = reply.media_type.encode("latin-1")
    for some in (headers, reply.headers):
        for name, value in some.items():
            told[_spelled(name)] = value.encode("latin-1")
    await send({"type": "http.response.start", "status": reply.status, "headers": [*told.items()]})
    await send({"type": "http.response.body", "body": reply.body})


@lru_cache(maxsize=256)
def _spelled(name: str) -> bytes:
    """Return the name of a header as ASGI has it."""
    return name.lower().encode("latin-1")


def _is_local(scope: Scope, brings: Mapping[bytes, bytes]) -> bool:
    client = scope.get("client")
    called_here = client is not None and is_loopback(client[0]) and _FORWARDED.isdisjoint(brings)
    return called_here and _names_this_machine(brings.get(b"host", b""))


@lru_cache(maxsize=64)
def _names_this_machine(host: bytes) -> bool:
    found = _HOST.fullmatch(host)
    named = found[1].decode().lower().strip("[]") if found is not None else ""
    return named == "localhost" or is_loopback(named)
