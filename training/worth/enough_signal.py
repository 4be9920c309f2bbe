"""
Whether what ships foresees anything at all (M10): the AUC of children it never saw, against .5.

The level is the plan's, one-sided, shared among all landmarks and outcomes, and among the candidates too: what ships was
chosen by these very children. The standard error is DeLong's with families as clusters (Obuchowski, Biometrics 1997; 53:
567-78); no bootstrap of a few hundred draws reaches so far into the tail. By folds the models share most of their children, so
that their errors go together: its square is taken 1 + folds / (folds - 1) times (Nadeau and Bengio, Machine Learning 2003; 52:
239-81), and repeats, which are of the same children, do not make it smaller. (On noise, 1,760 children in five folds, the
cross-fitted AUC spread 1.3 times as far as DeLong's error says, and the mean of four repeats 1.5 times; this takes it 1.5 times.)
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from models.gates import Gate
from training.judging import Judged, NoSignal
from training.learning import CandidateName
from training.plan import Plan
from training.study import AllJudged, Study
from training.worth.riley import riley

Floats = NDArray[np.float64]
_NEXT = (
    "Use no score for this outcome here: what is on record by then does not foresee it. More children may change that."
)


def signal(study: Study, judged: AllJudged, ships: CandidateName, plan: Plan, heads: int) -> dict[str, Any]:
    """Return what is known of the signal; `heads` is how many landmarks and outcomes the run learns."""
    candidates = len(plan.candidates)
    level = plan.gates.signal_level / (heads * candidates)
    auc, error = auc_and_error(study, judged[ships], plan)
    learned = study.rows if study.split is None else study.rows.take(study.split.learn)
    return {
        "auc": round(auc, 6),
        "standard_error": round(error, 6),
        "z": round((auc - 0.5) / error, 6) if round(error, 6) else None,
        "level": round(level, 9),
        "heads": heads,
        "candidates": candidates,
        "least": round(auc - float(norm.isf(level)) * error, 6),
        "riley": riley(learned, plan),
    }


def signal_gate(part: dict[str, Any], plan: Plan) -> Gate:
    """Return the gate `signal` of an evaluated landmark and outcome."""
    found, measured = part["signal"], part["candidates"][part["ships"]]
    auc, slope = measured["auc"], measured["calibration_slope"]
    enough = found["least"] > 0.5 and slope["low"] is not None and slope["low"] > 0
    return _gate(
        part,
        threshold=_threshold(plan, found["level"]),
        value=auc["value"],
        low=auc["low"],
        high=auc["high"],
        verdict="passed" if enough else "blocked",
        words=f"AUC {found['auc']:.3f}, at least {found['least']:.3f} at that level; {_slope(slope)}.",
        next="" if enough else _NEXT,
    )


def unlearned_gate(study: Study, why: NoSignal, plan: Plan) -> Gate:
    """Return the gate `signal` where nothing could be learned that is worth judging."""
    return _gate(
        {"landmark": study.landmark.name, "outcome": study.outcome.name},
        threshold=_threshold(plan, plan.gates.signal_level),
        verdict="blocked",
        words=f"Nothing could be learned: {why}.",
        next=_NEXT,
    )


def auc_and_error(study: Study, judged: Judged, plan: Plan) -> tuple[float, float]:
    """Return the AUC of the held-out children, the mean over repeats, and its standard error by families."""
    rows = study.rows.take(judged.held_out.rows)
    _, family = np.unique(rows.families, return_inverse=True)
    found = [_auc_and_pulls(scores, rows.y, rows.weights) for scores in judged.held_out.log_odds]
    variance = np.mean([(np.bincount(family, pulls) ** 2).sum() for _, pulls in found])
    together = 1.0 if study.split is not None else 1 + plan.folds / (plan.folds - 1)
    return float(np.mean([area for area, _ in found])), float(np.sqrt(together * variance))


def _auc_and_pulls(scores: Floats, y: Floats, weights: Floats) -> tuple[float, Floats]:
    """Return the AUC and how much each child pulls it: its share of those with or without, times its own AUC less all's."""
    _, place = np.unique(scores, return_inverse=True)
    sides = np.stack([weights * (1 - y), weights * y])
    sides /= sides.sum(axis=1, keepdims=True)
    without, with_it = (np.bincount(place, side) for side in sides)
    above = (np.cumsum(without) - without / 2)[place]
    below = (with_it.sum() - np.cumsum(with_it) + with_it / 2)[place]
    area = float(sides[1] @ above)
    return area, sides[1] * (above - area) + sides[0] * (below - area)


def _gate(place: dict[str, Any], **found: Any) -> Gate:
    return Gate(
        code="signal",
        kind="build",
        label="Enough signal",
        landmark=place["landmark"],
        outcome=place["outcome"],
        **found,
    )


def _threshold(plan: Plan, level: float) -> str:
    return (
        f"AUC above .5 at one-sided {level:.2%} ({plan.gates.signal_level:.2g} shared by all that is tested), "
        "calibration slope interval above 0"
    )


def _slope(slope: dict[str, float | None]) -> str:
    if slope["low"] is None or slope["high"] is None:
        return "the calibration slope is not defined"
    return f"calibration slope between {slope['low']:.2f} and {slope['high']:.2f}"
