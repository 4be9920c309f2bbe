"""
How far drawing thresholds again moves children between lists, and the refits' curves at another slope.

Recalibrating leaves the order of children as it is, so that what moves between lists is the thresholds alone: they are drawn
again from other draws of the authority's own families. How far learning again would move children is not in it.
"""

import numpy as np
from numpy.typing import NDArray

from models.capacities import CAPACITIES, Moves
from models.refits import Curve, Refit
from training.capacities import places, thresholds
from training.judging import Rows
from training.metrics import family_weights
from training.plan import Plan

_SLOTS = len(CAPACITIES) + 1


def moves_of(log_odds: NDArray[np.float64], rows: Rows, plan: Plan) -> Moves:
    """Return the share of children who lie in each slot by these thresholds (down) and by those of other draws (across)."""
    now = places(log_odds, thresholds(log_odds, rows.weights)[0])
    counts = np.zeros(_SLOTS**2)
    for drawn in family_weights(rows.families, plan.bootstrap, plan.seed):
        weights, among = drawn * rows.weights, drawn > 0
        after = places(log_odds, thresholds(log_odds[among], weights[among])[0])
        counts += np.bincount(now * _SLOTS + after, rows.weights, minlength=_SLOTS**2)
    shares = (counts / counts.sum()).round(9).reshape(_SLOTS, _SLOTS)
    return tuple(tuple(line) for line in shares.tolist())


def at_slope(refit: Refit, times: float) -> Refit:
    """Return the original's refits with their curves' bounds as the new slope serves them; as they are where it is the same."""
    if times == 1.0:
        return refit
    return refit.model_copy(update={"curves": tuple(_steeper(curve, times) for curve in refit.curves)})


def _steeper(curve: Curve, times: float) -> Curve:
    low, high = (tuple(round(bound * times, 6) for bound in bounds) for bounds in (curve.low, curve.high))
    return curve.model_copy(update={"low": low, "high": high})
