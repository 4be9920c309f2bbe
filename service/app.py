"""
The application: small steps that put the door together, and `app`, which serves as the settings say.

Importing this module does nothing else: what is served is opened when a server starts the application.
"""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypedDict

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.types import ASGIApp

from service.access.evaluation import EvaluationAccess
from service.call import Service
from service.current import Current, Held
from service.guard import Guard
from service.live import Standby
from service.openapi import document_of
from service.operating.logs import to_stderr
from service.operating.settings import read_settings
from service.operating.watched import Watched
from service.record.references import References
from service.routes import ACTIONS, FIXED, OPEN, ROUTES
from service.starting import start

# Whatever the environment says, nothing traces what passes here.
_NO_TELEMETRY = TelemetryConfig(auto_configure=False, tracing=False, metrics=False, logs=False)

OpenService = Callable[[], AbstractAsyncContextManager[Service]]


class State(TypedDict):
    """What lives as long as the process, handed to every request."""

    service: Service


class Door(FastAPI):
    """An application whose published document is that of what is live, with one layer around its routes."""

    service: Service

    def openapi(self) -> dict[str, Any]:
        """Return the document of what is live."""
        return document_of(self.service.current.held.live, ACTIONS)

    def build_middleware_stack(self) -> ASGIApp:
        """
        Return the guard around the routes.

        The usual layers serve form files, dependencies and tracing, of which there are none, and would log an error
        with its message.
        """
        return Guard(self.router, self.service, FIXED, OPEN)


def app_of(open_service: OpenService, telemetry: TelemetryConfig = _NO_TELEMETRY) -> FastAPI:
    """Return the application of the service that is opened when a server starts it, and closed when the server ends."""

    @asynccontextmanager
    async def lifespan(door: Door) -> AsyncIterator[State]:
        async with open_service() as service:
            door.service = service
            yield State(service=service)

    # The usual pages of documentation would fetch scripts from elsewhere, and a redirect would repeat an address.
    door = Door(
        lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False, telemetry=telemetry
    )
    door.service = _idle()
    door.router.routes[:] = ROUTES
    return door


def _idle() -> Service:
    """Return the service of an application that no server has started: nothing is live, and only this machine is told so."""
    nothing = Held(Standby("The service was not started as its server should have."))
    return Service(Current(nothing), EvaluationAccess(), References(os.urandom(32)), evaluation=True)


@asynccontextmanager
async def _as_settings_say() -> AsyncIterator[Service]:
    settings = read_settings()
    async with start(settings, Watched(to_stderr(settings.log_level))).opened() as service:
        yield service


app = app_of(_as_settings_say)
