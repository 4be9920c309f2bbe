"""
Runs the door on one worker process of uvicorn.

Asked to stop (SIGTERM), it says that it is not ready and tells callers to connect anew for a moment before it takes no more; what was
begun is answered. Ctrl-C skips the moment.
"""

import resource
import signal
import socket
import time
from collections.abc import Callable
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from service.operating.connection import MOST_CONNECTIONS, Connection, Connections

KEEP_ALIVE_SECONDS = 30
DRAIN_SECONDS = 1.0
# For what was begun; the record is closed after that.
FINISH_SECONDS = 5
# Connections that wait to be accepted: a burst of callers after a restart.
BACKLOG = 512
# Beside connections: the record, its threads' connections, bundles that are read.
_OTHER_FILES = 200


def bind(host: str, port: int) -> socket.socket:
    """Return a socket on which callers can queue already; raises OSError when the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(BACKLOG)
    except OSError:
        bound.close()
        raise
    return bound


def run(app: ASGIApp, bound: socket.socket, stopping: Callable[[], None]) -> None:
    """Serve until told to stop; `stopping` is called as soon as that is."""
    _allow_files()
    config = uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        lifespan="on",
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=FINISH_SECONDS,
    )
    Server(config, stopping).run(sockets=[bound])


class Server(uvicorn.Server):
    """A server that lets callers go before it ends, however often it is told to; it ends with 0."""

    def __init__(self, config: uvicorn.Config, stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self.server_state: Connections = Connections()
        self._stopping = stopping
        self._stop_at: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop; a second Ctrl-C, or one after SIGTERM, only shortens the wait."""
        del frame
        if self._stop_at is None:
            self._stopping()
            self.server_state.drain()
            self._stop_at = time.monotonic() + DRAIN_SECONDS
        if sig == signal.SIGINT:
            self._stop_at = 0.0

    async def on_tick(self, counter: int) -> bool:
        """Tell whether to end, ten times a second."""
        if self._stop_at is not None and time.monotonic() >= self._stop_at:
            self.should_exit = True
        return await super().on_tick(counter)


def _allow_files() -> None:
    """Let the process have as many open files as it may have connections, where the system allows it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * MOST_CONNECTIONS + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
