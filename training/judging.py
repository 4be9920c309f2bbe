"""
Procedures that end with a shipped estimator and with scores of children that neither it nor its calibration saw.

By time, what ships is what is judged. By folds, every child is scored once a repeat by a model and a calibration that
never saw it; what ships is then fitted once on all, calibrated on the pooled cross-fitted log-odds, and the figures are
the procedure's.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.errors import GateRefused
from models.estimator import Estimator
from models.terms import Calibration, EstimatorSpec
from training.affine import fit_affine
from training.learning import CandidateName, Learned, Task, learn
from training.plan import Plan
from training.split import TimeSplit, family_folds

Floats = NDArray[np.float64]


class NoSignal(GateRefused):
    """These features say nothing of this outcome that could be learned, or there is one outcome only."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The children who have an outcome: x (n, features), y (n,) 0 or 1, families (n,), sampling weights (n,) around 1."""

    x: Floats
    y: Floats
    families: NDArray[np.str_]
    weights: Floats

    def take(self, rows: NDArray[np.int64]) -> "Rows":
        """Return some of them."""
        return Rows(self.x[rows], self.y[rows], self.families[rows], self.weights[rows])


@dataclass(frozen=True, slots=True)
class HeldOut:
    """
    Calibrated log-odds (repeats, m) of held-out children; `rows` (m,) says who, `folds` (repeats, m) in which fold.

    Every row of `log_odds` scores each of these children once.
    """

    rows: NDArray[np.int64]
    log_odds: Floats
    folds: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CalibratedOn:
    """The children that a calibration was fitted on: which rows (n,), and their raw log-odds, (n,) or (repeats, n)."""

    rows: NDArray[np.int64]
    raw: Floats


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was learned, with its calibration."""

    learned: Learned
    calibration: Calibration

    def log_odds(self, x: Floats) -> Floats:
        """Return the log-odds as they would be served: by the Scorer's own estimator wherever there is one."""
        if self.learned.spec is not None:
            return Estimator(self.learned.spec, self.calibration).log_odds(x)
        return self.calibration.intercept + self.calibration.slope * self.learned.log_odds(x)


@dataclass(frozen=True, slots=True)
class Judged:
    """What ships (nothing, for the yardstick), what it was calibrated on, and the held-out scores it is judged by."""

    spec: EstimatorSpec | None
    calibration: Calibration
    held_out: HeldOut
    calibrated_on: CalibratedOn


def judge(candidate: CandidateName, task: Task, rows: Rows, split: TimeSplit | None, plan: Plan) -> Judged:
    """Judge by time where there is a split in time, else by folds; raises NoSignal where there is nothing to learn."""
    if split is None:
        return judge_by_folds(candidate, task, rows, plan)
    return judge_by_time(candidate, task, rows, split, plan)


def judge_by_time(candidate: CandidateName, task: Task, rows: Rows, split: TimeSplit, plan: Plan) -> Judged:
    """Learn, calibrate and score by a split in time."""
    _need_both(rows.y[split.test], task)
    calibrate_on = rows.take(split.calibrate)
    fitted = fit(candidate, task, rows.take(split.learn), calibrate_on, plan)
    scores = fitted.log_odds(rows.x[split.test])
    held_out = HeldOut(split.test, scores[None, :], np.zeros((1, len(split.test)), dtype=np.int64))
    raw = fitted.learned.log_odds(calibrate_on.x)
    return Judged(fitted.learned.spec, fitted.calibration, held_out, CalibratedOn(split.calibrate, raw))


def judge_by_folds(candidate: CandidateName, task: Task, rows: Rows, plan: Plan) -> Judged:
    """Learn, calibrate and score by repeated folds, calibrating inside each on cross-fitted log-odds."""
    _need_both(rows.y, task)
    count = len(rows.y)
    raw, calibrated = np.empty((plan.repeats, count)), np.empty((plan.repeats, count))
    folds = np.stack([family_folds(rows.families, plan.folds, plan.seed + repeat) for repeat in range(plan.repeats)])
    for repeat in range(plan.repeats):
        for fold in range(plan.folds):
            test, train = np.flatnonzero(folds[repeat] == fold), np.flatnonzero(folds[repeat] != fold)
            fitted = fit_alone(candidate, task, rows.take(train), plan)
            raw[repeat, test] = fitted.learned.log_odds(rows.x[test])
            calibrated[repeat, test] = fitted.log_odds(rows.x[test])
    shipped = _learn(candidate, task, rows, plan)
    calibration = calibrate(task, raw.ravel(), *(np.tile(one, plan.repeats) for one in (rows.y, rows.weights)))
    calibration = calibration.model_copy(update={"n": count, "events": int(rows.y.sum())})
    who = np.arange(count)
    return Judged(shipped.spec, calibration, HeldOut(who, calibrated, folds), CalibratedOn(who, raw))


def fit(candidate: CandidateName, task: Task, learn_on: Rows, calibrate_on: Rows, plan: Plan) -> Fitted:
    """Learn from some children and calibrate on others; raises NoSignal where either says nothing."""
    learned = _learn(candidate, task, learn_on, plan)
    raw = learned.log_odds(calibrate_on.x)
    return Fitted(learned, calibrate(task, raw, calibrate_on.y, calibrate_on.weights))


def fit_alone(candidate: CandidateName, task: Task, rows: Rows, plan: Plan) -> Fitted:
    """Learn from children and calibrate on cross-fitted log-odds of the same; raises NoSignal where they say nothing."""
    learned = _learn(candidate, task, rows, plan)
    return Fitted(learned, calibrate(task, _cross_fitted(candidate, task, rows, plan), rows.y, rows.weights))


def _learn(candidate: CandidateName, task: Task, rows: Rows, plan: Plan) -> Learned:
    """Fit a candidate; raises NoSignal when all of these children have the same outcome."""
    _need_both(rows.y, task)
    return learn(candidate, task, rows.x, rows.y, plan, rows.weights)


def calibrate(task: Task, log_odds: Floats, y: Floats, weights: Floats | None = None) -> Calibration:
    """Fit the affine calibration (weights None: all count alike); raises NoSignal when its slope is not above 0."""
    intercept, slope = fit_affine(log_odds, y, weights)
    if not slope[0] > 0:
        raise NoSignal(
            f"{task.landmark}, {task.outcome}: the calibration slope is not above 0: these features say nothing of it"
        )
    return Calibration(
        landmark=task.landmark,
        outcome=task.outcome,
        intercept=float(intercept[0]),
        slope=float(slope[0]),
        n=len(y),
        events=int(y.sum()),
    )


def _cross_fitted(candidate: CandidateName, task: Task, rows: Rows, plan: Plan) -> Floats:
    log_odds = np.empty(len(rows.y))
    for train, test in _inner_folds(rows, plan):
        learned = _learn(candidate, task, rows.take(train), plan)
        log_odds[test] = learned.log_odds(rows.x[test])
    return log_odds


def _inner_folds(rows: Rows, plan: Plan) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    folds = family_folds(rows.families, plan.inner_folds, plan.seed)
    for fold in range(plan.inner_folds):
        yield np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)


def _need_both(y: Floats, task: Task) -> None:
    if len(y) == 0 or y.min() == y.max():
        raise NoSignal(
            f"{task.landmark}, {task.outcome}: one outcome only: every child to learn from or to judge by has the same one"
        )
