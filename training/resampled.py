"""Held-out children whose families are drawn again: every figure of the worth of a model with its interval."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.judging import HeldOut, Rows
from training.metrics import Measure, family_weights
from training.plan import Plan

Floats = NDArray[np.float64]
Figure = dict[str, float | None]
# Draws are worked through in blocks of about this many numbers, as a processor keeps close by.
_BLOCK = 200_000


@dataclass(frozen=True, slots=True)
class Resampled:
    """Outcomes y (m,), sampling weights (m,), and those times the families drawn: (draws, m)."""

    y: Floats
    weights: Floats
    drawn: Floats


def resampled(rows: Rows, held_out: HeldOut, plan: Plan) -> Resampled:
    """Return the held-out children, whole families drawn as often as the plan says."""
    who = held_out.rows
    families = family_weights(rows.families[who], plan.bootstrap, plan.seed)
    return Resampled(rows.y[who], rows.weights[who], families * rows.weights[who])


def over_repeats(measure: Measure, log_odds: Floats, children: Resampled) -> tuple[float, Floats]:
    """Return a measure's mean over the repeats of log_odds (repeats, m): of these children, and of every draw (draws,)."""
    block = max(1, _BLOCK // len(children.y))
    parts = [children.drawn[i : i + block] for i in range(0, len(children.drawn), block)]
    values = [measure(one, children.y, children.weights[None, :])[0] for one in log_odds]
    drawn = [np.concatenate([measure(one, children.y, part) for part in parts]) for one in log_odds]
    return float(np.mean(values)), np.mean(drawn, axis=0)


def figure(value: float, drawn: Floats) -> Figure:
    """Return a value with its 95 % interval, to six places; None where it is not defined."""
    known = drawn[~np.isnan(drawn)]
    low, high = np.percentile(known, [2.5, 97.5]).tolist() if len(known) else (np.nan, np.nan)
    found = {"value": value, "low": low, "high": high}
    return {name: None if np.isnan(number) else round(float(number), 6) for name, number in found.items()}
