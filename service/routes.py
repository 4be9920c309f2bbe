"""The routes: HTTP in, HTTP out; each takes what is live once, and what answers is elsewhere."""

import datetime
from collections.abc import Callable
from typing import TypedDict

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from service.body import read_body
from service.live import Live, Standby
from service.probes import Alive, Ready


class State(TypedDict):
    """What lives as long as the process, handed to every request."""

    live: Live | Standby
    today: Callable[[], datetime.date]


def add_routes(app: Starlette) -> None:
    """Add every route; plain ones, since FastAPI's own decoding would be a second decoder of values."""
    app.add_route("/v1/scores", scores, methods=["POST"])
    app.add_route("/v1/model", model, methods=["GET"])
    app.add_route("/readyz", readyz, methods=["GET"])
    app.add_route("/livez", livez, methods=["GET"])


async def scores(request: Request) -> Response:
    """Answer one scoring request."""
    live = _live(request)
    return _json(live.answer(await read_body(request)))


async def model(request: Request) -> Response:
    """Tell what the live model is."""
    return _json(_live(request).page)


async def readyz(request: Request) -> Response:
    """Tell whether a model is live, and why not otherwise."""
    return _json(Ready(bundle=_live(request).bundle.id).model_dump_json().encode())


async def livez(_request: Request) -> Response:
    """Tell that the process runs."""
    return _json(Alive().model_dump_json().encode())


def _live(request: Request) -> Live:
    """Return what is live, taken once; raises NoLiveModel when nothing is."""
    live: Live | Standby = request.state.live
    return live.checked(request.state.today())


def _json(content: bytes) -> Response:
    return Response(content, headers=_HEADERS, media_type="application/json")


# An answer about a child is for the caller alone.
_HEADERS = {"Cache-Control": "no-store"}
