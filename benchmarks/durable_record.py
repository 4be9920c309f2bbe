"""
What a durable record before each answer costs: the service with its record against the same service without.

On loopback, one worker process each, 64 keep-alive connections, in turn in one run. Both answer the same requests; the one with a
record writes each answer to SQLite and has it on the disk before it leaves. `adds_us` is what that adds to a request, by the median
of the rounds; `adds_cpu_us` what it adds to the time of processors, of which the machine's other work takes nothing.
"""

import json
import os
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.load import Target, ask, rate
from benchmarks.serving.asked import bundle_and_requests
from benchmarks.serving.running import Running

CONNECTIONS, SECONDS = 64, 2.0


def main() -> None:
    """Print the line; the first word is the number of rounds, 7 when it is left out."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bundle, bodies = bundle_and_requests(folder / "bundle", detail="summary")
        recorded = Running(bundle, folder / "recorded", {"EARLYID_RECORD": f"sqlite:///{folder / 'record.db'}"})
        bare = Running(bundle, folder / "bare", {"EARLYID_RECORD": "none"})
        with recorded, bare:
            targets = [Target.of(service.port, "/v1/scores", bodies) for service in (bare, recorded)]
            if b'"scores"' not in ask(targets[0]) or b'"scores"' not in ask(targets[1]):
                raise RuntimeError("not every answer is a score")
            pairs = list(zip((bare, recorded), targets, strict=True))
            measured = [[_measured(*pair) for pair in pairs] for _ in range(rounds)]
    print(json.dumps({"benchmark": "durable_record", "connections": CONNECTIONS, **_summary(measured)}))


def _measured(service: Running, target: Target) -> tuple[float, float]:
    """Return the requests a second, and the microseconds of processors that each took."""
    before = _processor_seconds(service.pid)
    per_second = rate(target, SECONDS, CONNECTIONS)
    return per_second, (_processor_seconds(service.pid) - before) / (per_second * SECONDS) * 1e6


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _summary(measured: list[list[tuple[float, float]]]) -> dict[str, float]:
    """Return the medians of the rounds, each without a record and with one."""
    rates = [[per_second for per_second, _ in each] for each in measured]
    processors = statistics.median(recorded - bare for (_, bare), (_, recorded) in measured)
    added = sorted(1e6 / recorded - 1e6 / bare for bare, recorded in rates)
    return {
        "bare_per_s": round(statistics.median(bare for bare, _ in rates)),
        "recorded_per_s": round(statistics.median(recorded for _, recorded in rates)),
        "adds_us": round(statistics.median(added), 1),
        "adds_us_least": round(added[0], 1),
        "adds_us_most": round(added[-1], 1),
        "adds_cpu_us": round(processors, 1),
    }


if __name__ == "__main__":
    main()
