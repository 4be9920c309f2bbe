"""Callers that never tire: threads with one keep-alive connection each, which keep what was acknowledged."""

import contextlib
import http.client
import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

HEADERS = {"Content-Type": "application/json"}


class Callers:
    """
    Threads that post scoring requests until told to end.

    `acknowledged` has the body of every answer that arrived whole with status 201, `statuses` counts the others. A
    connection that breaks is opened again: a service that was killed is no fault of theirs.
    """

    def __init__(
        self,
        port: int,
        bodies: Sequence[bytes],
        connections: int = 8,
        headers: Mapping[str, str] | None = None,
        *,
        headers_of: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        self.acknowledged: list[bytes] = []
        self.statuses: Counter[int] = Counter()
        self.slowest = 0.0
        self._port, self._bodies = port, itertools.cycle(bodies)
        self._headers, self._headers_of = HEADERS | dict(headers or {}), headers_of
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._call, daemon=True) for _ in range(connections)]

    def __enter__(self) -> Self:
        """Begin to call."""
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """End, once the requests in flight are over."""
        self._ending.set()
        for thread in self._threads:
            thread.join(timeout=30)

    def _call(self) -> None:
        while not self._ending.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
            with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
                while not self._ending.is_set():
                    self._one(connection)
            time.sleep(0.01)

    def _one(self, connection: http.client.HTTPConnection) -> None:
        with self._lock:
            body = next(self._bodies)
        began = time.perf_counter()
        connection.request("POST", "/v1/scores", body, {**self._headers, **self._headers_of()})
        answer = connection.getresponse()
        # A body that is cut short raises, so that what is not whole is never counted as acknowledged.
        said = answer.read()
        took = time.perf_counter() - began
        with self._lock:
            self.slowest = max(self.slowest, took)
            if answer.status == 201:
                self.acknowledged.append(said)
            else:
                self.statuses[answer.status] += 1
