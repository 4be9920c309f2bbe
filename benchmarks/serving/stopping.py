"""Told to end under load (SIGTERM), again and again: no answer is cut off, no request that was taken is lost, and it ends soon."""

import contextlib
import http.client
import json
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.serving.asked import bundle_and_requests
from benchmarks.serving.running import Running

MOST_SECONDS = 10.0
CONNECTIONS = 8


class Polite:
    """
    A caller as case systems are: it keeps its connection until it is told to connect anew, and ends when nobody listens any more.

    `cut` counts answers that began and did not arrive whole, `lost` requests on a kept connection that were not answered at all.
    """

    def __init__(self, port: int, bodies: Sequence[bytes]) -> None:
        self.answered = self.cut = self.lost = 0
        self._port, self._bodies = port, bodies
        self.thread = threading.Thread(target=self._call, daemon=True)

    def _call(self) -> None:
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
            try:
                connection.connect()
            except OSError:
                return
            with contextlib.closing(connection):
                self._until_told(connection)

    def _until_told(self, connection: http.client.HTTPConnection) -> None:
        first = True
        while True:
            try:
                connection.request("POST", "/v1/scores", self._bodies[self.answered % len(self._bodies)], _HEADERS)
                answer = connection.getresponse()
            except (OSError, http.client.HTTPException):
                # A connection that was never served on may be refused: it was in the queue when the service ended.
                self.lost += not first
                return
            try:
                answer.read()
            except (OSError, http.client.HTTPException):
                self.cut += 1
                return
            self.answered += 1
            first = False
            if answer.will_close:
                return


_HEADERS = {"Content-Type": "application/json"}


def stopping(times: int) -> dict[str, Any]:
    """End a service so many times under load, and return the part."""
    slowest, answered, cut, lost, failed = 0.0, 0, 0, 0, 0
    with tempfile.TemporaryDirectory() as name:
        bundle, bodies = bundle_and_requests(Path(name) / "bundle", detail="summary")
        for _ in range(times):
            service = Running(bundle, Path(name) / "home", {"EARLYID_LOG_LEVEL": "warning"})
            service.start()
            callers = [Polite(service.port, bodies) for _ in range(CONNECTIONS)]
            for caller in callers:
                caller.thread.start()
            time.sleep(0.7)
            os.kill(service.pid, signal.SIGTERM)
            slowest = max(slowest, service.stop())
            for caller in callers:
                caller.thread.join(timeout=30)
            answered += sum(caller.answered for caller in callers)
            cut += sum(caller.cut for caller in callers)
            lost += sum(caller.lost for caller in callers)
            failed += sum(caller.thread.is_alive() for caller in callers)
    return {
        "part": "stopping",
        "times": times,
        "answered": answered,
        "cut": cut,
        "lost": lost,
        "slowest_seconds": round(slowest, 2),
        "passed": cut == lost == failed == 0 and slowest < MOST_SECONDS,
    }


def main() -> None:
    """Print the line; how often is the first word of the command, 10 times when left out."""
    print(json.dumps(stopping(int(sys.argv[1]) if len(sys.argv) > 1 else 10)))


if __name__ == "__main__":
    main()
