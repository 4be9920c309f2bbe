"""The bounds of connections on a real socket, with numbers that take seconds: how many there are, and how long an answer waits."""

import asyncio
import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from service.operating.connection import ANSWER_SECONDS, MOST_CONNECTIONS, Connection, Connections
from service.server import Server, bind

ASKED = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"
# Much more than the system's buffers of a connection hold.
LARGE = bytes(32 * 2**20)
Serving = Callable[[ASGIApp, Connections], AbstractContextManager[Callable[[], socket.socket]]]


@pytest.fixture
def serving() -> Serving:
    """Serve an application within those bounds, and give what connects to it."""

    @contextlib.contextmanager
    def served(app: ASGIApp, connections: Connections) -> Iterator[Callable[[], socket.socket]]:
        bound = bind("127.0.0.1", 0)
        config = uvicorn.Config(app, http=Connection, ws="none", lifespan="off", log_config=None, access_log=False)
        server = Server(config, lambda: None)
        server.server_state = connections
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([bound])), daemon=True)
        thread.start()
        try:
            with contextlib.ExitStack() as opened:
                yield lambda: opened.enter_context(socket.create_connection(bound.getsockname(), timeout=10))
        finally:
            server.should_exit = True
            thread.join(timeout=20)
            bound.close()

    return served


async def short(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Answer with one byte."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})
    await send({"type": "http.response.body", "body": b"1"})


def test_the_bounds_that_are_served_with() -> None:
    """A service that nobody gave other bounds has a thousand connections, and waits half a minute for an answer to be taken."""
    bounds = Connections()
    assert (bounds.most, bounds.answer_seconds) == (MOST_CONNECTIONS, ANSWER_SECONDS) == (1000, 30)


def test_the_longest_idle_makes_room(serving: Serving) -> None:
    """One connection too many is answered, and the one that has been idle longest is let go of for it; no other is."""
    with serving(short, Connections(most=8)) as connect:
        held = [connect() for _ in range(8)]
        for each in held:
            assert _answer(each).startswith(b"HTTP/1.1 200 ")
        # Asked again, the first was idle for less long than the second.
        assert _answer(held[0]).startswith(b"HTTP/1.1 200 ")
        assert _answer(connect()).startswith(b"HTTP/1.1 200 ")
        assert _is_closed(held[1])
        assert all(_answer(each).startswith(b"HTTP/1.1 200 ") for each in (held[0], *held[2:]))


def test_those_that_never_ask_make_room_first(serving: Serving) -> None:
    """Hundreds that connect and say nothing keep nobody from being answered."""
    with serving(short, Connections(most=8)) as connect:
        silent = [connect() for _ in range(300)]
        assert _answer(connect()).startswith(b"HTTP/1.1 200 ")
        assert all(_is_closed(each) for each in silent[:290])


def test_none_that_is_answered_makes_room(serving: Serving) -> None:
    """Where every connection is being answered one more is refused as a problem that says when to come back; the others go on."""
    waiting, going_on = threading.Semaphore(0), threading.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        waiting.release()
        await asyncio.to_thread(going_on.wait, 10)
        await short(scope, receive, send)

    with serving(slow, Connections(most=3)) as connect:
        busy = [connect() for _ in range(3)]
        for each in busy:
            each.sendall(ASKED)
            assert waiting.acquire(timeout=10)
        refused = connect()
        head, _, body = _everything(refused).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 503 ")
        assert b"retry-after: 1" in head
        assert (json.loads(body)["type"], json.loads(body)["status"]) == ("/problems/overloaded", 503)
        going_on.set()
        assert all(each.recv(65536).startswith(b"HTTP/1.1 200 ") for each in busy)


def test_an_answer_that_is_not_taken(serving: Serving) -> None:
    """A caller that does not read its answer is let go of in time, and one that reads it slowly gets all of it."""
    done: list[float] = []

    async def large(_scope: Scope, _receive: Receive, send: Send) -> None:
        began = time.monotonic()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for start in range(0, len(LARGE), 2**20):
            await send({"type": "http.response.body", "body": LARGE[start : start + 2**20], "more_body": True})
        await send({"type": "http.response.body", "body": b""})
        done.append(time.monotonic() - began)

    with serving(large, Connections(answer_seconds=0.7)) as connect:
        stuck, slow = connect(), connect()
        stuck.sendall(ASKED)
        time.sleep(1.5)
        assert len(_everything(stuck)) < len(LARGE)
        slow.sendall(ASKED)
        assert len(_everything(slow, pause=0.02)) > len(LARGE)
    assert 0.5 < done[0] < 1.4


def _answer(opened: socket.socket) -> bytes:
    opened.sendall(ASKED)
    return opened.recv(65536)


def _everything(opened: socket.socket, pause: float = 0.0) -> bytes:
    """Return all that comes until the other side closes, however it does, or a chunked answer ends."""
    told = bytearray()
    with contextlib.suppress(ConnectionError):
        while (part := opened.recv(2**20)) != b"":
            told += part
            if told.endswith(b"\r\n0\r\n\r\n"):
                break
            time.sleep(pause)
    return bytes(told)


def _is_closed(opened: socket.socket) -> bool:
    with contextlib.suppress(ConnectionError):
        return opened.recv(1) == b""
    return True


async def echo(_scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the body that was sent."""
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


@pytest.mark.parametrize("protocol", [b"h2c", b"websocket"])
@pytest.mark.parametrize(
    ("framed", "sent"),
    [
        (b"Content-Length: %d" % len(ASKED), ASKED),
        (b"Transfer-Encoding: chunked", b"%x\r\n%b\r\n0\r\n\r\n" % (len(ASKED), ASKED)),
    ],
    ids=["whole", "in chunks"],
)
@pytest.mark.parametrize("apart", [False, True], ids=["at once", "apart"])
def test_a_wish_for_another_protocol(
    serving: Serving, protocol: bytes, framed: bytes, sent: bytes, *, apart: bool
) -> None:
    """A request that wishes for another protocol is answered as HTTP/1.1, and neither its body nor what follows is another request."""
    head = b"POST / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: %b\r\n%b\r\n\r\n" % (protocol, framed)
    with serving(echo, Connections()) as connect:
        connection = connect()
        for piece in (head, sent + ASKED) if apart else (head + sent + ASKED,):
            connection.sendall(piece)
            time.sleep(0.05)
        answered = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answered.count(b"HTTP/1.1 ") == 1
    assert answered.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answered.endswith(b"connection: close\r\n\r\n" + ASKED)


def test_a_wish_for_another_protocol_without_a_body(serving: Serving) -> None:
    """A request without a body that wishes for another protocol is answered, and its caller let go of."""
    with serving(short, Connections()) as connect:
        connection = connect()
        connection.sendall(ASKED[:-2] + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n")
        assert b"".join(iter(lambda: connection.recv(65536), b"")).endswith(b"connection: close\r\n\r\n1")
