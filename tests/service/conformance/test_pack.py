"""The conformance pack, run as a vendor runs it: against a service that is right, and against one that is not."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

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


def test_nobody_there(pack: Path) -> None:
    """An address at which nobody answers is told so, without a trace of the program."""
    done = _run(pack, "http://127.0.0.1:9")
    assert done.returncode == 1
    assert (done.stderr, "not ok child-1: no answer" in done.stdout) == ("", True)
