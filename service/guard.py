"""
Stands around every route: tells every error as a problem, and the log of every request no more than it may know.

An evaluation answers this machine alone, whichever server runs the application. No answer leaves before its handler has done
all that it must, the record included: handlers return a reply, and only here is it sent.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from starlette.types import ASGIApp, Receive, Scope, Send

from service.access.caller import Caller
from service.call import Passed, Reply, Service
from service.operating.trace import trace_of
from service.problems import MEDIA_TYPE, NOT_ANSWERED, NOT_LOCAL, OVERLOADED, Refused, kind_of, problem_of

# Far above what a service that answers in milliseconds has at once, far below what the process could not bear.
MOST_AT_ONCE = 192
PASSAGE = "earlyid.passage"

# A proxy on this machine speaks for callers elsewhere, and says so in one of these.
_FORWARDED = frozenset({b"forwarded", b"x-forwarded-for", b"x-real-ip"})
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_ALWAYS = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))
_BY_STATUS: dict[int, Mapping[str, str]] = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "2"}}


@dataclass(slots=True)
class Passage:
    """One request on its way through the guard: filled in by the route that it reaches."""

    service: Service
    trace: str
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
    """The one layer around every route; `idle` is the service when no server has started one."""

    def __init__(self, app: ASGIApp, idle: Service) -> None:
        self._app = app
        self._idle = idle
        self._at_once = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        trace, parent = trace_of(dict(scope["headers"]))
        passage = Passage(scope.get("state", {}).get("service", self._idle), trace)
        scope[PASSAGE] = passage
        self._at_once += 1
        error: Exception | None = None
        try:
            await self._through(passage, scope, receive, send)
        except Exception as caught:  # noqa: BLE001 - whatever it is, the caller hears of it as a problem, and no more
            error = caught
        finally:
            self._at_once -= 1
        reply = passage.reply if passage.reply is not None and error is None else _refusal(error)
        await _send(reply, {**passage.headers, **reply.headers, "traceparent": parent}, send)
        passage.service.passed(_passed(passage, scope["method"], reply, time.perf_counter() - begun, error))

    async def _through(self, passage: Passage, scope: Scope, receive: Receive, send: Send) -> None:
        if self._at_once > MOST_AT_ONCE:
            raise Refused(OVERLOADED, "Ask again a little later.")
        if passage.service.evaluation and not _is_local(scope):
            raise Refused(NOT_LOCAL, "Call from the machine that serves.")
        await self._app(scope, receive, send)


def _refusal(error: Exception | None) -> Reply:
    told = problem_of(error or RuntimeError())
    headers = {**_BY_STATUS.get(told.status, {}), **(getattr(error, "headers", None) or {})}
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


async def _send(reply: Reply, headers: Mapping[str, str], send: Send) -> None:
    told = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    named = {name for name, _ in told}
    own = [(b"content-length", b"%d" % len(reply.body)), *(pair for pair in _ALWAYS if pair[0] not in named)]
    if reply.status != 304:
        own.append((b"content-type", reply.media_type.encode("latin-1")))
    await send({"type": "http.response.start", "status": reply.status, "headers": [*own, *told]})
    await send({"type": "http.response.body", "body": reply.body})


def _is_local(scope: Scope) -> bool:
    client = scope.get("client")
    return client is not None and is_loopback(client[0]) and _FORWARDED.isdisjoint(name for name, _ in scope["headers"])
