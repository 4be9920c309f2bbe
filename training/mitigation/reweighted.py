"""Held-out scores of what ships, learned again with weights: judged by the study's own split, and calibrated as what ships is."""

import numpy as np
from numpy.typing import NDArray

from training.judging import Fitted, HeldOut, Rows, calibrate
from training.learning import CandidateName
from training.mitigation.reduction import TIMES, Flags, learned_in_steps
from training.plan import Plan
from training.split import TimeSplit, family_folds
from training.study import Study

Floats = NDArray[np.float64]


def reweighted(candidate: CandidateName, study: Study, protected: Flags, plan: Plan) -> list[HeldOut]:
    """
    Return the scores at each step of TIMES, of folds the first repeat alone; `protected` (n,) is of the study's rows.

    Raises NoSignal where at some step nothing can be learned.
    """
    if study.split is None:
        return _by_folds(candidate, study, protected, plan)
    return _by_time(candidate, study, protected, study.split, plan)


def _by_time(candidate: CandidateName, study: Study, protected: Flags, split: TimeSplit, plan: Plan) -> list[HeldOut]:
    rows, task = study.rows, study.task
    calibrate_on = rows.take(split.calibrate)
    folds = np.zeros((1, len(split.test)), dtype=np.int64)
    held_out = []
    for learned in learned_in_steps(candidate, task, rows.take(split.learn), protected[split.learn], plan):
        raw = learned.log_odds(calibrate_on.x)
        fitted = Fitted(learned, calibrate(task, raw, calibrate_on.y, calibrate_on.weights))
        held_out.append(HeldOut(split.test, fitted.log_odds(rows.x[split.test])[None, :], folds))
    return held_out


def _by_folds(candidate: CandidateName, study: Study, protected: Flags, plan: Plan) -> list[HeldOut]:
    rows = study.rows
    folds = family_folds(rows.families, plan.folds, plan.seed)
    scores = np.empty((len(TIMES), len(rows.y)))
    for fold in range(plan.folds):
        train, test = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        fitted = _fitted_alone(candidate, study, rows.take(train), protected[train], plan)
        scores[:, test] = [each.log_odds(rows.x[test]) for each in fitted]
    return [HeldOut(np.arange(len(rows.y)), each[None, :], folds[None, :]) for each in scores]


def _fitted_alone(candidate: CandidateName, study: Study, rows: Rows, protected: Flags, plan: Plan) -> list[Fitted]:
    """Learn from children and calibrate on cross-fitted log-odds of the same, at each step."""
    task, raw = study.task, np.empty((len(TIMES), len(rows.y)))
    folds = family_folds(rows.families, plan.inner_folds, plan.seed)
    for fold in range(plan.inner_folds):
        train, test = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        inner = learned_in_steps(candidate, task, rows.take(train), protected[train], plan)
        raw[:, test] = [each.log_odds(rows.x[test]) for each in inner]
    learned = learned_in_steps(candidate, task, rows, protected, plan)
    return [
        Fitted(each, calibrate(task, scores, rows.y, rows.weights)) for each, scores in zip(learned, raw, strict=True)
    ]
