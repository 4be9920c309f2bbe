"""
A load generator that costs little: one thread, raw sockets, one request in flight on each keep-alive connection.

It shares the machine with the server it asks, so whatever it costs is taken from both sides of a comparison.
"""

import itertools
import select
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

HEAD_END, LENGTH = b"\r\n\r\n", b"content-length:"


@dataclass(frozen=True, slots=True)
class Target:
    """A server, and the requests it is sent in turn."""

    port: int
    requests: Sequence[bytes]

    @classmethod
    def of(cls, port: int, path: str, bodies: Sequence[bytes], headers: Mapping[str, str] | None = None) -> "Target":
        """Return a target that is sent JSON, with these headers more."""
        said = {"Host": f"127.0.0.1:{port}", "Content-Type": "application/json"} | dict(headers or {})
        lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items()), "Content-Length: "]
        head = "\r\n".join(lines)
        return cls(port, [head.encode() + b"%d" % len(body) + HEAD_END + body for body in bodies])


def ask(target: Target) -> bytes:
    """Send the first request, and return the body of its answer."""
    with _connect(target) as opened:
        opened.sendall(target.requests[0])
        received = b""
        while not _is_whole(received):
            received += opened.recv(65536)
        return received.partition(HEAD_END)[2]


def rate(target: Target, seconds: float, connections: int) -> float:
    """Send requests for so long, and return how many were answered each second."""
    opened = [_connect(target) for _ in range(connections)]
    try:
        return _drive(opened, itertools.cycle(target.requests), seconds)
    finally:
        for each in opened:
            each.close()


def _connect(target: Target) -> socket.socket:
    opened = socket.create_connection(("127.0.0.1", target.port), timeout=10)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return opened


def _drive(opened: Sequence[socket.socket], requests: Iterator[bytes], seconds: float) -> float:
    by_number = {each.fileno(): each for each in opened}
    received = dict.fromkeys(by_number, b"")
    answered, start = 0, time.perf_counter()
    with select.epoll() as waiting:
        for number, each in by_number.items():
            waiting.register(number, select.EPOLLIN)
            each.sendall(next(requests))
        while (elapsed := time.perf_counter() - start) < seconds:
            for number, _ in waiting.poll(1.0):
                received[number] += by_number[number].recv(65536)
                if _is_whole(received[number]):
                    answered += 1
                    received[number] = b""
                    by_number[number].sendall(next(requests))
    return answered / elapsed


def _is_whole(received: bytes) -> bool:
    """Whether all of an answer is here; raises RuntimeError unless its status is 200, or 201 where it was recorded."""
    end = received.find(HEAD_END)
    if end < 0:
        return False
    if not received.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201")):
        raise RuntimeError(received.decode())
    _, _, after = received[:end].lower().partition(LENGTH)
    return len(received) >= end + len(HEAD_END) + int(after.partition(b"\r")[0])
