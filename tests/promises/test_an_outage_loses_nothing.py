"""
An outage loses nothing: where the database goes away or the disk is full, callers hear of it and no score leaves unrecorded.

It must be so because a score that nobody can find again cannot be explained, challenged or put right.
"""

import json
import resource
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from benchmarks.serving.asked import bundle_and_requests
from benchmarks.serving.callers import Callers
from benchmarks.serving.crashes import compared, verified_chain
from benchmarks.serving.databases import REMEDY
from benchmarks.serving.outages import postgres_outages
from benchmarks.serving.running import Running

HEARD, RECOVERED = 1.0, 5.0
Found = TypeVar("Found")
Ask = Callable[..., tuple[int, dict[str, str], bytes]]


def test_a_database_that_goes_away() -> None:
    """PostgreSQL is stopped under load: 503 within a second, alive all the while, and nothing lost when it is back."""
    if shutil.which("initdb") is None:
        pytest.skip(REMEDY)
    told = postgres_outages(1)
    assert (told["lost"], told["half_written"], told["chain"]) == (0, 0, "verifies")
    assert told["acknowledged"] > 0
    assert set(told["other_answers"]) == {503}
    assert told["heard_of_after_seconds"] < HEARD
    assert told["recovered_after_seconds"] < RECOVERED


def test_a_disk_that_is_full(tmp_path: Path, ask: Ask) -> None:
    """While no file can grow callers are told 503 as a problem; with room again all is recorded, and nothing is missing."""
    url = f"sqlite:///{tmp_path / 'record.db'}"
    bundle, bodies = bundle_and_requests(tmp_path / "bundle")
    service = Running(bundle, tmp_path / "home", {"EARLYID_RECORD": url, "EARLYID_LOG_LEVEL": "error"})
    with service, Callers(service.port, bodies, 4) as callers:
        _until(lambda: len(callers.acknowledged) > 20)
        with _no_room(service.pid, tmp_path / "record.db-wal"):
            _until(lambda: callers.statuses[503] > 0)
            status, headers, body = _until(lambda: _refused(ask(service.port, "POST", "/v1/scores", bodies[0])))
            alive = service.status("/livez")
        before = len(callers.acknowledged)
        _until(lambda: len(callers.acknowledged) > before + 20)
    assert (status, json.loads(body)["type"], alive) == (503, "/problems/not-recorded", 200)
    assert headers["retry-after"]
    assert set(callers.statuses) == {503}
    assert compared(url, callers.acknowledged) == (0, 0)
    assert verified_chain(url, tmp_path / "home") == "verifies"


@contextmanager
def _no_room(pid: int, file: Path) -> Iterator[None]:
    """Let no file of a process grow beyond what that one is, as on a disk that is full."""
    soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (file.stat().st_size, hard))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))


def _refused(heard: tuple[int, dict[str, str], bytes]) -> tuple[int, dict[str, str], bytes] | None:
    return heard if heard[0] != 201 else None


def _until(found: Callable[[], Found | None]) -> Found:
    """Return the first thing that is found, looked for again and again."""
    until = time.monotonic() + 10
    while not (thing := found()):
        assert time.monotonic() < until
        time.sleep(0.02)
    return thing
