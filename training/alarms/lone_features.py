"""
`feature_alone_implausible`: one feature that by itself foresees the outcome better than anything known early honestly does.

A copy of the outcome of which up to about a fifth is wrong; a code that is written down only of those who have it; a date filled
in afterwards. A noisier copy rings nothing, however many the children: with a quarter wrong it has an AUC of .75 alone, within
reach of an honest feature, and with an honest model of .72 beside it one of .83, below the ceiling of `auc_above_ceiling`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.feature import Feature
from training.alarms.alarm import Alarm
from training.alarms.ranks import Auc, auc_of
from training.plan import Plan
from training.study import Study

Floats = NDArray[np.float64]
# No honest sign is surer than 96 in 100, the share not at a good level among children with an education, health and care plan.
SURE = 0.97
_Z = 1.959964


@dataclass(frozen=True, slots=True)
class Alone:
    """
    What one feature says alone: by its values, by being known at all, and by the end of it that is surest.

    `sure` is the lower end of the 95 % interval of the share with one same outcome among the children at its surest end.
    """

    feature: Feature
    values: Auc
    being_known: Auc
    sure: float


def lone_features(study: Study, plan: Plan) -> list[Alarm]:
    """Return an alarm for each feature that is implausible alone, or one that says that there is none."""
    y = study.rows.y
    found = [_alone(feature, study.rows.x[:, i], y) for i, feature in enumerate(study.task.features)]
    ringing = [each for each in found if _rings(each, plan)]
    if ringing:
        return [_ringing(study, each, plan) for each in ringing]
    nearest = max(found, key=lambda each: max(each.values.low, each.being_known.low))
    best = max(nearest.values, nearest.being_known, key=lambda auc: auc.low)
    said = f'The one that comes nearest, "{nearest.feature.label}", has {best.value:.2f}.'
    return [
        Alarm(
            code="feature_alone_implausible",
            rings=False,
            threshold=_threshold(plan),
            found=said,
            landmark=study.landmark.name,
            outcome=study.outcome.name,
            value=best.value,
            low=best.low,
            high=best.high,
        )
    ]


def _threshold(plan: Plan) -> str:
    return f"AUC of no feature alone above {plan.gates.feature_auc_ceiling:g} for certain, and none that all but settles the outcome"


def _alone(feature: Feature, column: Floats, y: Floats) -> Alone:
    known = ~np.isnan(column)
    return Alone(feature, auc_of(column, y), auc_of(known.astype(np.float64), y), _sure(column, y))


def _rings(alone: Alone, plan: Plan) -> bool:
    return _passes(alone.values, plan) or _passes(alone.being_known, plan) or alone.sure > SURE


def _passes(auc: Auc, plan: Plan) -> bool:
    """
    Whether an AUC is above the ceiling for certain: the lower end of its interval is.

    The best honest features come near the ceiling (.72, of a total of the two-year review), so that in a small authority chance
    alone would carry the value over it. A copy of the outcome of which a fifth is wrong has .80, and is certain from 500
    children on, a third of whom have it.
    """
    return auc.low > plan.gates.feature_auc_ceiling


def _sure(column: Floats, y: Floats) -> float:
    """
    Return how surely the children at one end of a feature, or all whom it is known of, have one and the same outcome.

    Only the outcome that fewer children have counts: that a child does not have a rare one is always nearly sure.
    """
    rarer = y if 2 * y.sum() <= len(y) else 1 - y
    known = ~np.isnan(column)
    groups = [(known.sum(), rarer[known].sum()), ((~known).sum(), rarer[~known].sum())]
    n, events = (np.array([each[i] for each in groups], dtype=np.float64) for i in (0, 1))
    ends = [_ends(column[known], rarer[known]), _ends(-column[known], rarer[known])]
    n = np.concatenate([n, *(counts for counts, _ in ends)])
    events = np.concatenate([events, *(had for _, had in ends)])
    return float(_wilson_low(events[n > 0], n[n > 0]).max())


def _ends(numbers: Floats, rarer: Floats) -> tuple[Floats, Floats]:
    """Return, for every cut of a feature, how many children lie at or below it and how many of them have the outcome."""
    order = np.argsort(numbers, kind="stable")
    last = np.append(np.diff(numbers[order]) > 0, np.ones(min(len(numbers), 1), dtype=np.bool_))
    return np.arange(1.0, len(numbers) + 1)[last], np.cumsum(rarer[order])[last]


def _wilson_low(events: Floats, n: Floats) -> Floats:
    """Return the lower end of Wilson's 95 % interval of a share."""
    share, square = events / n, _Z**2
    half = _Z * np.sqrt(share * (1 - share) / n + square / (4 * n**2))
    return np.asarray((share + square / (2 * n) - half) / (1 + square / n))


def _ringing(study: Study, alone: Alone, plan: Plan) -> Alarm:
    auc, what = alone.values, "by its values"
    if alone.being_known.low > auc.low:
        auc, what = alone.being_known, "by being known or not"
    said = f'"{alone.feature.label}" alone foresees the outcome {what} with an AUC of {auc.value:.2f}.'
    if not (_passes(alone.values, plan) or _passes(alone.being_known, plan)):
        said = f'Where "{alone.feature.label}" says most, nearly every child has the same outcome.'
    return Alarm(
        code="feature_alone_implausible",
        rings=True,
        threshold=_threshold(plan),
        found=said,
        advice="Ask who fills it in, when, and whether they could have seen the outcome; until that is known, leave it out.",
        landmark=study.landmark.name,
        outcome=study.outcome.name,
        about=alone.feature.name,
        value=auc.value,
        low=auc.low,
        high=auc.high,
    )
