"""`auc_above_ceiling`: a model that foresees more, of children held out, than any honest model of this job does."""

import numpy as np

from training.alarms.alarm import Alarm
from training.alarms.ranks import auc_of
from training.plan import Plan
from training.study import AllJudged, Study


def above_ceiling(study: Study, judged: AllJudged, plan: Plan) -> Alarm:
    """
    Return the alarm of the best candidate on held-out children, the yardstick too: it is the quickest to find a leak.

    By folds the AUC is the mean over repeats; its interval is that of as many children once.
    """
    found = {}
    for name, each in judged.items():
        y = study.rows.y[each.held_out.rows]
        found[name] = [auc_of(log_odds, y) for log_odds in each.held_out.log_odds]
    means = {name: float(np.mean([auc.value for auc in repeats])) for name, repeats in found.items()}
    best = max(means, key=lambda name: means[name])
    low, high = (float(np.mean([getattr(auc, end) for auc in found[best]])) for end in ("low", "high"))
    return Alarm(
        code="auc_above_ceiling",
        rings=means[best] > plan.gates.auc_ceiling,
        threshold=f"AUC of any candidate on held-out children at most {plan.gates.auc_ceiling:g}",
        found=f"The highest on held-out children is {means[best]:.2f}, of the {best}.",
        advice="Look at the strongest terms first: one of them may know the outcome, or have been filled in after it.",
        landmark=study.landmark.name,
        outcome=study.outcome.name,
        value=means[best],
        low=low,
        high=high,
    )
