"""
Killed under load, again and again: what was acknowledged is in the record, whole, and the chain verifies.

A kill leaves what the system had taken in to write: it is not a loss of power.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, select

from benchmarks.serving.asked import bundle_and_requests
from benchmarks.serving.callers import Callers
from benchmarks.serving.databases import real_postgres
from benchmarks.serving.running import Running
from service.record.tables import chain, held

READY_SECONDS = 5.0


def crashes(kills: int, least: int, *, postgres: bool, seed: int = 1) -> dict[str, Any]:
    """Kill a service under load so many times, until at least so many scores were acknowledged; return the part."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if not postgres:
            return _part(folder, f"sqlite:///{folder / 'home' / 'record.db'}", kills, least, seed, "sqlite")
        with real_postgres(folder / "cluster") as url:
            return _part(folder, url, kills, least, seed, "postgresql")


def _part(folder: Path, url: str, kills: int, least: int, seed: int, kind: str) -> dict[str, Any]:
    bundle, bodies = bundle_and_requests(folder / "bundle")
    service = Running(bundle, folder / "home", {"EARLYID_RECORD": url})
    chance, starts, done = random.Random(seed), [service.start()], 0  # noqa: S311 - when to kill
    with Callers(service.port, bodies) as callers:
        while done < kills or len(callers.acknowledged) < least:
            time.sleep(chance.uniform(0.05, 0.8))
            service.kill()
            starts.append(service.start())
            done += 1
    service.stop()
    lost, torn = compared(url, callers.acknowledged)
    verified = verified_chain(url, folder / "home")
    slowest = max(starts)
    return {
        "part": f"crashes-{kind}",
        "kills": done,
        "acknowledged": len(callers.acknowledged),
        "other_answers": dict(callers.statuses),
        "lost": lost,
        "half_written": torn,
        "chain": verified,
        "slowest_start_seconds": round(slowest, 2),
        "passed": lost == torn == 0 and verified == "verifies" and slowest < READY_SECONDS and done >= kills,
    }


def compared(url: str, acknowledged: list[bytes]) -> tuple[int, int]:
    """Return how many acknowledged answers the record lacks or tells otherwise, and how many entries are not whole."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        rows = connection.execute(
            select(chain.c.id, held.c.payload).select_from(chain.outerjoin(held, chain.c.seq == held.c.seq))
        )
        found = {row.id: row.payload for row in rows if row.id is not None}
    engine.dispose()
    torn = sum(payload is None or "answer" not in json.loads(payload) for payload in found.values())
    lost = sum(_is_lost(json.loads(answer), found) for answer in acknowledged)
    return lost, torn


def _is_lost(answer: dict[str, Any], found: dict[str, bytes]) -> bool:
    payload = found.get(answer["id"])
    answer.pop("subject")
    return payload is None or {**json.loads(payload)["answer"], **answer} != json.loads(payload)["answer"]


def verified_chain(url: str, home: Path) -> str:
    """Return what `earlyid record verify` says of a record."""
    marks = str(home / "evaluation-checkpoints.jsonl")
    words = ["record", "verify", "--record", url, "--home", str(home), "--checkpoints", marks]
    done = subprocess.run(
        [sys.executable, "-c", "import earlyid; earlyid.main()", *words], capture_output=True, text=True, check=False
    )
    return "verifies" if done.returncode == 0 else f"exit {done.returncode}: {(done.stdout + done.stderr)[-500:]}"


def main() -> None:
    """Print a line for each database: the number of kills is the first word of the command, 100 when left out."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    for postgres in (False, True):
        print(json.dumps(crashes(kills, 100 * kills, postgres=postgres)), flush=True)


if __name__ == "__main__":
    main()
