"""
A few threads for work that waits, such as for a database, of which the process does not wait for the end.

Those of `concurrent.futures` are waited for when the process ends: one that waits for a server that stands still would keep it.
"""

import asyncio
import contextlib
import queue
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

Got = TypeVar("Got")


class _Job(NamedTuple):
    """What is to be done, and who waits for what it returns."""

    work: Callable[[], Any]
    waits: "asyncio.Future[Any]"


class Threads:
    """Does one thing after another in each of so many threads, begun when they are needed."""

    def __init__(self, count: int, name: str) -> None:
        self._count, self._name = count, name
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []

    async def do(self, work: Callable[[], Got]) -> Got:
        """Return what some work returns; where nobody waits for it any more, it is not begun."""
        waits: asyncio.Future[Got] = asyncio.get_running_loop().create_future()
        self._jobs.put(_Job(work, waits))
        if len(self._threads) < self._count:
            self._threads.append(threading.Thread(target=self._run, name=self._name, daemon=True))
            self._threads[-1].start()
        return await waits

    def close(self, seconds: float) -> None:
        """Let the threads end; blocks until they have, or so many seconds have passed."""
        until = time.monotonic() + seconds
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            if not job.waits.done():
                _do(job)


def _do(job: _Job) -> None:
    got, error = None, None
    try:
        got = job.work()
    except Exception as raised:  # noqa: BLE001 - whatever it was, who waits must be told
        error = raised
    # A loop that has ended has nobody left who waits.
    with contextlib.suppress(RuntimeError):
        job.waits.get_loop().call_soon_threadsafe(_tell, job.waits, got, error)


def _tell(waits: "asyncio.Future[Any]", got: object, error: Exception | None) -> None:
    if waits.done():
        return
    if error is None:
        waits.set_result(got)
    else:
        waits.set_exception(error)
