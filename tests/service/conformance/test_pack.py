"""The conformance pack, run as a vendor runs it: against a service that is right, and against one that is not."""

import contextlib
import itertools
import json
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.conformance import run

Command = Callable[..., subprocess.CompletedProcess[str]]
Alter = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def pack(earlyid: Command, small_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack of the small bundle."""
    out = tmp_path_factory.mktemp("conformance") / "pack"
    done = earlyid("conformance", out, "--bundle", small_bundle)
    assert done.returncode == 0, done.stderr
    return out


def _run(pack: Path, address: str) -> subprocess.CompletedProcess[str]:
    """Run the pack's own program, with nothing installed that it could lean on."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(pack / "run.py"), address],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def served(client: TestClient) -> Iterator[Callable[[Alter], str]]:
    """Put the service behind a socket of this machine, each of its JSON answers altered; give the address."""
    servers: list[ThreadingHTTPServer] = []

    def serve(alter: Alter) -> str:
        class Passing(BaseHTTPRequestHandler):
            def _pass(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                answer = client.request(self.command, self.path, content=body, headers=dict(self.headers))
                told = answer.json()
                alter(told)
                sent = json.dumps(told).encode()
                self.send_response(answer.status_code)
                self.send_header("content-length", str(len(sent)))
                self.end_headers()
                self.wfile.write(sent)

            do_GET = do_POST = do_PUT = _pass  # noqa: N815 - the names that the library calls

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Passing)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_service_that_agrees(pack: Path, served: Callable[[Alter], str]) -> None:
    """The service that the pack was written from agrees with every case."""
    done = _run(pack, served(lambda _told: None))
    cases = json.loads((pack / "cases.json").read_text())["cases"]
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1] == f"{len(cases) + 1} of {len(cases) + 1} agree"
    assert {"scored", "not-scored"} <= {case["expected"].get("status") for case in cases}


def _other_band(told: dict[str, Any]) -> None:
    for score in told.get("scores", []):
        score["probability"] += 1e-9


def _no_faults(told: dict[str, Any]) -> None:
    if "errors" in told:
        told["errors"] = []


@pytest.mark.parametrize(("alter", "where"), [(_other_band, "/scores/0/probability"), (_no_faults, "/errors")])
def test_a_service_that_does_not(pack: Path, served: Callable[[Alter], str], alter: Alter, where: str) -> None:
    """A number that is a billionth off, or a refusal that does not say where, is found and told by its place."""
    done = _run(pack, served(alter))
    assert done.returncode == 1
    assert any(line.startswith("not ok ") and where in line for line in done.stdout.splitlines())


@pytest.mark.parametrize(("status", "said"), [(401, "--key-file"), (403, "the permission score")])
def test_who_may_not_score(pack: Path, answering: Callable[[bytes], str], status: int, said: str) -> None:
    """A caller that is not known, or may not score, is told so once, in place of every case that then fails."""
    done = _run(pack, answering(b"HTTP/1.1 %d No\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}" % status))
    assert (done.returncode, done.stdout, said in done.stderr) == (2, "", True)


def test_a_refusal_where_it_is_repeated(pack: Path, answering: Callable[[bytes], str]) -> None:
    """A caller whose request is refused where it is repeated is told with which status."""
    service = run.Service(answering(b"HTTP/1.1 403 No\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}"), None)
    cases = json.loads((pack / "cases.json").read_text())["cases"]
    assert run.repeated(service, cases[0], cases[1]) == "answered 403, expected 201"


def test_a_caller_who_asks_too_often(answering: Callable[..., str]) -> None:
    """A caller who is told to wait waits and asks again, so that a small limit fails no case."""
    wait = b"HTTP/1.1 429 No\r\nretry-after: 0\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    service = run.Service(
        answering(wait, b"HTTP/1.1 200 Yes\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}"), None
    )
    status, _, body = service.ask({"method": "GET", "path": "/", "headers": {}, "body": ""})
    assert (status, body) == (200, b"{}")


def test_a_large_body_that_is_cut_off(pack: Path, answering: Callable[[bytes], str]) -> None:
    """A connection that is reset counts as a refusal of the body that is too large, and of no other."""
    done = _run(pack, answering(b""))
    assert done.returncode == 1
    assert [line for line in done.stdout.splitlines() if line.startswith("ok ")] == ["ok too-large"]


@pytest.fixture
def answering() -> Iterator[Callable[..., str]]:
    """Answer whatever is asked with these bytes in turn, the last again and again, or reset the connection where there are none; give the address."""
    listening = socket.create_server(("127.0.0.1", 0))

    def answer(*answers: bytes) -> None:
        with contextlib.suppress(OSError):
            for told in itertools.chain(answers, itertools.repeat(answers[-1])):
                opened, _ = listening.accept()
                opened.recv(65536)
                if not told:
                    opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                opened.sendall(told)
                opened.close()

    def begin(*answers: bytes) -> str:
        threading.Thread(target=answer, args=answers, daemon=True).start()
        return f"http://127.0.0.1:{listening.getsockname()[1]}"

    yield begin
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()


def test_nobody_there(pack: Path) -> None:
    """An address at which nobody answers is told so, without a trace of the program."""
    done = _run(pack, "http://127.0.0.1:9")
    assert done.returncode == 1
    assert (done.stderr, "not ok child-1: no answer" in done.stdout) == ("", True)
