"""
Whether a score stays as it is, gets another intercept, or another intercept and slope: a closed testing procedure.

The tests go from the whole change to its parts, each at 5 %, so that a score with nothing wrong is left as it is in 95 of 100
(Vergouwe et al., Statistics in Medicine 2017; 36: 4529-39). Their largest step, every coefficient anew, is not taken here: terms
stay as they were learned. The tests are score tests with whole families as units (Boos, The American Statistician 1992; 46:
327-33), where theirs are of the likelihood: siblings, and children who stand for several, do not count as if they were alone.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import chi2

from models.estimator import LOG_ODDS_BOUND
from models.terms import Calibration
from training.affine import fit_affine
from training.judging import NoSignal, Rows
from training.metrics import calibration_intercept

Floats = NDArray[np.float64]
Update = Literal["keep", "intercept", "intercept and slope"]
LEVEL = 0.05
# The places kept of what is set, so that the same records give the same bytes wherever they are read.
_PLACES = 6


@dataclass(frozen=True, slots=True)
class Chosen:
    """
    How a score's log-odds change: to `intercept` + `slope` times what they were.

    `any_change` is the p-value of all that could be changed, `slope_too` that of the slope beside the intercept; None where it
    was not asked.
    """

    update: Update
    intercept: float
    slope: float
    any_change: float
    slope_too: float | None

    def of(self, before: Calibration, y: Floats) -> Calibration:
        """Return the calibration that this makes of the one before, on children with these outcomes (n,)."""
        return Calibration(
            landmark=before.landmark,
            outcome=before.outcome,
            intercept=self.intercept + self.slope * before.intercept,
            slope=self.slope * before.slope,
            n=len(y),
            events=int(y.sum()),
        )


def choose(log_odds: Floats, rows: Rows, *, slope_asked: bool) -> Chosen:
    """
    Choose by the children `rows` and their served log-odds (n,); the slope stays where it is not asked.

    Raises NoSignal where what they need has no end, or is a slope that is not above 0.
    """
    any_change = _as_it_is(log_odds, rows, slope_asked=slope_asked)
    if any_change >= LEVEL:
        return Chosen("keep", 0.0, 1.0, any_change, None)
    shift = float(calibration_intercept(log_odds, rows.y, rows.weights[None, :])[0])
    slope_too = _slope_as_it_is(log_odds, shift, rows) if slope_asked else None
    if slope_too is None or not slope_too < LEVEL:
        return _set("intercept", (shift, 1.0), any_change, slope_too)
    intercept, slope = fit_affine(log_odds, rows.y, rows.weights)
    return _set("intercept and slope", (float(intercept[0]), float(slope[0])), any_change, slope_too)


def _set(update: Update, line: tuple[float, float], any_change: float, slope_too: float | None) -> Chosen:
    intercept, slope = (round(number, _PLACES) for number in line)
    # An intercept beyond every log-odds there is has no end: all of these children have one outcome.
    if not (slope > 0 and abs(intercept) <= LOG_ODDS_BOUND):
        raise NoSignal(
            "no calibration with a slope above 0 can be set on these children: the score says nothing of them"
        )
    return Chosen(update, intercept, slope, any_change, slope_too)


def _as_it_is(log_odds: Floats, rows: Rows, *, slope_asked: bool) -> float:
    """Return the p-value of the log-odds as they are, against any other intercept (and slope, where it is asked)."""
    missed = rows.weights * (rows.y - expit(log_odds))
    pulls = [missed, missed * (log_odds - log_odds.mean())] if slope_asked else [missed]
    return _p_value(pulls, rows.families)


def _slope_as_it_is(log_odds: Floats, shift: float, rows: Rows) -> float:
    """Return the p-value of a slope of 1, the intercept being set anew."""
    foreseen = expit(log_odds + shift)
    told = rows.weights * foreseen * (1 - foreseen)
    missed = rows.weights * (rows.y - foreseen)
    return _p_value([missed * (log_odds - (told @ log_odds) / told.sum())], rows.families)


def _p_value(pulls: list[Floats], families: NDArray[np.str_]) -> float:
    """Return how likely pulls (each (n,), with no sum to be expected) are to sum to as much, families being independent."""
    _, family = np.unique(families, return_inverse=True)
    by_family = np.stack([np.bincount(family, pull) for pull in pulls])
    total = by_family.sum(axis=1)
    return float(chi2.sf(total @ np.linalg.pinv(by_family @ by_family.T) @ total, len(pulls)))
