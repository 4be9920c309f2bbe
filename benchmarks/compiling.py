"""
What follows the LightGBM fit, against the fit itself: calibrate, compile, golden cases.

Children of an invented England at its last landmark, repeated to 600,000 to learn from, and an eighth as many to calibrate
on: the shares of the split in time, four cohorts and half of the fifth. Prints the seconds of each and their share of the
fit; the fit and what follows it take turns, and the middle of three rounds counts.
"""

import json
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.england import invented_england
from benchmarks.small_bundle import POLICY, thresholds
from models.bands import Bands
from models.calibration import Calibrations
from models.contract import Contract
from models.estimator import Estimator
from models.feature import Landmark
from models.scorer import Scorer
from models.terms import EstimatorSpec, Input, Model
from training.calibrated_interval import interval_table
from training.cohort import assemble
from training.compile import compile_booster
from training.glass_box import fit_glass_box
from training.ingest import ingest
from training.invented import golden_cases
from training.judging import calibrate
from training.learning import Floats, Task, input_of
from training.plan import Plan

ROWS, BIRTHS, ROUNDS = 600_000, 2_000, 3
OUTCOME = "not_gld"
DIRECTIONS = {"raises": 1, "lowers": -1, "none": 0}


def main() -> None:
    """Print the line."""
    with tempfile.TemporaryDirectory() as folder:
        contract, data = invented_england(Path(folder), BIRTHS)
        landmark = contract.landmarks[-1]
        x, y = _rows(contract, landmark, data)
    rounds = [_round(contract, landmark, x, y) for _ in range(ROUNDS)]
    middle = {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}
    after = sum(seconds for name, seconds in middle.items() if name != "fit")
    shares = [sum(s for n, s in each.items() if n != "fit") / each["fit"] for each in rounds]
    print(
        json.dumps(
            {
                "benchmark": "compiling",
                "rows": len(x),
                "features": x.shape[1],
                **{f"{name}_seconds": round(seconds, 3) for name, seconds in middle.items()},
                "after_the_fit_seconds": round(after, 3),
                "share_of_the_fit": round(statistics.median(shares), 3),
                "shares": [round(share, 3) for share in shares],
            }
        )
    )


def _rows(contract: Contract, landmark: Landmark, data: Path) -> tuple[Floats, Floats]:
    cohort = assemble(ingest(contract, data)[0], contract, landmark)
    y = cohort.outcomes[OUTCOME]
    known = np.flatnonzero(~np.isnan(y))
    again = np.resize(known, ROWS)
    return cohort.matrix.numbers[again], y[again]


def _round(contract: Contract, landmark: Landmark, x: Floats, y: Floats) -> dict[str, float]:
    plan, features = Plan(), contract.features_at(landmark)
    directions = [DIRECTIONS[feature.direction] for feature in features]
    start = time.perf_counter()
    booster = fit_glass_box(x, y, directions, plan.glass_box, plan.seed)
    fitted = time.perf_counter()
    inputs = [input_of(feature, x[:, i]) for i, feature in enumerate(features)]
    compiled = compile_booster(booster, x, inputs)
    done = time.perf_counter()
    spec = _spec(landmark, inputs, compiled.intercept, tuple(compiled.terms))
    task, some = Task(landmark.name, OUTCOME, features), slice(0, len(x) // 8)
    raw, families = Estimator(spec).log_odds(x[some]), np.arange(len(x))[some].astype(np.str_)
    calibration = calibrate(task, raw, y[some])
    table = interval_table(
        landmark.name, OUTCOME, raw, y[some], families, calibration, resamples=plan.bootstrap, seed=plan.seed
    )
    calibrated = time.perf_counter()
    scorer = Scorer(
        _only(contract, landmark),
        Model(estimators=(spec,)),
        Calibrations(calibrations=(calibration,), intervals=(table,)),
        Bands(policy=POLICY, thresholds=(thresholds(landmark.name, OUTCOME),)),
    )
    golden_cases(scorer, plan.seed)
    golden = time.perf_counter()
    return {
        "fit": fitted - start,
        "compile": done - fitted,
        "calibrate": calibrated - done,
        "golden": golden - calibrated,
    }


def _spec(landmark: Landmark, inputs: list[Input], intercept: float, terms: tuple[object, ...]) -> EstimatorSpec:
    return EstimatorSpec.model_validate(
        {
            "landmark": landmark.name,
            "outcome": OUTCOME,
            "kind": "glass box",
            "intercept": intercept,
            "inputs": tuple(inputs),
            "terms": terms,
        }
    )


def _only(contract: Contract, landmark: Landmark) -> Contract:
    """Return the contract of this one landmark and outcome, as one fit is compared with what follows one fit."""
    outcome = next(o for o in contract.outcomes if o.name == OUTCOME)
    return contract.model_copy(update={"landmarks": (landmark,), "outcomes": (outcome,)})


if __name__ == "__main__":
    main()
