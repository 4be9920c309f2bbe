"""Runs every benchmark, each in a process of its own, so that none warms or crowds another."""

import subprocess
import sys

BENCHMARKS = (
    "score_one",
    "score_batch",
    "score_http",
    "durable_record",
    "serving.cold_start",
    "snapshots",
    "compiling",
    "linking",
    "audit_rows",
)


def main() -> None:
    """Run them in turn; the exit status is the first that is not 0."""
    failed = [run.returncode for name in BENCHMARKS if (run := _run(name)).returncode != 0]
    sys.exit(failed[0] if failed else 0)


def _run(name: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False)


if __name__ == "__main__":
    main()
