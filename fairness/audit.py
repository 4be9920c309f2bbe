"""
Compares errors across groups at a team's capacity, through fairlearn's MetricFrame.

A group is never left out: one that was declared and has no child, and children whose group is not recorded, are listed
like any other. These are point values; a gap between two of them is not yet a finding.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from fairlearn.metrics import MetricFrame, count, false_positive_rate, selection_rate, true_positive_rate
from numpy.typing import NDArray
from sklearn.metrics import precision_score

from fairness.scored import NOT_RECORDED, audit_column

# Under this many children a group's counts and rates could tell of one child, and are not written.
MINIMUM_CELL = 10

Flags = NDArray[np.int64]


def positive_predictive_value(observed: Flags, flagged: Flags) -> float:
    """Share of the flagged children who have the outcome; NaN where nobody is flagged."""
    return float(precision_score(observed, flagged, zero_division=np.nan))


def events(observed: Flags, _flagged: Flags) -> float:
    """Number of rows with the outcome."""
    return float(observed.sum())


def recall(observed: Flags, flagged: Flags) -> float:
    """Share of the children with the outcome who are flagged; NaN where there is none."""
    return float(true_positive_rate(observed, flagged)) if observed.any() else math.nan


def flagged_needlessly(observed: Flags, flagged: Flags) -> float:
    """Share of the children without the outcome who are flagged (false positive rate); NaN where there is none."""
    return float(false_positive_rate(observed, flagged)) if not observed.all() else math.nan


def calibration_gap(observed: Flags, _flagged: Flags, probability: NDArray[np.float64]) -> float:
    """Observed minus foreseen outcomes, per child: above 0, more happened than was foreseen."""
    return float(observed.mean() - probability.mean())


_COUNTS = {"n": count, "events": events}
_RATES = {
    "selection_rate": selection_rate,
    "recall": recall,
    "fpr": flagged_needlessly,
    "ppv": positive_predictive_value,
    "calibration_gap": calibration_gap,
}


def audit(
    scored: pd.DataFrame, groups: Mapping[str, Sequence[str]], capacity: float, small_group: int
) -> dict[str, Any]:
    """
    Audit a scored table at a capacity.

    `groups` declares, for each attribute, the groups that must appear whatever their size; groups found in the table
    beyond those appear too. Groups under `small_group` children are marked as small.
    """
    tables = [
        {
            "landmark": landmark,
            "outcome": outcome,
            "overall": _line(_frame(part, None).overall, part["repeat"].nunique(), small_group),
            "attributes": [_attribute(part, name, declared, small_group) for name, declared in groups.items()],
        }
        for (landmark, outcome), part in scored.groupby(["landmark", "outcome"], sort=False)
    ]
    return {
        "format": 1,
        "capacity": capacity,
        "minimum_cell": MINIMUM_CELL,
        "small_group": small_group,
        "audits": tables,
    }


def _attribute(part: pd.DataFrame, name: str, declared: Sequence[str], small_group: int) -> dict[str, Any]:
    frame = _frame(part, part[audit_column(name)])
    repeats = part["repeat"].nunique()
    found = {str(group): _line(frame.by_group.loc[group], repeats, small_group) for group in frame.by_group.index}
    every = list(dict.fromkeys([*declared, *sorted(found.keys() - {NOT_RECORDED}), NOT_RECORDED]))
    empty = {"n": 0, "events": None, **dict.fromkeys(_RATES), "small": True}
    return {"attribute": name, "groups": [{"group": group, **found.get(group, empty)} for group in every]}


def _frame(part: pd.DataFrame, sensitive: "pd.Series[str] | None") -> MetricFrame:
    everyone = pd.Series("everyone", index=part.index)
    return MetricFrame(
        metrics=_COUNTS | _RATES,
        y_true=part["observed"].to_numpy(dtype=np.int64),
        y_pred=part["flagged"].to_numpy(dtype=np.int64),
        sensitive_features=(everyone if sensitive is None else sensitive).to_numpy(),
        sample_params={"calibration_gap": {"probability": part["probability"].to_numpy()}},
    )


def _line(values: "pd.Series[float]", repeats: int, small_group: int) -> dict[str, Any]:
    """Return one group's measures; rows of several repeats count each child once."""
    n = round(values["n"] / repeats)
    hidden = n < MINIMUM_CELL
    return {
        "n": n,
        "events": None if hidden else round(values["events"] / repeats),
        **{name: None if hidden or math.isnan(values[name]) else round(float(values[name]), 6) for name in _RATES},
        "small": n < small_group,
    }
