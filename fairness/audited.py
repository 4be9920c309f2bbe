"""
What an audit finds of every group at every list, exactly: arrays, so that all groups and lists are worked out together.

It tells of single children, and leaves the process only as `fairness.disclosure` tells it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fairness.verdicts import Verdict

# What depends on how long the list is, and what does not.
LISTED = ("selection_rate", "recall", "fpr", "ppv", "false_omission", "net_benefit")
STANDING = ("auc", "observed_over_expected", "calibration_gap", "intercept", "slope")
# Shares that are one minus another: value and interval turned about, the same verdict.
COMPLEMENTS = {"fnr": "recall", "tnr": "fpr", "fdr": "ppv"}
# A verdict is held as its place here.
VERDICTS = tuple(Verdict)
NOT_JUDGED = -1

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Kind = Literal["everyone", "attribute", "pooled", "intersection"]


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """
    One measure of every group at every list, (groups, lists) each; one column where the length of the list does not matter.

    `value` with its 95 % interval; `gap`, the group minus everyone else, with its own; NaN where there is nobody to measure.
    `smallest_gap` is the true gap that four of five audits like this one would have told from none. `bootstrap` says whose
    intervals are the family bootstrap's (a share's others are Wilson's and Newcombe-Wilson's, at `effect` and `rest_effect`, the
    design effects of the two shares among children, not rows; any other measure has none, NaN, of fewer families than the policy's smallest denominator). `enough`
    says where both sides reach the policy's floors. `verdict` is a place in VERDICTS, or NOT_JUDGED where the policy asks nothing of the measure.
    """

    value: Floats
    low: Floats
    high: Floats
    gap: Floats
    gap_low: Floats
    gap_high: Floats
    smallest_gap: Floats
    bootstrap: Flags
    effect: Floats
    rest_effect: Floats
    enough: Flags
    verdict: Integers


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Each group's children by score, lowest first: how many, with the outcome, and foreseen to have it, (groups, bins) each."""

    n: Floats
    events: Floats
    foreseen: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """
    One attribute, the pools of one, an intersection of two, or everyone (one group).

    `n`, `events` and `foreseen` are (groups,), `flagged` and `found` (those of them with the outcome) (groups, lists): of children
    in one repeat, the mean over repeats. `families` (groups,) is how many families a group's children come from.
    `again_low`, `again_high`, `again_gap_low` and `again_gap_high` are the primary measure's intervals with the threshold drawn
    again in each resample, (groups, lists) each.
    """

    name: str
    kind: Kind
    groups: tuple[str, ...]
    protected: tuple[bool, ...]
    n: Floats
    events: Floats
    foreseen: Floats
    flagged: Floats
    found: Floats
    families: Integers
    figures: Mapping[str, Figures]
    curve: Curve
    again_low: Floats
    again_high: Floats
    again_gap_low: Floats
    again_gap_high: Floats


@dataclass(frozen=True, slots=True, eq=False)
class HeadAudit:
    """One landmark and outcome: everyone (no gaps, no verdicts), and every attribute, pool and intersection."""

    landmark: str
    outcome: str
    everyone: Grouped
    grouped: tuple[Grouped, ...]
