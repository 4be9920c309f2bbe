"""Evidence that invented areas are the published ones at their own size, and of a run whose truth is known."""

import datetime
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from training.findings import Run
from training.pipeline import train
from training.synthetic.area import NATION, area_names, load_area
from training.synthetic.check import Checked, check
from training.synthetic.compared import compared
from training.synthetic.foresight import ENGLAND
from training.synthetic.measured_tables import open_extracts
from training.synthetic.write import Asked, synthesise

COHORTS = tuple(range(2014, 2024))
# England's own size is a whole cohort; two of them hold the year of disrupted reviews and one without.
NATION_COHORTS = (2018, 2019)
SEED = 7
WITHIN_SECONDS, WITHIN_GIGABYTES = 60, 6
# How well England may be foreseen: figures by name, lowest and highest. Outside these, something leaks or is lost.
BOUNDS = {
    "auc_sex_fsm": (0.60, 0.64),
    "auc_idaci": (0.56, 0.59),
    "auc_two_year_with_audit": (0.70, 0.76),
    "auc_two_year": (0.67, 0.74),
    "auc_truth": (0.80, 0.87),
}

Part = dict[str, Any]


def invented(folder: Path) -> Iterator[Part]:
    """Every area reaches every figure at its own size; England is foreseen as well as it can be."""
    for name in area_names():
        yield _area(name, folder)
    yield _size(4_000, "seconds", folder)
    yield _size(60_000, "gigabytes", folder)
    yield _run(folder)


def _area(name: str, folder: Path) -> Part:
    print(f"· inventing {name} at its own size", file=sys.stderr, flush=True)
    area, out = load_area(name), folder / name
    cohorts = NATION_COHORTS if name == NATION else COHORTS
    start = time.perf_counter()
    synthesise(Asked(name, area.size, cohorts, SEED), out, lambda _: None)
    written = time.perf_counter() - start
    checked = check(area, out, open_extracts(out))
    shutil.rmtree(out)
    reached = {one.name: round(one.reached.value, 4) for one in checked if one.reached is not None}
    bounds = {n: (low, reached[n], high) for n, (low, high) in BOUNDS.items() if n in reached}
    missed = [one.name for one in checked if not one.passed]
    return {
        "part": f"area {name}",
        "passed": not missed and all(low <= value <= high for low, value, high in bounds.values()),
        "births": area.size,
        "cohorts": list(cohorts),
        "seconds": round(written, 1),
        "targets": len(checked),
        "missed": missed,
        "not_measurable": [one.name for one in checked if one.reached is None],
        "beyond_the_table_s_own_tolerance": [one.name for one in checked if _beyond(one)],
        "foresight": {n: value for n, value in reached.items() if n.startswith(("auc", "top10"))},
    }


def _beyond(one: Checked) -> bool:
    """Whether a figure is reached only by the three sampling standard deviations that its size allows."""
    return one.reached is not None and abs(one.reached.value - one.figure.value) > one.figure.tolerance


# What a process says of its own largest memory as it ends; that of RUSAGE_CHILDREN may be its parent's, from the fork.
_WEIGHED = """
import atexit, pathlib, re, sys
atexit.register(lambda: print(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]))
import earlyid
earlyid.main()
"""


def _size(births: int, what: str, folder: Path) -> Part:
    """Time and weigh the command itself, in a process of its own; the weight is told by Linux alone."""
    with tempfile.TemporaryDirectory(dir=folder) as aside:
        command = [sys.executable, "-c", _WEIGHED, "synth", f"{aside}/out", "--births", str(births)]
        start = time.perf_counter()
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        seconds = time.perf_counter() - start
    gigabytes = int(done.stdout.splitlines()[-1]) / 2**20
    return {
        "part": f"synth {births} x {len(COHORTS)}",
        "passed": seconds < WITHIN_SECONDS if what == "seconds" else gigabytes < WITHIN_GIGABYTES,
        "seconds": round(seconds, 1),
        "peak_gigabytes": round(gigabytes, 2),
    }


def _run(folder: Path) -> Part:
    """Train on 4,000 births a year, and hold what was foreseen against the truth."""
    data = folder / "to-train-on"
    synthesise(Asked(NATION, 4_000, COHORTS, SEED), data, lambda _: None)
    today = datetime.datetime.now(tz=datetime.UTC).date()
    start = time.perf_counter()
    run = train(
        Path(str(ENGLAND)),
        data,
        folder / "england-releases",
        plan_path=None,
        key=None,
        today=today,
        progress=lambda step: print(f"· {step}", file=sys.stderr, flush=True),
    )
    seconds = time.perf_counter() - start
    foreseen = list(_foreseen(run))
    return {
        "part": "england",
        "passed": all(each["auc"] < 0.85 for each in foreseen),
        "train_seconds": round(seconds, 1),
        "foreseen": foreseen,
        "observed_over_expected": compared(run, data),
        "flow": [
            part["flow"] | {"by_group": None} for part in run.evaluation["evaluations"][:: len(run.contract.outcomes)]
        ],
    }


def _foreseen(run: Run) -> Iterator[Part]:
    for part in run.evaluation["evaluations"]:
        shipped, lagged = part["candidates"][part["ships"]], part["lagged"]
        quoted = lagged["candidates"][lagged["ships"]]
        yield {
            "landmark": part["landmark"],
            "outcome": part["outcome"],
            "children": part["n"],
            "ships": part["ships"],
            "auc": shipped["auc"]["value"],
            "calibration_slope": shipped["calibration_slope"]["value"],
            "lagged_auc": quoted["auc"]["value"],
            "lagged_calibration_slope": quoted["calibration_slope"]["value"],
            "lag_in_cohorts": lagged["lag_in_cohorts"],
            "lag_in_real_use": lagged["lag_in_real_use"],
            "without_siblings_auc": _of_ships(part["without_siblings_in_training"], part["ships"]),
        }


def _of_ships(without: Part, ships: str) -> float | None:
    return without["candidates"][ships]["auc"]["value"] if without["candidates"] is not None else None
