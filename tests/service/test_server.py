"""`earlyid serve` as a real process on a real socket: what it says, whom it waits for, and how it ends."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from models.plain_words import STAMP

ROOT = Path(__file__).parents[2]
JSON = {"Content-Type": "application/json"}


class Server(NamedTuple):
    """A running server, what it said when it began, and its port."""

    process: subprocess.Popen[str]
    said: str
    port: int

    def ask(self, body: bytes) -> tuple[int, bytes]:
        """Return the status and the body of the answer to a scoring request."""
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request("POST", "/v1/scores", body, JSON)
            answer = connection.getresponse()
            return answer.status, answer.read()

    def connect(self) -> socket.socket:
        """Return a connection that nothing was sent on."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)


@contextlib.contextmanager
def _served(bundle: Path, home: Path) -> Iterator[Server]:
    """Serve a bundle on a free port in a process of its own, which is stopped whatever happens."""
    words = ["serve", "--bundle", str(bundle), "--port", "0", "--home", str(home)]
    command = [sys.executable, "-c", "import earlyid; earlyid.main()", *words]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("EARLYID_")}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            yield Server(process, said, int(said.split()[0].rpartition(":")[2]))
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


@pytest.fixture(scope="module")
def server(small_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that the tests of this module share."""
    with _served(small_bundle, tmp_path_factory.mktemp("home")) as running:
        yield running


def test_it_answers(server: Server, request_body: dict[str, Any]) -> None:
    """What is asked over the socket is scored and recorded."""
    status, answer = server.ask(json.dumps(request_body).encode())
    assert (status, json.loads(answer)["status"]) == (201, "scored")


def test_the_first_line(server: Server) -> None:
    """The server says where it listens, and that what it serves is not approved."""
    assert server.said == f"http://127.0.0.1:{server.port} serves bundle: {STAMP}\n"


def test_a_large_body(server: Server) -> None:
    """A caller that sends nine megabytes at once reads why they are refused, each time."""
    for _ in range(5):
        status, told = server.ask(b" " * 9_000_000)
        assert (status, json.loads(told)["type"]) == (413, "/problems/too-large")


def test_a_large_body_without_a_length(server: Server, request_body: dict[str, Any]) -> None:
    """A body of 10 MB that is sent in chunks is refused, the caller can read why, and the server goes on."""
    head = b"POST /v1/scores HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    with server.connect() as opened:
        opened.sendall(head)
        with contextlib.suppress(ConnectionError):
            for _ in range(160):
                opened.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")
        assert opened.recv(65536).startswith(b"HTTP/1.1 413 ")
    assert server.ask(json.dumps(request_body).encode())[0] == 201


def test_a_large_head(server: Server) -> None:
    """More than 32 KiB of headers are refused as a problem, whole or not; 16 KiB are read."""
    for size, ended, status in ((40_000, True, 431), (40_000, False, 431), (16_000, True, 200)):
        with server.connect() as opened:
            opened.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * size + b"\r\n\r\n" * ended)
            assert opened.recv(65536).startswith(b"HTTP/1.1 %d " % status)


@pytest.mark.parametrize("hosts", [b"", b"Host: a\r\nHost: b\r\n"], ids=["none", "two"])
def test_one_host(server: Server, hosts: bytes) -> None:
    """A request that names no host, or two, is not HTTP/1.1."""
    with server.connect() as opened:
        opened.sendall(b"GET /livez HTTP/1.1\r\n" + hosts + b"\r\n")
        assert opened.recv(65536).startswith(b"HTTP/1.1 400 ")


def test_what_comes_behind_what_is_refused(server: Server) -> None:
    """A caller that is told that nothing more is read gets no second answer, whatever it sent in the same breath."""
    with server.connect() as opened:
        opened.sendall(b"GET /livez HTTP/1.1\r\n\r\n" + b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n" * 3)
        told = b"".join(iter(lambda: opened.recv(65536), b""))
    assert told.count(b"HTTP/1.1 ") == 1
    assert told.startswith(b"HTTP/1.1 400 ")


def test_what_is_not_http(server: Server) -> None:
    """What is not HTTP is refused as a problem, which repeats nothing of it."""
    with server.connect() as opened:
        opened.sendall(b"canary\r\n\r\n")
        told = opened.recv(65536)
    assert told.startswith(b"HTTP/1.1 400 ")
    assert b"/problems/not-http" in told
    assert b"canary" not in told


def test_a_body_after_the_answer(server: Server) -> None:
    """A caller that is refused before it has sent its body can send it, and ask again on the same connection."""
    with server.connect() as opened:
        opened.sendall(b"POST /livez HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n")
        assert opened.recv(65536).startswith(b"HTTP/1.1 405 ")
        opened.sendall(b"bodyGET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert opened.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_a_body_that_never_ends(server: Server) -> None:
    """A caller that was refused, and sends its body a byte at a time, is let go of within seconds."""
    with server.connect() as opened:
        opened.sendall(b"POST /livez HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n")
        assert opened.recv(65536).startswith(b"HTTP/1.1 405 ")
        assert 1 < _seconds_until_closed(opened, b"x") < 5


def test_half_a_head(server: Server, request_body: dict[str, Any]) -> None:
    """A connection that sends no head, or one a byte at a time, is closed after ten seconds; others are answered meanwhile."""
    silent, trickling = server.connect(), server.connect()
    trickling.sendall(b"GET /livez HTTP/1.1\r\nX-Long: ")
    waited: dict[str, float] = {}
    threads = [
        threading.Thread(target=lambda: waited.update(silent=_seconds_until_closed(silent, b""))),
        threading.Thread(target=lambda: waited.update(trickling=_seconds_until_closed(trickling, b"x"))),
    ]
    for thread in threads:
        thread.start()
    assert server.ask(json.dumps(request_body).encode())[0] == 201
    for thread in threads:
        thread.join(timeout=30)
    assert all(8 < seconds < 12 for seconds in waited.values()), waited
    assert len(waited) == len(threads)


def _seconds_until_closed(opened: socket.socket, sends: bytes) -> float:
    """Send some bytes five times a second until the other side closes, and return how long that was."""
    began = time.monotonic()
    opened.settimeout(0.2)
    while time.monotonic() - began < 20:
        try:
            opened.sendall(sends)
            if opened.recv(65536) == b"":
                break
        except TimeoutError:
            continue
        except ConnectionError:
            break
    opened.close()
    return time.monotonic() - began


def test_one_line_for_each_request(small_bundle: Path, tmp_path: Path, request_body: dict[str, Any]) -> None:
    """From start to Ctrl-C the server prints its first line, and logs one line for each request that repeats nothing of it."""
    bodies = [json.dumps(request_body).encode(), b'{"canary": 1}', b"canary", b'{"subject": "\\ud800canary"}']
    with _served(small_bundle, tmp_path) as server:
        statuses = [server.ask(body)[0] for body in bodies]
        server.process.send_signal(signal.SIGINT)
        out, err = server.process.communicate(timeout=30)
    lines = [json.loads(line) for line in err.splitlines()]
    assert (out, server.process.returncode) == ("", 0)
    assert [line["status"] for line in lines if line["event"] == "request"] == statuses
    assert [line["event"] for line in lines] == ["started", *["request"] * 4, "stopped"]
    assert "canary" not in err
    assert "child-1" not in err


def test_it_lets_callers_go(small_bundle: Path, tmp_path: Path, request_body: dict[str, Any]) -> None:
    """Told to end, it says that it is not ready, answers what it is asked and says to connect anew; told again, it ends as well, with 0."""
    with _served(small_bundle, tmp_path) as server:
        kept = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        assert _asked(kept, "GET", "/readyz", b"") == (200, None)
        server.process.terminate()
        time.sleep(0.2)
        server.process.terminate()
        assert _asked(kept, "GET", "/readyz", b"") == (503, "close")
        assert _asked(kept, "POST", "/v1/scores", json.dumps(request_body).encode()) == (201, "close")
        kept.close()
        began = time.monotonic()
        assert server.process.wait(timeout=30) == 0
        assert time.monotonic() - began < 8


def _asked(kept: http.client.HTTPConnection, method: str, path: str, body: bytes) -> tuple[int, str | None]:
    """Return the status, and what was said of the connection."""
    kept.request(method, path, body, JSON)
    answer = kept.getresponse()
    answer.read()
    return answer.status, answer.getheader("connection")
