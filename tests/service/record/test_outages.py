"""A database that is gone, stands still or is full: whoever asks hears of it at once, and all recovers by itself."""

import asyncio
import datetime
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from benchmarks.serving.databases import Cluster
from benchmarks.serving.running import Running
from service.problems import RecordUnavailable
from service.record.checkpoints import read_checkpoints
from service.record.entries import Entry
from service.record.store import Store, open_record

ROOT = Path(__file__).parents[3]
ENTRY = Entry("account", "case-system", b"{}")
Opened = Callable[..., Store]


async def refused(record: Store) -> float:
    """Return after how many seconds an append is refused; fails when it is not."""
    began = time.perf_counter()
    with pytest.raises(RecordUnavailable):
        await record.append(ENTRY)
    return time.perf_counter() - began


async def recovered(record: Store, seconds: float = 5.0) -> int:
    """Append until it works, for so long at most, and return the number."""
    until = time.perf_counter() + seconds
    while True:
        try:
            return await record.append(ENTRY)
        except RecordUnavailable:
            assert time.perf_counter() < until
            await asyncio.sleep(0.05)


@pytest.fixture
def on_postgres(postgres: Callable[[], str], tmp_path: Path, clock: Callable[[], object]) -> Opened:
    """Open a record on PostgreSQL."""
    url = postgres()
    return lambda: open_record(url, checkpoints=tmp_path / "checkpoints.jsonl", now=clock)


def test_a_server_that_was_stopped_is_told_at_once_and_found_again(
    on_postgres: Opened, postgres_server: Cluster
) -> None:
    """Writing, reading and the check fail within a second while it is gone, and work again when it is back."""

    async def story() -> None:
        async with on_postgres() as record:
            assert await record.append(ENTRY) == 1
            await asyncio.to_thread(postgres_server.stop)
            assert await refused(record) < 1
            for asked in (record.excluded(), record.check()):
                with pytest.raises(RecordUnavailable):
                    await asked
            assert await refused(record) < 1
            await asyncio.to_thread(postgres_server.start)
            assert await recovered(record) == 2
            await record.check()
            assert await record.newest("account") == 2

    asyncio.run(story())


def test_a_server_that_stands_still_keeps_nobody_waiting(on_postgres: Opened, postgres_server: Cluster) -> None:
    """Each who asks is refused within a second; what was refused may be recorded, but nothing is out of its place."""

    async def story() -> tuple[float, int]:
        async with on_postgres() as record:
            await record.append(ENTRY)
            with standing_still(postgres_server):
                waited = await asyncio.gather(*(refused(record) for _ in range(20)))
                with pytest.raises(RecordUnavailable):
                    await record.newest("account")
            return max(waited), await recovered(record)

    waited, number = asyncio.run(story())
    assert waited < 1
    assert 2 <= number <= 22


def test_the_service_ends_though_the_server_stands_still(
    postgres: Callable[[], str], postgres_server: Cluster, small_bundle: Path, tmp_path: Path
) -> None:
    """A service that is told to end does so within ten seconds, though what it asked of the database is never answered."""
    service = Running(small_bundle, tmp_path / "home", {"EARLYID_RECORD": postgres()})
    with service, standing_still(postgres_server):
        until = time.monotonic() + 10
        while service.status("/readyz") != 503:
            assert time.monotonic() < until
            time.sleep(0.1)
        assert service.stop() < 10


@contextmanager
def standing_still(server: Cluster) -> Iterator[None]:
    """Stop every process of a server where it is, then let them go on."""
    with psycopg.connect(server.url) as connection:
        status = Path(f"/proc/{connection.info.backend_pid}/status").read_text(encoding="utf-8")
    first = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("PPid:"))
    children = Path(f"/proc/{first}/task/{first}/children").read_text(encoding="ascii").split()
    every = [first, *map(int, children)]
    try:
        _signal(every, signal.SIGSTOP)
        yield
    finally:
        _signal(every, signal.SIGCONT)


def _signal(processes: list[int], how: signal.Signals) -> None:
    for pid in processes:
        # The one that served the connection above may have ended meanwhile.
        with suppress(ProcessLookupError):
            os.kill(pid, how)


def test_a_full_disk_loses_nothing_and_mends_itself(tmp_path: Path, clock: Callable[[], object]) -> None:
    """While nothing more can be written all is refused; with room again all is recorded, and nothing is missing."""

    async def story() -> tuple[int, list[int], bool]:
        path = tmp_path / "record.db"
        async with open_record(path, checkpoints=tmp_path / "checkpoints.jsonl", now=clock) as record:
            with room_for(600_000):
                asked = [await outcome(record, bytes(4000)) for _ in range(300)]
                full = record.failing
            await record.check()
            numbers = [number for number in asked if number is not None]
            assert None in asked
            return await recovered(record), numbers, full and not record.failing

    newest, numbers, mended = asyncio.run(story())
    assert len(numbers) > 10
    assert numbers == list(range(1, newest))
    assert mended


async def outcome(record: Store, payload: bytes) -> int | None:
    """Return the number of an entry, None when it is refused."""
    try:
        return await record.append(Entry("account", "case-system", payload))
    except RecordUnavailable:
        return None


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


_APPENDING = """
import asyncio, datetime, sys
from pathlib import Path
from service.record.entries import Entry
from service.record.store import open_record

async def append(record):
    while True:
        print(await record.append(Entry("account", "c", b"{}")), flush=True)

async def main():
    folder = Path(sys.argv[2])
    now = lambda: datetime.datetime.now(datetime.UTC)
    async with open_record(sys.argv[1], checkpoints=folder / "checkpoints.jsonl", now=now, alone=True) as record:
        await asyncio.gather(*(append(record) for _ in range(8)))

asyncio.run(main())
"""


def test_what_was_acknowledged_outlives_a_kill(place: str, opened: Opened, tmp_path: Path, clock: Any) -> None:
    """A process killed amid writing leaves every acknowledged entry, no gap, and a record that the next one can open."""
    acknowledged, clock.time = 0, datetime.datetime.now(datetime.UTC)
    for _ in range(2):
        writer = subprocess.Popen(
            [sys.executable, "-c", _APPENDING, place, str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT
        )
        assert writer.stdout is not None
        for _ in range(50):
            acknowledged = max(acknowledged, int(writer.stdout.readline()))
        writer.kill()
        rest, _ = writer.communicate()
        acknowledged = max([acknowledged, *map(int, rest.split(b"\n")[:-1])])

    async def story() -> tuple[int, int]:
        async with opened(alone=True) as record:
            return await record.newest("account"), await recovered(record)

    newest, following = asyncio.run(story())
    assert newest >= acknowledged >= 100
    assert following == newest + 1
    assert list(read_checkpoints(tmp_path / "checkpoints.jsonl"))[-1].head.seq == following
