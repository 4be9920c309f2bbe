"""
Accuracy and calibration of held-out scores, for many bootstrap weightings of the same children at once.

Each measure takes log-odds (m,), y (m,) and weights (B, m) and returns (B,) values; NaN where it is not defined.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from training.affine import fit_affine

Floats = NDArray[np.float64]
Measure = Callable[[Floats, Floats, Floats], Floats]


def auc(log_odds: Floats, y: Floats, weights: Floats) -> Floats:
    """Area under the ROC curve: the chance that a child with the outcome scores above one without (ties count half)."""
    positive, negative = _by_score(log_odds, y, weights)
    below = np.cumsum(negative, axis=1) - negative
    with np.errstate(invalid="ignore"):
        area = (positive * (below + negative / 2)).sum(axis=1)
        return np.asarray(area / (positive.sum(axis=1) * negative.sum(axis=1)))


def average_precision(log_odds: Floats, y: Floats, weights: Floats) -> Floats:
    """Mean of the precision at each threshold, weighted by the recall it adds (scikit-learn's definition)."""
    positive, negative = (part[:, ::-1] for part in _by_score(log_odds, y, weights))
    found, flagged = np.cumsum(positive, axis=1), np.cumsum(positive + negative, axis=1)
    precision = np.divide(found, flagged, out=np.zeros_like(found), where=flagged > 0)
    with np.errstate(invalid="ignore"):
        return np.asarray((positive * precision).sum(axis=1) / positive.sum(axis=1))


def brier(log_odds: Floats, y: Floats, weights: Floats) -> Floats:
    """Mean squared distance of the probability from the outcome."""
    return _mean((_probability(log_odds) - y) ** 2, weights)


def log_loss(log_odds: Floats, y: Floats, weights: Floats) -> Floats:
    """Mean negative log-likelihood of the outcome, in nats."""
    return _mean(np.logaddexp(0.0, log_odds) - y * log_odds, weights)


def calibration_intercept(log_odds: Floats, y: Floats, weights: Floats) -> Floats:
    """Log-odds to add so that, the slope held at 1, as many outcomes are foreseen as happen (calibration in the large)."""
    shift = np.zeros(len(weights))
    events = weights @ y
    with np.errstate(invalid="ignore", divide="ignore"):
        for _ in range(60):
            p = _probability(log_odds + shift[:, None])
            step = np.clip((events - (weights * p).sum(axis=1)) / (weights * p * (1 - p)).sum(axis=1), -2.0, 2.0)
            shift += step
            if not (np.abs(step) > 1e-10).any():
                break
    shift[~(np.abs(step) <= 1e-6)] = np.nan
    return shift


def calibration_slope(log_odds: Floats, y: Floats, weights: Floats) -> Floats:
    """Slope of the outcome on the log-odds: below 1, scores are too extreme; above, too timid."""
    return fit_affine(log_odds, y, weights)[1]


def observed_over_expected(log_odds: Floats, y: Floats, weights: Floats) -> Floats:
    """How many children the outcome came to for each one foreseen: above 1, too few were foreseen."""
    with np.errstate(invalid="ignore"):
        return np.asarray((weights @ y) / (weights @ _probability(log_odds)))


MEASURES: dict[str, Measure] = {
    "auc": auc,
    "average_precision": average_precision,
    "brier": brier,
    "log_loss": log_loss,
    "calibration_slope": calibration_slope,
    "calibration_intercept": calibration_intercept,
}


@dataclass(frozen=True, slots=True)
class Cut:
    """
    A capacity's threshold: the smallest score that flags at most that share; ties at the cut are never broken.

    `left_out_tie` are the children of the next score, who would have been too many.
    """

    threshold: float
    flagged: NDArray[np.bool_]
    left_out_tie: int


def cut(log_odds: Floats, capacity: float, weights: Floats | None = None) -> Cut:
    """Return the cut that flags at most `capacity`, a share of these children as they are weighted (None: all alike)."""
    values, place, counts = np.unique(log_odds, return_inverse=True, return_counts=True)
    flagged_from = np.cumsum(np.bincount(place, weights)[::-1])[::-1]
    fits = flagged_from <= capacity * flagged_from[0] + 1e-9
    threshold = float(values[fits][0]) if fits.any() else float("inf")
    left_out = int(counts[~fits][-1]) if not fits.all() else 0
    return Cut(threshold, log_odds >= threshold, left_out)


def recall(flagged: NDArray[np.bool_], y: Floats, weights: Floats) -> Floats:
    """Share of the children with the outcome who are flagged."""
    return _mean(flagged.astype(float), weights * y)


def ppv(flagged: NDArray[np.bool_], y: Floats, weights: Floats) -> Floats:
    """Share of the flagged children who have the outcome (positive predictive value)."""
    return _mean(y, weights * flagged)


def family_weights(families: NDArray[np.str_], resamples: int, seed: int) -> Floats:
    """Return (resamples, m) bootstrap weights that draw whole families with replacement."""
    _, family = np.unique(families, return_inverse=True)
    count = int(family.max()) + 1
    drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1.0 / count), size=resamples)
    return drawn[:, family].astype(np.float64)


def _probability(log_odds: Floats) -> Floats:
    return np.asarray(expit(log_odds))


def _mean(values: Floats, weights: Floats) -> Floats:
    with np.errstate(invalid="ignore"):
        return np.asarray((weights @ values) / weights.sum(axis=1))


def _by_score(log_odds: Floats, y: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return the weight of children with and without the outcome at each distinct score, ascending: (B, scores) each."""
    order = np.argsort(log_odds, kind="stable")
    starts = np.flatnonzero(np.diff(log_odds[order], prepend=-np.inf))
    w, outcome = weights[:, order], y[order]
    return np.add.reduceat(w * outcome, starts, axis=1), np.add.reduceat(w * (1 - outcome), starts, axis=1)
