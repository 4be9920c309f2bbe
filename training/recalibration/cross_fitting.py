"""
Recalibrates one landmark and outcome, and judges it by folds: no child by a calibration that saw it, nor its brothers and sisters.

What is shipped is chosen and set on all own children who had no declared help; the figures are the procedure's, chosen and set
anew in every fold. Of a calibration that is kept they are its own: it saw none of these children.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.estimator import Estimator
from training.judging import CalibratedOn, HeldOut, Judged, Rows
from training.plan import Plan
from training.recalibration.choice import Chosen, Floats, choose
from training.recalibration.enough import slope_asked
from training.recalibration.original import OriginalHead
from training.split import family_folds

Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Recalibrated:
    """What was chosen; what ships, judged; and the served log-odds (1, n) of the same children before."""

    chosen: Chosen
    shipped: Judged
    before: Floats


def recalibrated(head: OriginalHead, rows: Rows, by: Indices, plan: Plan) -> Recalibrated:
    """
    Recalibrate by those of the children `rows` whom `by` names (which rows they are), and judge all of them.

    Raises NoSignal where the score says nothing of those.
    """
    raw = Estimator(head.spec).log_odds(rows.x)
    served = head.calibration.intercept + head.calibration.slope * raw
    chosen = choose(served[by], rows.take(by), slope_asked=slope_asked(rows.y[by]))
    before = Estimator(head.spec, head.calibration).log_odds(rows.x)[None, :]
    folds = np.stack([family_folds(rows.families, plan.folds, plan.seed + repeat) for repeat in range(plan.repeats)])
    log_odds = np.repeat(before, plan.repeats, axis=0)
    if chosen.update != "keep":
        log_odds = _cross_fitted(head, served, rows, by, folds)
    held_out = HeldOut(np.arange(len(rows.y)), log_odds, folds)
    calibration = chosen.of(head.calibration, rows.y[by])
    return Recalibrated(chosen, Judged(head.spec, calibration, held_out, CalibratedOn(by, raw[by])), before)


def _cross_fitted(head: OriginalHead, served: Floats, rows: Rows, by: Indices, folds: Indices) -> Floats:
    """Return the log-odds (repeats, n) of children by what was chosen and set on those `by` whom it goes, in other folds."""
    log_odds = np.empty(folds.shape)
    for repeat in range(len(folds)):
        for fold in np.unique(folds[repeat]):
            test, train = np.flatnonzero(folds[repeat] == fold), by[folds[repeat, by] != fold]
            # Whether the slope is asked is a matter of all of them: that is the procedure that ships.
            chosen = choose(served[train], rows.take(train), slope_asked=slope_asked(rows.y[by]))
            calibration = chosen.of(head.calibration, rows.y[train])
            log_odds[repeat, test] = Estimator(head.spec, calibration).log_odds(rows.x[test])
    return log_odds
