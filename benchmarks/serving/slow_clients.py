"""
Callers that hold on: idle sockets, half heads, and bodies of a byte a second; and what the others notice of them.

They are let go of within seconds, and what the others wait for an answer, at the slowest of a hundred, does not double. Both are measured
in one run, with the slow callers and without, in turns.
"""

import http.client
import json
import multiprocessing
import selectors
import socket
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.serving.asked import bundle_and_requests
from benchmarks.serving.running import Running

# A head is due in 10 s; a body too, and then its caller may read why for 2 s more. Machines are shared.
HEAD_SECONDS, BODY_SECONDS, ALLOWED = 10.0, 12.0, 1.0
MOST_RATIO = 2.0
_HEAD = b"POST /v1/scores HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
KINDS = {"idle": b"", "half a head": _HEAD, "slow body": _HEAD + b"Content-Length: 500\r\n\r\n{"}


def slow_clients(sockets: int, rounds: int) -> dict[str, Any]:
    """Hold so many sockets, in so many rounds, and return the part."""
    with tempfile.TemporaryDirectory() as name, ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as other:
        bundle, bodies = bundle_and_requests(Path(name) / "bundle", detail="summary")
        with Running(bundle, Path(name) / "home", {"EARLYID_LOG_LEVEL": "warning"}) as service:
            other.submit(waits, service.port, bodies, 2.0).result()
            alone: list[float] = []
            beside: list[float] = []
            held: dict[str, float] = {}
            for _ in range(rounds):
                alone += other.submit(waits, service.port, bodies, BODY_SECONDS).result()
                asking = other.submit(waits, service.port, bodies, BODY_SECONDS)
                for kind, seconds in hold(service.port, sockets).items():
                    held[kind] = max(held.get(kind, 0.0), seconds)
                beside += asking.result()
            ready = service.status("/readyz") == 200
    ratio = _slowest(beside) / _slowest(alone)
    let_go = held["idle"] < HEAD_SECONDS + ALLOWED and held["half a head"] < HEAD_SECONDS + ALLOWED
    return {
        "part": "slow-clients",
        "sockets": sockets,
        "rounds": rounds,
        "held_seconds": {kind: round(seconds, 1) for kind, seconds in held.items()},
        "answers": [len(alone), len(beside)],
        "p99_ms": [round(1000 * _slowest(alone), 2), round(1000 * _slowest(beside), 2)],
        "p99_ratio": round(ratio, 2),
        "passed": let_go and held["slow body"] < BODY_SECONDS + ALLOWED and ratio < MOST_RATIO and ready,
    }


def waits(port: int, bodies: Sequence[bytes], seconds: float) -> list[float]:
    """Ask on one connection for so long, one request after the other, and return how long each took; raises unless answered."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    took: list[float] = []
    until = time.perf_counter() + seconds
    while (began := time.perf_counter()) < until:
        connection.request("POST", "/v1/scores", bodies[len(took) % len(bodies)], {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 201:
            raise RuntimeError(f"answered {answer.status}")
        took.append(time.perf_counter() - began)
    connection.close()
    return took


def hold(port: int, sockets: int) -> dict[str, float]:
    """Hold sockets open in every way, and return by way the seconds until the last of them was closed; infinite when one never was."""
    opened: dict[socket.socket, tuple[str, float]] = {}
    with selectors.DefaultSelector() as selector:
        for number in range(sockets):
            kind = tuple(KINDS)[number % len(KINDS)]
            held = socket.create_connection(("127.0.0.1", port), timeout=10)
            held.sendall(KINDS[kind])
            selector.register(held, selectors.EVENT_READ)
            opened[held] = kind, time.perf_counter()
        return _until_closed(selector, opened)


def _until_closed(selector: selectors.BaseSelector, opened: dict[socket.socket, tuple[str, float]]) -> dict[str, float]:
    seconds = dict.fromkeys(KINDS, 0.0)
    began = trickled = time.perf_counter()
    while opened and time.perf_counter() - began < 30:
        for key, _ in selector.select(0.5):
            held = key.fileobj
            assert isinstance(held, socket.socket)  # noqa: S101 - for the types
            if _is_closed(held):
                selector.unregister(held)
                kind, since = opened.pop(held)
                seconds[kind] = max(seconds[kind], time.perf_counter() - since)
                held.close()
        if time.perf_counter() - trickled >= 1:
            trickled = time.perf_counter()
            _trickle(opened)
    return seconds | {kind: float("inf") for kind, _ in opened.values()}


def _trickle(opened: dict[socket.socket, tuple[str, float]]) -> None:
    for held, (kind, _) in opened.items():
        if kind == "slow body":
            try:
                held.sendall(b" ")
            except OSError:
                continue


def _is_closed(held: socket.socket) -> bool:
    try:
        return held.recv(65536) == b""
    except OSError:
        return True


def _slowest(seconds: list[float]) -> float:
    return sorted(seconds)[int(0.99 * len(seconds))]


def main() -> None:
    """Print the line; the number of sockets is the first word of the command, 500 when left out, of rounds the second."""
    words = [int(word) for word in sys.argv[1:]]
    print(json.dumps(slow_clients(*(words + [500, 2][len(words) :]))))


if __name__ == "__main__":
    main()
