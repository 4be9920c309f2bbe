"""The primary measure's second interval: with the threshold drawn again in each resample, not held."""

from collections.abc import Mapping

import numpy as np

from fairness.audited import COMPLEMENTS, Grouped
from fairness.disclosure import judged
from fairness.disclosure.shares import Floats, Seven
from fairness.policy.policy import Policy

# A second interval is this many times as wide as the first, or as few; further off it rests on next to nothing.
_LEAST_RATIO, _MOST_RATIO = 0.5, 3.0


def again(told_of: Mapping[str, Seven], grouped: Grouped, policy: Policy) -> list[list[list[float | None] | None]]:
    """
    Return low, high, gap_low and gap_high of each group at each list; None where no value is told.

    They reach from the told value as much further than the told interval as the exact second one does than the exact first,
    to one decimal: exact ends would tell the counts of a small cell.
    """
    exact = judged.primary(grouped, policy)
    turned = policy.primary.measure in COMPLEMENTS
    value, low, high, gap, gap_low, gap_high, _ = told_of[
        COMPLEMENTS.get(policy.primary.measure, policy.primary.measure)
    ]
    drawn = (grouped.again_low, grouped.again_high, grouped.again_gap_low, grouped.again_gap_high)
    if turned:
        drawn = (1 - drawn[1], 1 - drawn[0], -drawn[3], -drawn[2])
    ends = [
        np.clip(_wider(value, low, exact.value, exact.low, drawn[0]), 0.0, 1.0),
        np.clip(_wider(value, high, exact.value, exact.high, drawn[1]), 0.0, 1.0),
        _wider(gap, gap_low, exact.gap, exact.gap_low, drawn[2]),
        _wider(gap, gap_high, exact.gap, exact.gap_high, drawn[3]),
    ]
    if turned:
        ends = [1 - ends[1], 1 - ends[0], -ends[3], -ends[2]]
    numbers = np.stack([np.round(end, 3) + 0.0 for end in ends], axis=-1).tolist()
    return [[_numbers(one) for one in line] for line in numbers]


def _wider(value: Floats, end: Floats, exact: Floats, exact_end: Floats, drawn: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.round((drawn - exact) / (exact_end - exact), 1)
    return np.asarray(value + np.clip(ratio, _LEAST_RATIO, _MOST_RATIO) * (end - value))


def _numbers(ends: list[float]) -> list[float | None] | None:
    return None if ends[0] != ends[0] else [None if end != end else end for end in ends]
