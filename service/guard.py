"""
Stands in front of every route: answers this machine alone, and tells every error as a problem.

Until callers are authenticated there is no other lock on the door, so it holds whichever server runs the application.
An error that nobody foresaw is logged by its type and place only: its message could hold a child's value.
"""

import logging
import traceback
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.problems import NOT_ANSWERED, NOT_LOCAL, problem, problem_of, respond

log = logging.getLogger("earlyid.service")

# A proxy on this machine speaks for callers elsewhere, and says so in one of these.
_FORWARDED = frozenset({b"forwarded", b"x-forwarded-for", b"x-real-ip"})


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
    """The one layer around every route."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a caller on this machine; tell any other so."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif _is_local(scope):
            await self._answer(scope, receive, send)
        else:
            await respond(problem(NOT_LOCAL, "Call from the machine that serves."))(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001 - whatever it is, the caller hears of it as a problem, and no more
            told = problem_of(error)
            if told.status == NOT_ANSWERED.status:
                _log(error)
            if not started:
                await respond(told, getattr(error, "headers", None))(scope, receive, send)


def _is_local(scope: Scope) -> bool:
    client = scope.get("client")
    return client is not None and is_loopback(client[0]) and _FORWARDED.isdisjoint(name for name, _ in scope["headers"])


def _log(error: Exception) -> None:
    last = traceback.extract_tb(error.__traceback__)[-1]
    log.error("%s in %s, line %s of %s", type(error).__name__, last.name, last.lineno, last.filename)
