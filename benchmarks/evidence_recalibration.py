"""
Evidence that recalibrating does what it says: simulated, where the truth is known, and on invented councils.

Simulated: a score with nothing wrong is kept, the intercept's interval holds the truth, and the least number of children asked is
one at which an intercept set anew is nearer the truth than one that is left 0.4 off. Councils: a bundle learned on an invented
England is recalibrated on one cohort of a council, and judged on other children of that council, whom nobody saw.
"""

import datetime
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from threadpoolctl import threadpool_limits

from models.estimator import Estimator
from models.terms import Calibration, EstimatorSpec
from training.cohort import assemble
from training.findings import NoBundle
from training.ingest import ingest
from training.judging import Rows
from training.metrics import calibration_intercept, calibration_slope, family_weights, observed_over_expected
from training.pipeline import train
from training.recalibration.choice import choose
from training.recalibration.enough import LEAST, slope_asked
from training.recalibration.original import OriginalHead, read_original
from training.recalibration.own_children import latest_years
from training.recalibration.recalibrate import recalibrate
from training.synthetic.area import load_area
from training.synthetic.foresight import england
from training.synthetic.write import Asked, synthesise

ROOT = Path(__file__).parents[1]
CONTRACT = ROOT / "models/contracts/england.toml"
PLAN = """format = 1
evidence = "quick"
landmarks = ["two_year"]
outcomes = ["not_gld"]
refits = 2
bootstrap = 200
"""
BIRTHS, FRESH_BIRTHS, FEW_BIRTHS = 2_000, 3_000, 60
COHORTS = tuple(range(2016, 2021))
AREAS, SEEDS = ("blackpool", "richmond"), (21, 22, 23, 24)
SIMULATED, RATE, SPREAD, OFF = 1_000, 0.3, 0.8, 0.4
KEPT_AT_LEAST, HELD = 0.90, (0.92, 0.98)
SLOPE, OFF_AFTER = (0.85, 1.15), 0.10

Floats = NDArray[np.float64]
Part = dict[str, Any]


def recalibration(folder: Path, areas: tuple[str, ...] = AREAS, seeds: tuple[int, ...] = SEEDS) -> Part:
    """Gather all of it."""
    kept, held, least = kept_where_nothing_is_wrong(), interval_holds(), least_number()
    bundle = _learned(folder)
    councils = [_council(folder, bundle, area, seeds) for area in areas]
    few = refused(folder, bundle)
    passed = all(each["passed"] for each in (kept, held, least, few, *councils))
    return {
        "part": "recalibration",
        "passed": passed,
        "kept_where_nothing_is_wrong": kept,
        "interval_of_the_intercept": held,
        "least_number": least,
        "councils": councils,
        "too_few": few,
    }


def simulated(events: int, off: float, slope: float, seed: int) -> tuple[Floats, Rows]:
    """Return served log-odds, and children of whom so many have the outcome on average: off by so much, at such a slope."""
    chance, count = np.random.default_rng([31, events, seed]), round(events / RATE)
    log_odds = np.log(RATE / (1 - RATE)) - 0.1 + SPREAD * chance.standard_normal(count)
    y = (chance.random(count) < expit(off + slope * log_odds)).astype(np.float64)
    # One child in five is a twin or a sibling of the one before.
    families = np.cumsum(chance.random(count) >= 0.2).astype(np.str_)
    return log_odds, Rows(np.empty((count, 0)), y, families, np.ones(count))


def kept_where_nothing_is_wrong(runs: int = SIMULATED) -> Part:
    """A score that is right as it is stays so, with few children and with many."""
    kept = {}
    for events in (LEAST, 100, 300, 1_000):
        chosen = [_chosen(*simulated(events, 0.0, 1.0, seed)) for seed in range(runs)]
        kept[events] = round(chosen.count("keep") / runs, 4)
    return {"passed": min(kept.values()) >= KEPT_AT_LEAST, "runs": runs, "kept_by_events": kept}


def _chosen(log_odds: Floats, rows: Rows) -> str:
    return choose(log_odds, rows, slope_asked=slope_asked(rows.y)).update


def interval_holds(runs: int = SIMULATED) -> Part:
    """The bootstrap's 95 % interval of what the intercept is off by holds the truth about as often as it says."""
    held = {}
    for events in (LEAST, 100, 300):
        inside = 0
        for seed in range(runs):
            log_odds, rows = simulated(events, OFF, 1.0, seed)
            drawn = calibration_intercept(log_odds, rows.y, family_weights(rows.families, 200, seed))
            low, high = np.nanpercentile(drawn, [2.5, 97.5])
            inside += int(low <= OFF <= high)
        held[events] = round(inside / runs, 4)
    low, high = HELD
    return {"passed": all(low <= share <= high for share in held.values()), "runs": runs, "held_by_events": held}


def least_number(runs: int = SIMULATED) -> Part:
    """With the least number asked, what is left of an intercept 0.4 off is less than that; with a third of it, not."""
    left = {events: round(_left(events, runs), 4) for events in (LEAST // 3, 2 * LEAST // 3, LEAST, 50, 100)}
    return {"passed": left[LEAST] < 0.9 * OFF <= left[LEAST // 3], "off": OFF, "mean_error_by_events": left}


def _left(events: int, runs: int) -> float:
    """Return how far the intercept is off on average once it was recalibrated."""
    found = []
    for seed in range(runs):
        log_odds, rows = simulated(events, OFF, 1.0, seed)
        if rows.y.min() < rows.y.max():
            found.append(abs(OFF - choose(log_odds, rows, slope_asked=False).intercept))
    return float(np.mean(found))


def _learned(folder: Path) -> Path:
    data, plan = folder / "england", folder / "plan.toml"
    synthesise(Asked("england", BIRTHS, COHORTS, 7), data, lambda _: None)
    plan.write_text(PLAN, encoding="utf-8")
    return train(
        CONTRACT, data, folder / "releases", plan_path=plan, key=None, today=_today(), progress=_progress
    ).bundle


def _council(folder: Path, bundle: Path, area: str, seeds: tuple[int, ...]) -> Part:
    """Recalibrate on one cohort of a council of its own size, several times, and judge before and after on fresh children."""
    runs = [_once(folder, bundle, area, seed) for seed in seeds]
    off = {when: float(np.mean([_off(run[when]) for run in runs])) for when in ("before", "after")}
    slope = float(np.mean([run["after"]["slope"] for run in runs]))
    nearer = off["after"] < off["before"] or off["before"] <= OFF_AFTER
    return {
        "area": area,
        "passed": bool(nearer and off["after"] <= OFF_AFTER and SLOPE[0] <= slope <= SLOPE[1]),
        "mean_distance_of_observed_over_expected_from_1": {when: round(value, 4) for when, value in off.items()},
        "mean_slope_after": round(slope, 4),
        "runs": runs,
    }


def _off(judged: dict[str, float]) -> float:
    return abs(float(np.log(judged["observed_over_expected"])))


def _once(folder: Path, bundle: Path, area: str, seed: int) -> Part:
    _progress(f"{area}, seed {seed}")
    own, fresh = (folder / f"{area}-{seed}-{kind}" for kind in ("own", "fresh"))
    synthesise(Asked(area, load_area(area).size, COHORTS, seed), own, lambda _: None)
    synthesise(Asked(area, FRESH_BIRTHS, COHORTS, seed + 100), fresh, lambda _: None)
    run = recalibrate(
        bundle,
        own,
        folder / "releases",
        contract_path=None,
        cohorts=1,
        elsewhere=True,
        key=None,
        today=_today(),
        progress=lambda _: None,
    )
    (told,) = run.evaluation["recalibrated"]["heads"]
    (before,), (after,) = read_original(bundle).heads, read_original(run.bundle).heads
    x, y = _children(before, fresh)
    return {
        "seed": seed,
        "n": told["n"],
        "events": told["events"],
        "choice": told["choice"],
        "found": told["found"],
        "judged_on": len(y),
        "before": _judged(before.spec, before.calibration, x, y),
        "after": _judged(after.spec, after.calibration, x, y),
    }


def _children(head: OriginalHead, data: Path) -> tuple[Floats, Floats]:
    """Return the rows and outcomes of the latest cohort with outcomes, of those without declared help: it goes by them."""
    contract = england()
    cohort = assemble(ingest(contract, data)[0], contract, contract.landmark(head.spec.landmark))
    y = cohort.outcomes[head.spec.outcome]
    latest = np.isin(cohort.years if cohort.years is not None else [], latest_years(cohort, head.spec.outcome, 1))
    helped = [of[head.spec.outcome] for of in cohort.helped.values()]
    kept = ~np.isnan(y) & latest & ~np.any([np.zeros(len(y), dtype=np.bool_), *helped], axis=0)
    return cohort.matrix.numbers[kept], y[kept]


def _judged(spec: EstimatorSpec, calibration: Calibration, x: Floats, y: Floats) -> dict[str, float]:
    log_odds, once = Estimator(spec, calibration).log_odds(x), np.ones((1, len(y)))
    return {
        "observed_over_expected": round(float(observed_over_expected(log_odds, y, once)[0]), 4),
        "slope": round(float(calibration_slope(log_odds, y, once)[0]), 4),
    }


def refused(folder: Path, bundle: Path) -> Part:
    """A council with too few children is refused, by the gate that says so, and nothing is left behind."""
    data, out = folder / "few", folder / "few-releases"
    synthesise(Asked("richmond", FEW_BIRTHS, COHORTS, 24), data, lambda _: None)
    try:
        recalibrate(
            bundle,
            data,
            out,
            contract_path=None,
            cohorts=1,
            elsewhere=True,
            key=None,
            today=_today(),
            progress=lambda _: None,
        )
    except NoBundle as stopped:
        codes = sorted({gate.code for gate in stopped.findings.gates.blocked("build")})
        return {"passed": codes == ["events"] and not list(out.iterdir()), "blocked_by": codes}
    return {"passed": False, "blocked_by": []}


def _today() -> datetime.date:
    return datetime.datetime.now(tz=datetime.UTC).date()


def _progress(step: str) -> None:
    print(f"· {step}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place, threadpool_limits(1):
        print(json.dumps(recalibration(Path(place)), indent=1))
