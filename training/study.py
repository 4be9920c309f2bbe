"""The study of one landmark and outcome: who has the outcome, how they are split, and every candidate judged on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.contract import Contract
from models.feature import Landmark, Outcome
from training.cohort import CohortTable
from training.evaluation import evaluate, without_siblings
from training.interventions import left_out
from training.judging import Judged, NoSignal, Rows, judge
from training.learning import CandidateName, Task
from training.plan import Plan
from training.split import TimeSplit, lagged_split, shipped_split
from training.weights import effective, unless_equal

_YARDSTICK: CandidateName = "full booster"
CANDIDATES: tuple[CandidateName, ...] = ("logistic", "glass box", _YARDSTICK)
AllJudged = Mapping[CandidateName, Judged]


@dataclass(frozen=True, slots=True)
class Study:
    """`known` says which of the cohort's children have the outcome: `rows`, `years` and the split are of them alone."""

    landmark: Landmark
    outcome: Outcome
    cohort: CohortTable
    known: NDArray[np.int64]
    rows: Rows
    task: Task
    years: NDArray[np.int64] | None
    split: TimeSplit | None


def study_of(contract: Contract, landmark: Landmark, outcome: Outcome, cohort: CohortTable, plan: Plan) -> Study:
    """Return the study of one landmark and outcome: split by time where there is a calendar that allows it."""
    y = cohort.outcomes[outcome.name]
    known = np.flatnonzero(~np.isnan(y) & _asked_of(contract, outcome, cohort, plan))
    rows = Rows(cohort.matrix.numbers[known], y[known], cohort.families[known], cohort.weights[known])
    task = Task(landmark.name, outcome.name, contract.features_at(landmark))
    years = cohort.years[known] if cohort.years is not None else None
    split = shipped_split(years, rows.families, plan.seed) if years is not None else None
    return Study(landmark, outcome, cohort, known, rows, task, years, split)


def _asked_of(contract: Contract, outcome: Outcome, cohort: CohortTable, plan: Plan) -> NDArray[np.bool_]:
    """Return who is of a cohort that the plan learns from or judges by, and had no help that the contract sets apart."""
    asked = ~left_out(contract, cohort.helped, outcome.name, len(cohort.families))
    if plan.cohorts is None or cohort.years is None:
        return asked
    return np.asarray(asked & np.isin(cohort.years, plan.cohorts))


def judge_all(study: Study, plan: Plan) -> AllJudged:
    """Judge the candidates of the plan and the yardstick, all that learn anything; raises NoSignal where no candidate does."""
    return _judge(study.task, study.rows, study.split, plan)


def by_time(study: Study, judged: AllJudged, plan: Plan) -> dict[str, Any]:
    """Return what can be said only where there is a calendar: nothing where there is none."""
    if study.split is None or study.years is None:
        return {}
    return {
        "without_siblings_in_training": without_siblings(judged, study.rows, study.split.learn, plan),
        "lagged": _lagged(study, study.years, study.split, plan),
    }


def procedure(study: Study, plan: Plan) -> Mapping[str, Any]:
    """
    Return how the study judges, in numbers; of a weighted sample also how many children it is worth.

    With a calendar, `cohorts` are those of all who are learned from, calibrated on or judged by.
    """
    weights = unless_equal(study.rows.weights)
    worth: dict[str, Any] = {} if weights is None else {"effective_children": round(effective(weights))}
    if study.years is not None:
        worth["cohorts"] = [int(year) for year in np.unique(study.years[study.years >= 0])]
    if study.split is None:
        return worth | {"kind": "folds", "folds": plan.folds, "inner_folds": plan.inner_folds, "repeats": plan.repeats}
    return worth | {
        "kind": "time",
        "learned_on": len(study.split.learn),
        "calibrated_on": len(study.split.calibrate),
        "tested_on": len(study.split.test),
    }


def _judge(task: Task, rows: Rows, split: TimeSplit | None, plan: Plan) -> AllJudged:
    judged, refusals = {}, []
    for candidate in CANDIDATES:
        if candidate not in {*plan.candidates, _YARDSTICK}:
            continue
        try:
            judged[candidate] = judge(candidate, task, rows, split, plan)
        except NoSignal as refusal:
            refusals.append(refusal)
    if not judged.keys() & {*plan.candidates}:
        raise refusals[0]
    return judged


def _lagged(study: Study, years: NDArray[np.int64], shipped: TimeSplit, plan: Plan) -> dict[str, Any] | None:
    """
    Return the figure to quote to a board: the same children, foreseen by what could have been known at the time.

    None where nothing could be learned of that.
    """
    horizon = study.outcome.window[1] - study.landmark.age
    split, wanted = lagged_split(years, shipped, study.rows.families, horizon)
    try:
        judged = _judge(study.task, study.rows, split, plan)
    except NoSignal:
        return None
    return {"lag_in_cohorts": split.lag, "lag_in_real_use": wanted, **evaluate(judged, study.rows, plan)}
