"""
Recalibrates one landmark and outcome, and judges it by folds: no child by a calibration that saw it, nor its brothers and sisters.

What is shipped is chosen and set on all own children; the figures are the procedure's, chosen and set anew in every fold.
"""

from dataclasses import dataclass

import numpy as np

from models.estimator import Estimator
from training.judging import CalibratedOn, HeldOut, Judged, Rows
from training.plan import Plan
from training.recalibration.choice import Chosen, Floats, choose
from training.recalibration.enough import slope_asked
from training.recalibration.original import OriginalHead
from training.split import family_folds


@dataclass(frozen=True, slots=True)
class Recalibrated:
    """What was chosen; what ships, judged; and the served log-odds (1, n) of the same children before."""

    chosen: Chosen
    shipped: Judged
    before: Floats


def recalibrated(head: OriginalHead, rows: Rows, plan: Plan) -> Recalibrated:
    """Recalibrate on the children `rows`; raises NoSignal where the score says nothing of them."""
    everyone, raw = np.arange(len(rows.y)), Estimator(head.spec).log_odds(rows.x)
    served = head.calibration.intercept + head.calibration.slope * raw
    chosen = choose(served, rows, slope_asked=slope_asked(rows.y))
    calibration = chosen.of(head.calibration, rows.y)
    shipped = Judged(head.spec, calibration, _held_out(head, served, rows, plan), CalibratedOn(everyone, raw))
    return Recalibrated(chosen, shipped, Estimator(head.spec, head.calibration).log_odds(rows.x)[None, :])


def _held_out(head: OriginalHead, served: Floats, rows: Rows, plan: Plan) -> HeldOut:
    log_odds = np.empty((plan.repeats, len(rows.y)))
    folds = np.stack([family_folds(rows.families, plan.folds, plan.seed + repeat) for repeat in range(plan.repeats)])
    for repeat in range(plan.repeats):
        for fold in range(plan.folds):
            test, train = np.flatnonzero(folds[repeat] == fold), np.flatnonzero(folds[repeat] != fold)
            # Whether the slope is asked is a matter of all of them: that is the procedure that ships.
            chosen = choose(served[train], rows.take(train), slope_asked=slope_asked(rows.y))
            calibration = chosen.of(head.calibration, rows.y[train])
            log_odds[repeat, test] = Estimator(head.spec, calibration).log_odds(rows.x[test])
    return HeldOut(np.arange(len(rows.y)), log_odds, folds)
