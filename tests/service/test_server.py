"""`earlyid serve` as a real process on a real socket."""

import contextlib
import http.client
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from starlette.testclient import TestClient

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


@contextlib.contextmanager
def _served(bundle: Path) -> Iterator[Server]:
    """Serve a bundle on a free port in a process of its own, which is stopped whatever happens."""
    command = [sys.executable, "-c", "import earlyid; earlyid.main()", "serve", "--bundle", str(bundle), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            yield Server(process, said, int(said.split()[0].rpartition(":")[2]))
        finally:
            process.terminate()
            process.wait(timeout=30)


@pytest.fixture(scope="module")
def server(small_bundle: Path) -> Iterator[Server]:
    """A server that the tests of this module share."""
    with _served(small_bundle) as running:
        yield running


def test_the_same_answers(server: Server, client: TestClient, request_body: dict[str, Any]) -> None:
    """What comes over the socket is what the application answers, byte for byte."""
    body = json.dumps(request_body).encode()
    assert server.ask(body) == (200, client.post("/v1/scores", content=body, headers=JSON).content)


def test_the_first_line(server: Server) -> None:
    """The server says where it listens, and that what it serves is not approved."""
    assert server.said == f"http://127.0.0.1:{server.port} serves bundle: {STAMP}\n"


def test_a_large_body_without_a_length(server: Server, request_body: dict[str, Any]) -> None:
    """A body of 10 MB that is sent in chunks is refused, and the server goes on."""
    head = b"POST /v1/scores HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as opened:
        opened.sendall(head)
        with contextlib.suppress(ConnectionError):
            for _ in range(160):
                opened.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")
        assert opened.recv(65536).startswith(b"HTTP/1.1 413 ")
    assert server.ask(json.dumps(request_body).encode())[0] == 200


def test_nothing_is_said_of_what_passes(small_bundle: Path, request_body: dict[str, Any]) -> None:
    """From start to Ctrl-C the server prints its first line and nothing else, whatever it is sent, and ends with 0."""
    with _served(small_bundle) as server:
        for body in (json.dumps(request_body).encode(), b'{"canary": 1}', b"canary", b'{"subject": "\\ud800"}'):
            server.ask(body)
        server.process.send_signal(signal.SIGINT)
        assert server.process.communicate(timeout=30) == ("", "")
        assert server.process.returncode == 0
