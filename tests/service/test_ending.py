"""A server that ends while a body is still arriving: the caller is told so as a problem, and soon."""

import contextlib
import json
import os
import socket
import threading
import time
from collections.abc import AsyncIterator

import uvicorn

from service.access.evaluation import EvaluationAccess
from service.app import app_of
from service.call import Passed, Service
from service.current import Current, Held
from service.live import Live
from service.operating.connection import Connection
from service.record.references import References
from service.server import Server, bind

HALF = b"POST /v1/scores HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"


def test_half_a_body(live: Live) -> None:
    """A body that is not whole when the server has waited long enough is answered 503 as a problem, logged, and the connection closed."""
    passed: list[Passed] = []

    @contextlib.asynccontextmanager
    async def opened() -> AsyncIterator[Service]:
        hashed = References(os.urandom(32))
        yield Service(Current(Held(live)), EvaluationAccess(), hashed, evaluation=True, passed=passed.append)

    config = uvicorn.Config(
        app_of(opened), http=Connection, lifespan="on", log_config=None, timeout_graceful_shutdown=1
    )
    server, bound = Server(config, lambda: None), bind("127.0.0.1", 0)
    port = bound.getsockname()[1]
    serving = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
    serving.start()
    with socket.create_connection(("127.0.0.1", port), timeout=10) as caller:
        caller.sendall(HALF)
        while not server.server_state.tasks:
            time.sleep(0.01)
        server.should_exit = True
        told = b""
        while some := caller.recv(65536):
            told += some
    serving.join(timeout=10)
    head, _, body = told.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 503 ")
    assert b"connection: close" in head.lower()
    assert json.loads(body)["type"] == "/problems/ending"
    assert [(each.status, each.code) for each in passed] == [(503, "ending")]
