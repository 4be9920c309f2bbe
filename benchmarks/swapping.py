"""
Promotions and rollbacks under load: a real service with its ledger, callers that never tire, and not one answer failed or mixed.

Every answer is held against what its bundle says of its child by itself: one of another bundle's numbers would not fit.
"""

import asyncio
import datetime
import http.client
import json
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.serving.asked import bundle_and_requests
from benchmarks.serving.callers import Callers
from benchmarks.serving.office import BUNDLES, Office
from benchmarks.serving.running import Running
from service.ledger.opening import open_ledger
from service.live import load_live

MOVES = 50
CALLERS = 8
# A service picks a move up within so many seconds.
MOST_SECONDS = 5.0


def swapping(moves: int = MOVES) -> dict[str, Any]:
    """Promote and roll back so many times under load, and return the part."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        office = Office(folder)
        _, bodies = bundle_and_requests(folder / "unused", detail="summary")
        asyncio.run(office.open())
        service = Running(None, office.home)
        with service, Callers(service.port, bodies, CALLERS, office.headers) as callers:
            seconds = asyncio.run(_moved(office, service, moves))
        mixed, by_bundle = _mixed(office, bodies, callers.acknowledged)
    failed = dict(callers.statuses)
    told = {
        "moves": len(seconds),
        "answers": len(callers.acknowledged),
        "bundles_that_answered": by_bundle,
        "failed": failed,
        "mixed": mixed,
        "slowest_swap_s": round(max(seconds), 2),
        "median_swap_s": round(sorted(seconds)[len(seconds) // 2], 2),
        "slowest_answer_s": round(callers.slowest, 3),
    }
    good = not failed and mixed == 0 and max(seconds) <= MOST_SECONDS and by_bundle > 1
    return {"part": "swapping", **told, "passed": good and len(seconds) == moves}


async def _moved(office: Office, service: Running, moves: int) -> list[float]:
    """Move again and again, from another process than the service's; returns how long each took to be picked up."""
    seconds: list[float] = []
    async with open_ledger(office.home, None) as ledger:
        for move in range(moves):
            if move % 3 == 2:
                await ledger.roll_back(office.ann, "a rehearsal")
            else:
                state = await ledger.state()
                turn = move % BUNDLES
                others = [*office.bundles[turn:], *office.bundles[:turn]]
                await office.release(ledger, next(each for each in others if each.name != state.live_bundle))
            began = time.perf_counter()
            wanted = (await ledger.state()).live_bundle
            while await asyncio.to_thread(_answering, service.port) != wanted:
                if time.perf_counter() - began > 3 * MOST_SECONDS:
                    return [*seconds, time.perf_counter() - began]
                await asyncio.sleep(0.05)
            seconds.append(time.perf_counter() - began)
    return seconds


def _answering(port: int) -> str | None:
    """Return the id of the bundle that a service says is live."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        asked.request("GET", "/readyz")
        found: dict[str, Any] = json.loads(asked.getresponse().read())
        return found.get("bundle")
    finally:
        asked.close()


def _mixed(office: Office, bodies: Iterable[bytes], answers: Iterable[bytes]) -> tuple[int, int]:
    """Return how many answers are not what their bundle says of their child, and how many bundles answered."""
    today = datetime.date.today()  # noqa: DTZ011 - gateways expire by the calendar of this place
    lives = {bundle.name: load_live(bundle, today) for bundle in office.bundles}
    told = (json.loads(live.answer(body)) for live in lives.values() for body in bodies)
    right = {(answer["bundle"], answer["subject"]): answer["scores"] for answer in told}
    found = [json.loads(answer) for answer in answers]
    wrong = sum(right.get((each["bundle"], each["subject"])) != each["scores"] for each in found)
    return wrong, len({each["bundle"] for each in found})


def main() -> None:
    """Print one line of JSON; the first argument is how many promotions and rollbacks."""
    part = swapping(int(sys.argv[1]) if len(sys.argv) > 1 else MOVES)
    print(json.dumps(part))
    sys.exit(not part["passed"])


if __name__ == "__main__":
    main()
