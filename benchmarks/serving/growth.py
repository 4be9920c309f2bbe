"""What a process keeps as it answers: its resident memory after so many recorded scores, against what it had once warm."""

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.load import Target, rate
from benchmarks.serving.asked import bundle_and_requests
from benchmarks.serving.running import Running

WARM, MOST_MEGABYTES = 20_000, 50.0


def growth(scores: int, url: str | None = None) -> dict[str, Any]:
    """Answer so many scores, recorded, after a warm-up, and return the part."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bundle, bodies = bundle_and_requests(folder / "bundle", detail="summary")
        record = url or f"sqlite:///{folder / 'home' / 'record.db'}"
        limits = {"EARLYID_RECORD": record}
        with Running(bundle, folder / "home", limits) as service:
            target = Target.of(service.port, "/v1/scores", bodies)
            _answered(target, WARM)
            warm, began, seen = service.resident_megabytes(), time.perf_counter(), []
            done = 0
            while done < scores:
                done += _answered(target, min(scores // 10, scores - done))
                seen.append(round(service.resident_megabytes() - warm, 1))
            took = time.perf_counter() - began
    return {
        "part": "memory-growth",
        "scores": done,
        "a_second": round(done / took),
        "warm_megabytes": round(warm, 1),
        "grown_megabytes": seen,
        "passed": done >= scores and max(seen) < MOST_MEGABYTES,
    }


def _answered(target: Target, scores: int) -> int:
    done = 0.0
    while done < scores:
        done += rate(target, 5.0, 32) * 5.0
    return round(done)


def main() -> None:
    """Print the line; the number of scores is the first word of the command, a million when left out."""
    print(json.dumps(growth(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)))


if __name__ == "__main__":
    main()
