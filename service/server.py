"""
Runs the door on one worker process of uvicorn, bound to this machine only.

uvicorn has no time limit on reading a request's head, so nothing but this machine may reach it without a proxy between.
"""

import contextlib
import socket

import uvicorn
from starlette.types import ASGIApp

# Far above what case systems on one machine need, far below what the process could not bear.
MOST_CONNECTIONS = 256
KEEP_ALIVE_SECONDS = 30


def bind(host: str, port: int) -> socket.socket:
    """Return a socket on which callers can queue already; raises OSError when the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(MOST_CONNECTIONS)
    except OSError:
        bound.close()
        raise
    return bound


def run(app: ASGIApp, bound: socket.socket) -> None:
    """Serve until told to stop; says nothing of what passes."""
    config = uvicorn.Config(
        app,
        http="httptools",
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=5,
    )
    # uvicorn passes an interrupt on once all is closed: that is an ordinary end.
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[bound])
