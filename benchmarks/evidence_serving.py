"""The serving promises in full: crashes, outages, tampering, hostile bundles and requests, swaps, limits, canaries, memory."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.fuzzing import fuzzing
from benchmarks.mutated_bundles import mutated_bundles
from benchmarks.rate_limits import rate_limits
from benchmarks.serving.canaries import canaries
from benchmarks.serving.crashes import crashes
from benchmarks.serving.growth import growth
from benchmarks.serving.outages import full_disk, postgres_outages
from benchmarks.serving.slow_clients import slow_clients
from benchmarks.serving.stopping import stopping
from benchmarks.swapping import swapping
from benchmarks.tampering import tally

Part = dict[str, Any]
KILLS, ACKNOWLEDGED, OUTAGES, SCORES = 100, 10_000, 20, 1_000_000
# About an eighth of what is drawn cannot be sent, so more is drawn than must be asked.
FUZZED, DRAWN = 100_000, 116_000
TAMPERINGS, PLACES, ENTRIES, SECONDS, IDLE = 1500, 1100, 1_000_000, 10.0, 500
# Of the limit, either way; and how long a million entries may take.
OFF, MOST_VERIFYING = 0.05, 60.0


def serving(_folder: Path) -> Iterator[Part]:
    """Yield each part."""
    for postgres in (False, True):
        yield crashes(KILLS, ACKNOWLEDGED, postgres=postgres)
    yield postgres_outages(OUTAGES)
    yield full_disk()
    yield swapping()
    yield mutated_bundles()
    yield _tampering()
    yield _long_record()
    yield _limits()
    yield slow_clients(IDLE, 3)
    yield stopping(10)
    yield canaries()
    yield _fuzzing()
    yield growth(SCORES)


def _tampering() -> Part:
    found = tally(TAMPERINGS, PLACES, 8)
    return {"part": "tampering", **found, "passed": found["not_located"] == 0 and found["places"] >= PLACES}


def _long_record() -> Part:
    # In a process of its own, whose memory is that of the checks alone.
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.long_record", str(ENTRIES)], capture_output=True, text=True, check=True
    )
    found: Part = json.loads(done.stdout)
    return {"part": "long-record", **found, "passed": found["whole"] and found["verify_seconds"] < MOST_VERIFYING}


def _limits() -> Part:
    found = rate_limits(SECONDS)
    shares = [*found["accepted"].values(), *found["accepted_by_three_processes"].values()]
    return {"part": "rate-limits", **found, "passed": all(abs(share - 1) <= OFF for share in shares)}


def _fuzzing() -> Part:
    found = fuzzing(DRAWN)
    wrong = found["failed_5xx"] + found["breaking_the_document"]
    return {"part": "fuzzing", **found, "passed": wrong == 0 and found["asked"] >= FUZZED}
