"""
Evidence that the glass box foresees as well as its inputs allow: beside the full booster, and beside the best there is.

Invented authorities of 2,000 births a year learn and calibrate as `train` does. They are judged on fresh children of the same
generator, whom nobody learned from, and of whom there are far more than in the half cohort that is an authority's own test:
there the AUC has a standard error of .02. The figures of those halves stand beside, and are not judged. The best there is to
reach is taken to be a booster that learned from 300,000 births.
"""

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score
from threadpoolctl import threadpool_limits

from training.affine import fit_affine
from training.cohort import assemble
from training.glass_box import fit_full_booster
from training.ingest import ingest
from training.judging import Rows, fit
from training.plan import Plan
from training.plan_parts import FullBooster
from training.study import CANDIDATES, Study, study_of
from training.synthetic.foresight import england
from training.synthetic.write import Asked, synthesise

BIRTHS, COHORTS, SEEDS = 2_000, tuple(range(2014, 2024)), tuple(range(1, 11))
# Only these cohorts have results. The ceiling learns from all of them; the fresh children are of the latest.
WITH_RESULTS = tuple(range(2016, 2021))
CEILING_BIRTHS, CEILING_SEED = 60_000, 11
FRESH_BIRTHS, FRESH_SEED = 30_000, 12
# More trees than the yardstick's, as so many children bear them; more or larger ones than these are no better.
CEILING = FullBooster(trees=250, learning_rate=0.1)
# What is judged was fixed before it was seen; all else is told.
MAIN = ("two_year", "not_gld")
BELOW_FULL, BELOW_CEILING = 0.005, 0.01
# Four of five slopes; ten authorities, since of five one hardly knows (the first five came to three).
SLOPES_MEAN, SLOPES_EACH, SLOPES_WITHIN = (0.85, 1.15), (0.8, 1.2), 0.8

Floats = NDArray[np.float64]
Name = tuple[str, str]
Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fresh:
    """Children whom nobody learned from, the ceiling, its log-odds of them, and what is `found` of each authority."""

    children: Rows
    ceiling: Callable[[Floats], Floats]
    log_odds: Floats
    found: list[Part] = field(default_factory=list)


def accuracy(folder: Path) -> Part:
    """Judge the glass box of each authority at every landmark and outcome; the bounds are on the main one."""
    with threadpool_limits(1):
        fresh = dict(_fresh(folder))
        for seed in SEEDS:
            for name, study in _studies(folder, Asked("england", BIRTHS, COHORTS, seed)):
                fresh[name].found.append(_judged(study, fresh[name]))
    told = {name: _told(name, each) for name, each in fresh.items()}
    return {
        "part": "accuracy",
        "passed": _within_bounds(told[MAIN]),
        "births": BIRTHS,
        "seeds": list(SEEDS),
        "main": MAIN,
        "outcomes": list(told.values()),
    }


def _fresh(folder: Path) -> Iterator[tuple[Name, Fresh]]:
    large = _studies(folder, Asked("england", CEILING_BIRTHS, WITH_RESULTS, CEILING_SEED))
    others = _studies(folder, Asked("england", FRESH_BIRTHS, WITH_RESULTS, FRESH_SEED))
    plan = Plan()
    for (name, learned_from), (_, fresh) in zip(large, others, strict=True):
        print(f"· the ceiling of {' '.join(name)}", file=sys.stderr, flush=True)
        booster = fit_full_booster(learned_from.rows.x, learned_from.rows.y, CEILING, plan.seed)
        children = fresh.rows.take(np.flatnonzero(fresh.years == WITH_RESULTS[-1]))

        def ceiling(x: Floats, booster: Any = booster) -> Floats:
            return np.asarray(booster.predict(x, raw_score=True))

        yield name, Fresh(children, ceiling, ceiling(children.x))


def _studies(folder: Path, asked: Asked) -> Iterator[tuple[Name, Study]]:
    """Invent an authority, and yield the study of each landmark and outcome."""
    print(f"· inventing {asked.births} births a year, seed {asked.seed}", file=sys.stderr, flush=True)
    contract, data = england(), folder / f"accuracy-{asked.seed}"
    synthesise(asked, data, lambda _: None)
    con, _ = ingest(contract, data)
    shutil.rmtree(data)
    for landmark in contract.landmarks:
        cohort = assemble(con, contract, landmark)
        for outcome in contract.outcomes_at(landmark):
            yield (landmark.name, outcome.name), study_of(contract, landmark, outcome, cohort, Plan())


def _judged(study: Study, fresh: Fresh) -> Part:
    """Return each candidate's AUC and slope on fresh children and on the test half, and the ceiling's on the same."""
    if study.split is None:
        raise AssertionError("an invented England has a calendar")
    learn_on, calibrate_on, test = (
        study.rows.take(rows) for rows in (study.split.learn, study.split.calibrate, study.split.test)
    )
    found = {"ceiling": _figures(fresh.children, fresh.log_odds, test, fresh.ceiling(test.x))}
    for candidate in CANDIDATES:
        fitted = fit(candidate, study.task, learn_on, calibrate_on, Plan())
        found[candidate] = _figures(fresh.children, fitted.log_odds(fresh.children.x), test, fitted.log_odds(test.x))
    return found


def _figures(fresh: Rows, fresh_log_odds: Floats, test: Rows, test_log_odds: Floats) -> dict[str, float]:
    return {
        "auc": float(roc_auc_score(fresh.y, fresh_log_odds)),
        "slope": float(fit_affine(fresh_log_odds, fresh.y)[1][0]),
        "test_auc": float(roc_auc_score(test.y, test_log_odds)),
        "test_slope": float(fit_affine(test_log_odds, test.y)[1][0]),
    }


def _told(name: Name, fresh: Fresh) -> Part:
    """Return the means over authorities, the differences of the glass box, and its slopes one by one."""
    mean = {
        who: {what: float(np.mean([each[who][what] for each in fresh.found])) for what in figures}
        for who, figures in fresh.found[0].items()
    }
    glass_box = mean["glass box"]
    return {
        "landmark": name[0],
        "outcome": name[1],
        "fresh_children": len(fresh.children.y),
        "mean": {who: {what: round(value, 4) for what, value in figures.items()} for who, figures in mean.items()},
        "glass_box_minus_full_booster_auc": round(glass_box["auc"] - mean["full booster"]["auc"], 4),
        "glass_box_minus_ceiling_auc": round(glass_box["auc"] - mean["ceiling"]["auc"], 4),
        "auc_of_each": _each(fresh, "auc"),
        "slope_of_each": _each(fresh, "slope"),
        "test_slope_of_each": _each(fresh, "test_slope"),
    }


def _each(fresh: Fresh, what: str) -> list[float]:
    return [round(each["glass box"][what], 4) for each in fresh.found]


def _within_bounds(told: Part) -> bool:
    slopes = told["slope_of_each"]
    within = sum(SLOPES_EACH[0] <= slope <= SLOPES_EACH[1] for slope in slopes)
    return bool(
        told["glass_box_minus_full_booster_auc"] >= -BELOW_FULL
        and told["glass_box_minus_ceiling_auc"] >= -BELOW_CEILING
        and SLOPES_MEAN[0] <= np.mean(slopes) <= SLOPES_MEAN[1]
        and within >= SLOPES_WITHIN * len(slopes)
    )
