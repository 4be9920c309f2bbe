"""
The routes: JSON in, JSON out, as plain ASGI; each takes what is live once, and what answers is elsewhere.

FastAPI's own routes would decode a body before this service can refuse it, and echo what was sent.
"""

import datetime
from collections.abc import Awaitable, Callable
from typing import TypedDict

from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from service.body import read_body
from service.live import Live, Standby
from service.probes import Alive, Ready
from service.problems import NoLiveModel

Answer = Callable[[Scope, Receive], Awaitable[bytes]]


class State(TypedDict):
    """What lives as long as the process, handed to every request."""

    live: Live | Standby
    today: Callable[[], datetime.date]


class Endpoint:
    """Sends the JSON that a function answers with; an error is left to the guard."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        content = await self._answer(scope, receive)
        length = (b"content-length", b"%d" % len(content))
        await send({"type": "http.response.start", "status": 200, "headers": [*_HEADERS, length]})
        await send({"type": "http.response.body", "body": content})


# An answer about a child is for the caller alone.
_HEADERS = ((b"content-type", b"application/json"), (b"cache-control", b"no-store"))


async def score(scope: Scope, receive: Receive) -> bytes:
    """Answer one scoring request."""
    live = _live(scope)
    return live.answer(await read_body(scope, receive))


async def model(scope: Scope, _receive: Receive) -> bytes:
    """Tell what the live model is."""
    return _live(scope).page


async def ready(scope: Scope, _receive: Receive) -> bytes:
    """Tell that a model is live."""
    return Ready(bundle=_live(scope).bundle.id).model_dump_json().encode()


async def alive(_scope: Scope, _receive: Receive) -> bytes:
    """Tell that the process runs."""
    return Alive().model_dump_json().encode()


def _live(scope: Scope) -> Live:
    """Return what is live, taken once; raises NoLiveModel when nothing is."""
    state: State | None = scope.get("state") or None
    if state is None:
        raise NoLiveModel("The service was not started as its server should have.")
    return state["live"].checked(state["today"]())


ROUTES = (
    Route("/v1/scores", Endpoint(score), methods=["POST"]),
    Route("/v1/model", Endpoint(model), methods=["GET"]),
    Route("/readyz", Endpoint(ready), methods=["GET"]),
    Route("/livez", Endpoint(alive), methods=["GET"]),
)
