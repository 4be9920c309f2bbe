"""
How often clients are let through in real time: of twice the limit, sent evenly, what share of the limit is accepted.

In one process, and in three real processes that share a PostgreSQL; then one client that asks without pause beside one that keeps
its limit, and how long the quiet one waits. `accepted` is 1 where exactly the limit was let through, once the burst was used up.
"""

import asyncio
import datetime
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.serving.databases import real_postgres
from service.access.agreements import Client
from service.access.buckets import Buckets, OwnBuckets
from service.access.shared_buckets import SharedBuckets
from service.record.database import open_engine
from service.record.tables import buckets

SECONDS, PROCESSES = 10.0, 3
# A burst is of a second, and at twice the limit it is gone after another, or soon after on a busy machine.
FIRST = 3.0
PER_MINUTE = (600, 6_000, 60_000)


def main() -> None:
    """Print the line."""
    print(json.dumps({"benchmark": "rate_limits", **rate_limits(SECONDS)}))


def rate_limits(seconds: float) -> dict[str, Any]:
    """Return what was accepted of the limit, by the limit, and how one noisy client moves another; each part takes `seconds`."""
    alone = {per_minute: asyncio.run(_alone(per_minute, seconds)) for per_minute in PER_MINUTE}
    with (
        tempfile.TemporaryDirectory(prefix="earlyid-limits-") as folder,
        real_postgres(Path(folder) / "cluster") as url,
    ):
        engine = open_engine(url)
        buckets.create(engine)
        shared = {per_minute: _together(url, per_minute, seconds) for per_minute in PER_MINUTE}
        quiet, beside = (asyncio.run(_quiet(SharedBuckets(engine, time.monotonic), seconds, noisy)) for noisy in (0, 8))
        engine.dispose()
    return {
        "seconds": seconds,
        "accepted": alone,
        "accepted_by_three_processes": shared,
        "quiet_p99_us": quiet,
        "quiet_p99_us_beside_noisy": beside,
    }


async def _alone(per_minute: int, seconds: float) -> float:
    client = client_of(per_minute)
    passed = await _asked(OwnBuckets(time.monotonic), client, 2 * per_minute / 60, seconds)
    return _share(passed, client, seconds)


def _together(url: str, per_minute: int, seconds: float) -> float:
    client = client_of(per_minute, f"shared-{per_minute}")
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        begin = time.time() + 3
        jobs = [pool.submit(_process, url, client, begin, seconds) for _ in range(PROCESSES)]
        return _share(sum(job.result() for job in jobs), client, seconds)


def _process(url: str, client: Client, begin: float, seconds: float) -> int:
    engine = open_engine(url)
    time.sleep(max(0.0, begin - time.time()))
    try:
        rate = 2 * client.per_minute / 60 / PROCESSES
        return asyncio.run(_asked(SharedBuckets(engine, time.monotonic), client, rate, seconds))
    finally:
        engine.dispose()


async def _asked(buckets_: Buckets, client: Client, rate: float, seconds: float) -> int:
    """Ask at an even rate; returns how often it was let through in so long, once the burst was gone."""
    start, passed, asked = time.monotonic(), 0, 0
    while (now := time.monotonic() - start) < FIRST + seconds:
        due = int(now * rate) - asked
        taken = await asyncio.gather(*(buckets_.take(client) for _ in range(due)))
        asked += due
        if now >= FIRST:
            passed += sum(not each.refused for each in taken)
        await asyncio.sleep(min(0.002, 1 / rate))
    return passed


async def _quiet(buckets_: Buckets, seconds: float, noisy: int) -> float:
    """Return the 99th percentile of how long a client that keeps its limit waits, in microseconds."""
    until = time.monotonic() + seconds
    crowd = [
        asyncio.create_task(_without_pause(buckets_, client_of(6_000, f"noisy-{noisy}"), until)) for _ in range(noisy)
    ]
    waited = await _timed(buckets_, client_of(60_000, f"quiet-{noisy}"), lambda: time.monotonic() < until)
    await asyncio.gather(*crowd)
    return round(statistics.quantiles(waited, n=100)[98] * 1e6, 1)


async def _timed(buckets_: Buckets, client: Client, go_on: Callable[[], bool]) -> list[float]:
    waited = []
    while go_on():
        start = time.perf_counter()
        await buckets_.take(client)
        waited.append(time.perf_counter() - start)
        await asyncio.sleep(0.002)
    return waited


async def _without_pause(buckets_: Buckets, client: Client, until: float) -> None:
    while time.monotonic() < until:
        await buckets_.take(client)
        await asyncio.sleep(0.001)


def client_of(per_minute: int, name: str = "client") -> Client:
    """Return a client with that limit, and a burst of a second."""
    return Client(
        name=name,
        label="A case system",
        agreement="none: a benchmark",
        expires=datetime.date.max,
        permissions=frozenset({"model"}),
        per_minute=per_minute,
        burst=per_minute // 60,
    )


def _share(passed: int, client: Client, seconds: float) -> float:
    return round(passed / (seconds * client.per_minute / 60), 4)


if __name__ == "__main__":
    main()
