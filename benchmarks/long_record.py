"""
How long the checks of a long record take: verifying it, and finding what retention would erase.

    python -m benchmarks.long_record [ENTRIES]      (one line of JSON)
"""

import datetime
import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from service.record.checkpoints import checkpoint_key, read_checkpoints, write_checkpoint
from service.record.database import open_engine, writing
from service.record.entries import Entry
from service.record.retention import Term, due
from service.record.schema import make_or_check
from service.record.verifying import verify
from service.record.writer import append_entries

_BEGAN = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
_AT_ONCE = 5000
_CHILDREN = 50_000


def measured(entries: int, payload_bytes: int = 3000) -> dict[str, Any]:
    """Make a record of so many entries, half of them scores, and return the seconds that each check takes."""
    with tempfile.TemporaryDirectory() as folder:
        path, marks = Path(folder) / "record.db", Path(folder) / "checkpoints.jsonl"
        engine, key = open_engine(path), checkpoint_key(marks)
        make_or_check(engine)
        payload = os.urandom(payload_bytes)
        for start in range(0, entries, _AT_ONCE):
            some = [_entry(number, payload) for number in range(start, min(start + _AT_ONCE, entries))]
            with writing(engine) as connection:
                head = append_entries(connection, [some], _BEGAN + datetime.timedelta(seconds=start)).head
            write_checkpoint(marks, head, key)
        began = time.perf_counter()
        verified = verify(engine, read_checkpoints(marks))
        took = time.perf_counter() - began
        began = time.perf_counter()
        erase = due(engine, Term(30, _BEGAN + datetime.timedelta(days=400))).erase
        found = time.perf_counter() - began
        engine.dispose()
        return {
            "entries": verified.entries,
            "whole": verified.whole,
            "gigabytes": round(path.stat().st_size / 1e9, 2),
            "verify_seconds": round(took, 1),
            "due_seconds": round(found, 1),
            "due": sum(erase.values()),
            "most_megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        }


def _entry(number: int, payload: bytes) -> Entry:
    """Return a score, or something about the score before it; a few challenges are never settled."""
    subject = (number // 2 % _CHILDREN).to_bytes(32, "big")
    made, before = (f"00000000-0000-7000-8000-{each:012d}" for each in (number, number - 1))
    if number % 2 == 0:
        return Entry("score", "case", payload, id=made, bundle="b" * 64, subject=subject)
    if number % 1001 == 0:
        return Entry("challenge", "case", b"{}", id=made, about=before, subject=subject)
    return Entry("read", "case", b"{}", about=before, subject=subject)


def main() -> None:
    """Print the figures of a record of so many entries."""
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    print(json.dumps({"benchmark": "long-record", **measured(entries)}))


if __name__ == "__main__":
    main()
