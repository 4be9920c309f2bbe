"""
The long form of the promises, run by `make evidence`: what a test checks on a sample, here in full.

Each part prints one line of JSON to standard output with whether it keeps its bounds; progress goes to standard error. Every
part is written to `docs/evidence.json` with the commit it is of: `make evidence PARTS="leaks signal"` runs those groups alone,
and leaves the parts of the others as they were. The exit status is 1 when a bound is broken.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from benchmarks.evidence_accuracy import accuracy
from benchmarks.evidence_audits import audits
from benchmarks.evidence_compiled import compiled
from benchmarks.evidence_engines import engines
from benchmarks.evidence_england import invented
from benchmarks.evidence_frequencies import frequencies
from benchmarks.evidence_help import help_known
from benchmarks.evidence_intervals import intervals
from benchmarks.evidence_leaks import leaks
from benchmarks.evidence_linkage import linked
from benchmarks.evidence_options import weights
from benchmarks.evidence_recalibration import recalibration
from benchmarks.evidence_scope import scope
from benchmarks.evidence_scores import scores
from benchmarks.evidence_segment import segment
from benchmarks.evidence_serving import serving
from benchmarks.evidence_signal import signal
from benchmarks.evidence_smocc import smocc
from benchmarks.evidence_verdicts import verdicts
from benchmarks.febrl import febrl

ROOT = Path(__file__).parents[1]
WRITTEN = ROOT / "docs" / "evidence.json"

Part = dict[str, Any]


def _served(folder: Path) -> Iterator[Part]:
    """Yield who is refused, and the scores of the bundles that were learned for that."""
    yield scope(folder)
    yield scores(folder / "scores", learned=sorted((folder / "scope-releases").iterdir()))


GROUPS: dict[str, Callable[[Path], Iterator[Part]]] = {
    "smocc": smocc,
    "engines": lambda folder: iter([engines(folder), compiled(), verdicts()]),
    "england": invented,
    "linkage": linked,
    "febrl": lambda _folder: febrl(),
    "intervals": lambda _folder: iter([intervals()]),
    "frequencies": lambda folder: iter([frequencies(folder)]),
    "scores": _served,
    "signal": lambda folder: iter([signal(folder)]),
    "leaks": lambda _folder: iter([leaks()]),
    "options": lambda folder: iter([weights(folder)]),
    "audits": lambda _folder: iter([audits()]),
    "segment": lambda folder: iter([segment(folder)]),
    "help": lambda folder: iter([help_known(folder)]),
    "accuracy": lambda folder: iter([accuracy(folder)]),
    "recalibration": lambda folder: iter([recalibration(folder)]),
    "serving": serving,
}
# One thread each: what many small matrices gain by a second is lost in waiting for it.
_ONE_THREAD = {"intervals", "frequencies", "scores", "signal", "help", "accuracy", "recalibration", "options", "audits"}


def main(asked: list[str]) -> None:
    """Gather the parts of the groups asked for (none: of all), print each, write them; exits 1 when a bound is broken."""
    if unknown := set(asked) - GROUPS.keys():
        sys.exit(f"no group of evidence is called {', '.join(sorted(unknown))}; there are {', '.join(GROUPS)}")
    commit = _commit()
    kept = {} if not asked else {part["part"]: part for part in json.loads(WRITTEN.read_text("utf-8"))["parts"]}
    for group in asked or GROUPS:
        for part in _parts(group):
            print(json.dumps(part), flush=True)
            kept[part["part"]] = {"part": part["part"], "group": group, **commit, **part}
    parts = sorted(kept.values(), key=lambda part: list(GROUPS).index(part.get("group", "smocc")))
    passed = all(part["passed"] for part in parts)
    WRITTEN.write_text(json.dumps({"passed": passed, "parts": parts}, indent=1) + "\n", encoding="utf-8")
    sys.exit(0 if passed else 1)


def _parts(group: str) -> Iterator[Part]:
    """Yield the parts of one group, each with the seconds since the group began."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, threadpool_limits(1 if group in _ONE_THREAD else None):
        for part in GROUPS[group](Path(folder)):
            yield part | {"group_seconds": round(time.perf_counter() - started)}


def _commit() -> Part:
    """Return the commit this is evidence of, and whether the tree was as committed (evidence itself apart)."""
    git = shutil.which("git") or "git"

    def said(*words: str) -> str:
        return subprocess.run([git, "-C", str(ROOT), *words], capture_output=True, text=True, check=True).stdout.strip()

    dirty = said("status", "--porcelain", "--", ".", ":!docs/evidence.json")
    return {"commit": said("rev-parse", "HEAD"), "clean": not dirty}


if __name__ == "__main__":
    main(sys.argv[1:])
