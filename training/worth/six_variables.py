"""
A logistic regression of six variables, for scale and no gate (M7): what the rest of the features add to the first six.

The six are chosen one after another among the children learned from: each time the feature that, with those chosen before,
explains most of the outcome by least squares, its mark of *not known* with it, and that goes in the direction the contract
declares where it declares one. (The six best one by one would say the same thing six times, and flatter the rest.) They are
chosen, learned and calibrated by the procedure that judges the candidates: inside each fold anew, where there are folds.
"""

import numpy as np
from numpy.typing import NDArray

from training.judging import HeldOut, NoSignal, Rows, fit_alone, judge_by_time
from training.learning import Task
from training.plan import Plan
from training.study import Study

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
SIX = 6
_SIGN = {"raises": 1.0, "lowers": -1.0}


def six_variables(study: Study, held_out: HeldOut, plan: Plan) -> tuple[list[str], HeldOut] | None:
    """
    Return the names of the six, and the scores of the children `held_out`, by the same folds.

    By folds the names are the six of all children. None where six variables say nothing that can be calibrated.
    """
    try:
        scores = _by_folds(study, held_out, plan) if study.split is None else _by_time(study, plan)
    except NoSignal:
        return None
    rows = study.rows if study.split is None else study.rows.take(study.split.learn)
    return [study.task.features[i].name for i in the_six(study.task, rows)], scores


def the_six(task: Task, rows: Rows) -> Integers:
    """Return the columns of the (at most) six features that together explain most, in the contract's order."""
    products, with_y = _products(rows)
    signs = [_SIGN.get(feature.direction, 0.0) for feature in task.features]
    chosen: list[int] = []
    for _ in range(SIX):
        explained = [_explained([*chosen, one], signs, products, with_y) for one in range(len(signs))]
        left = [-1.0 if one in chosen else each for one, each in enumerate(explained)]
        if max(left, default=0.0) <= 0:
            break
        chosen.append(int(np.argmax(left)))
    return np.array(sorted(chosen), dtype=np.int64)


def _products(rows: Rows) -> tuple[Floats, Floats]:
    """Return the products of all centred columns, values before marks of *not known*, with each other and the outcome."""
    unknown = np.isnan(rows.x)
    means = np.where(unknown, 0.0, rows.x).sum(axis=0) / np.maximum((~unknown).sum(axis=0), 1)
    columns = np.column_stack([np.where(unknown, 0.0, rows.x - means), unknown])
    columns -= np.average(columns, axis=0, weights=rows.weights)
    spread = np.sqrt(np.average(columns**2, axis=0, weights=rows.weights))
    columns = np.divide(columns, spread, out=np.zeros_like(columns), where=spread > 0)
    weighted = columns.T * rows.weights
    return weighted @ columns / len(columns), weighted @ rows.y / len(columns)


def _explained(features: list[int], signs: list[float], products: Floats, with_y: Floats) -> float:
    """Return how much of the outcome these features explain; nothing where the last goes the wrong way or is never known."""
    both = [*features, *(len(signs) + one for one in features)]
    coefficients = np.linalg.lstsq(products[np.ix_(both, both)], with_y[both], rcond=1e-10)[0]
    last = float(coefficients[len(features) - 1])
    if last == 0 or last * signs[features[-1]] < 0:
        return 0.0
    return float(with_y[both] @ coefficients)


def _only(task: Task, rows: Rows, six: Integers) -> tuple[Task, Rows]:
    """Return the task and rows with the six alone."""
    kept = Rows(rows.x[:, six], rows.y, rows.families, rows.weights)
    return Task(task.landmark, task.outcome, [task.features[i] for i in six]), kept


def _by_time(study: Study, plan: Plan) -> HeldOut:
    if study.split is None:
        raise AssertionError("there is no calendar")
    task, rows = _only(study.task, study.rows, the_six(study.task, study.rows.take(study.split.learn)))
    return judge_by_time("logistic", task, rows, study.split, plan).held_out


def _by_folds(study: Study, held_out: HeldOut, plan: Plan) -> HeldOut:
    scores = np.empty(held_out.log_odds.shape)
    for repeat, folds in enumerate(held_out.folds):
        for fold in range(plan.folds):
            test = np.flatnonzero(folds == fold)
            inside = study.rows.take(np.flatnonzero(folds != fold))
            six = the_six(study.task, inside)
            fitted = fit_alone("logistic", *_only(study.task, inside, six), plan)
            scores[repeat, test] = fitted.log_odds(study.rows.x[np.ix_(test, six)])
    return HeldOut(held_out.rows, scores, held_out.folds)
