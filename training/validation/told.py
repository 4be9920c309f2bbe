"""The figures that validation tells of scores, and of two scores of the same children beside each other."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from training.metrics import (
    MEASURES,
    Measure,
    cut,
    observed_over_expected,
    recall,
)
from training.resampled import Figure, Resampled, figure, over_repeats

Floats = NDArray[np.float64]
# Each figure's value, and its values on the families drawn again.
Drawn = Mapping[str, tuple[float, Floats]]

_MEASURES: Mapping[str, Measure] = {
    **{name: MEASURES[name] for name in ("auc", "log_loss", "calibration_slope")},
    "observed_over_expected": observed_over_expected,
}


def drawn(log_odds: Floats, children: Resampled, capacity: float | None = None) -> Drawn:
    """Return the figures of log-odds (repeats, m), averaged over the repeats; with a capacity, recall of that list too."""
    found = {name: over_repeats(measure, log_odds, children) for name, measure in _MEASURES.items()}
    if capacity is not None:
        found["recall"] = _recall(log_odds, children, capacity)
    return found


def _recall(log_odds: Floats, children: Resampled, capacity: float) -> tuple[float, Floats]:
    """Return the recall of a list of that length, its threshold held fixed while families are drawn again."""
    lists = [cut(one, capacity, children.weights).flagged for one in log_odds]
    values = [recall(flagged, children.y, children.weights[None, :])[0] for flagged in lists]
    again = [recall(flagged, children.y, children.drawn) for flagged in lists]
    return float(np.mean(values)), np.asarray(np.mean(again, axis=0))


def figures(of: Drawn) -> dict[str, Figure]:
    """Return each figure with its 95 % interval."""
    return {name: figure(*found) for name, found in of.items()}


def minus(first: Drawn, second: Drawn) -> dict[str, Figure]:
    """Return the first's figures less the second's, with the interval of the paired difference."""
    return {name: figure(value - second[name][0], again - second[name][1]) for name, (value, again) in first.items()}
