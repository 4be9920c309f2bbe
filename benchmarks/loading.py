"""
What it takes to load an authority's children, and to make a team's worklist while other callers ask for scores.

Run as a module; the first argument is how many children (100,000 if left out). Every child is invented, and a team of 4,000
is asked about. A caller asks for scores by reference without a pause, first alone and then while the list is made.
"""

import asyncio
import csv
import datetime
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.borough import invent_children, write_extracts
from benchmarks.small_bundle import write_bundle
from service.access.caller import PERMISSIONS, Caller
from service.access.evaluation import EvaluationAccess
from service.actions.scoring import score
from service.actions.worklists import make
from service.call import Call, Service
from service.current import Current, Held
from service.live import load_live
from service.loaded.by_reference import Loaded
from service.loaded.store import LoadedStore
from service.record.references import References
from service.record.store import open_record

ROOT = Path(__file__).parents[1]
CHILDREN, TEAM, LISTED, ALONE_SECONDS = 100_000, 4_000, 50, 3.0
# When children of the invented cohorts are in the windows of both landmarks.
TODAY = datetime.date(2018, 6, 1)
NOW = datetime.datetime(2018, 6, 1, 9, tzinfo=datetime.UTC)
CALLER = Caller("benchmark", frozenset(PERMISSIONS), frozenset({"early_help"}))
_WEIGHED = """
import atexit, pathlib
atexit.register(lambda: print(pathlib.Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]))
import earlyid
earlyid.main()
"""


def loading(folder: Path, bundle: Path, children: int) -> dict[str, Any]:
    """Make records of so many children and load them, each by the real command; returns seconds and peak megabytes."""
    (folder / "raw").mkdir()
    write_extracts(folder / "raw", invent_children(children, seed=11), seed=12)
    lines, teams = folder / "children.jsonl", folder / "teams.csv"
    day = (TODAY - datetime.timedelta(days=1)).isoformat()
    common = ("--bundle", str(bundle), "--home", str(folder / "home"))
    made = _run("load", str(folder / "raw"), *common, "--extracted", day, "--only-write", str(lines))
    with teams.open("w", encoding="utf-8", newline="") as file:
        with lines.open(encoding="utf-8") as given:
            next(given)
            rows = [(json.loads(line)["child"], f"team {i // TEAM}") for i, line in enumerate(given)]
        csv.writer(file).writerows([("child", "team"), *rows])
    return {"records": made, "load": _run("load", str(lines), *common, "--teams", str(teams))}


def _run(*words: str) -> dict[str, float]:
    began = time.perf_counter()
    command = [sys.executable, "-c", _WEIGHED, *words]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    seconds = round(time.perf_counter() - began, 1)
    return {"seconds": seconds, "peak_megabytes": round(int(done.stdout.splitlines()[-1]) / 1024)}


async def worklist(folder: Path, bundle: Path) -> dict[str, Any]:
    """Make a list of a team's children beside a caller who asks for scores; returns milliseconds."""
    references = References(b"a key of benchmarks")
    record = open_record(folder / "record.db", checkpoints=folder / "checkpoints.jsonl", now=lambda: NOW)
    live = load_live(bundle, TODAY)
    service = Service(Current(Held(live)), EvaluationAccess(), references, record=record, evaluation=True)
    service.now, service.today = (lambda: NOW), (lambda: TODAY)
    service.loaded = Loaded(LoadedStore(folder / "home" / "loaded"), references)
    load = service.loaded.load(live.bundle, TODAY)
    body = {"subject": next(load.references("team 0")), "purpose": "early_help", "detail": "summary"}
    asked = {"team": "team 0", "purpose": "early_help", "outcome": "not_gld", "children": LISTED}
    try:
        alone = await _asking(service, body, asyncio.sleep(ALONE_SECONDS))
        first, took = await _beside(service, body, asked)
        _, again = await _beside(service, body, asked)
    finally:
        await record.close()
    return {
        "team": len(list(load.references("team 0"))),
        "list_ms": round(took, 1),
        "list_again_ms": round(again, 1),
        "score_ms_alone": _told(alone),
        "score_ms_beside_list": _told(first),
    }


async def _beside(service: Service, body: dict[str, Any], asked: dict[str, Any]) -> tuple[list[float], float]:
    began = time.perf_counter()
    took: list[float] = []

    async def listing() -> None:
        await make(_call(service, asked))
        took.append(1000 * (time.perf_counter() - began))

    return await _asking(service, body, listing()), took[0]


async def _asking(service: Service, body: dict[str, Any], until: Any) -> list[float]:
    """Ask for a score again and again until something else is done; returns what each took."""
    other, waited = asyncio.ensure_future(until), []
    while not other.done():
        began = time.perf_counter()
        await score(_call(service, body))
        waited.append(1000 * (time.perf_counter() - began))
    await other
    return waited


def _call(service: Service, asked: dict[str, Any]) -> Call:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": json.dumps(asked).encode(), "more_body": False}

    scope = {"type": "http", "method": "POST", "path": "/", "headers": [(b"content-type", b"application/json")]}
    return Call(service, CALLER, scope, receive, "0" * 32)


def _told(waited: list[float]) -> dict[str, float]:
    ranked = sorted(waited)
    p99 = ranked[int(len(ranked) * 0.99)]
    return {"n": len(ranked), "p50": round(median(ranked), 2), "p99": round(p99, 2), "most": round(ranked[-1], 2)}


def main(children: int) -> None:
    """Print one line of JSON."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text = (ROOT / "tests/contracts/borough.toml").read_text(encoding="utf-8")
        renewed = text.replace("expires = 2020-01-01", "expires = 2031-08-31")
        bundle = write_bundle(folder / "bundle", renewed)
        found = loading(folder, bundle, children)
        size = (folder / "home" / "loaded" / "children.db").stat().st_size
        told = {"children": children, **found, "store_megabytes": round(size / 2**20)}
        print(json.dumps(told | asyncio.run(worklist(folder, bundle))))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CHILDREN)
