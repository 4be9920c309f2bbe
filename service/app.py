"""
The application: small steps that put the door together, and `app`, which serves the bundle that EARLYID_BUNDLE names.

Importing this module does nothing else: a bundle is loaded when a server starts the application.
"""

import datetime
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.types import ASGIApp

from service.guard import Guard
from service.live import Live, Standby, load_or_stand_by
from service.routes import ROUTES, State

BUNDLE_VARIABLE = "EARLYID_BUNDLE"
# Whatever the environment says, nothing traces what passes here.
_NO_TELEMETRY = TelemetryConfig(auto_configure=False, tracing=False, metrics=False, logs=False)

Today = Callable[[], datetime.date]
Load = Callable[[datetime.date], Live | Standby]

# Gateways expire by the calendar of the place they are lawful in.
local_today: Today = datetime.date.today


class Door(FastAPI):
    """An application whose published document is that of what is live, with one layer around its routes."""

    live: Live | Standby = Standby("The service has not started.")

    def openapi(self) -> dict[str, Any]:
        """Return the document of what is live."""
        return self.live.document()

    def build_middleware_stack(self) -> ASGIApp:
        """
        Return the guard around the routes.

        The usual layers serve form files, dependencies and tracing, of which there are none, and would log an error
        with its message.
        """
        return Guard(self.router)


def create_app(bundle: Path | None, today: Today = local_today) -> FastAPI:
    """Return the application that serves one bundle, or that says why nothing is live."""
    return app_that(lambda day: load_or_stand_by(bundle, day), today)


def app_that(load: Load, today: Today = local_today) -> FastAPI:
    """Return the application that serves what `load` gives when a server starts it."""
    # The usual pages of documentation would fetch scripts from elsewhere, and a redirect would repeat an address.
    door = Door(
        lifespan=_lifespan(load, today),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=_NO_TELEMETRY,
    )
    door.router.routes[:0] = ROUTES
    return door


def _lifespan(load: Load, today: Today) -> Callable[[Door], AbstractAsyncContextManager[State]]:
    @asynccontextmanager
    async def lifespan(door: Door) -> AsyncIterator[State]:
        door.live = load(today())
        yield State(live=door.live, today=today)

    return lifespan


def _from_environment(day: datetime.date) -> Live | Standby:
    named = os.environ.get(BUNDLE_VARIABLE)
    return load_or_stand_by(Path(named) if named else None, day)


app = app_that(_from_environment)
