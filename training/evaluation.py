"""
Evaluates candidates on held-out children, with intervals that resample whole families, and picks what ships.

Where children were scored in several repeats, each measure is taken repeat by repeat on the pooled folds and averaged:
a single fold of a few hundred children says little.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.judging import HeldOut, Judged, Rows
from training.learning import CandidateName
from training.metrics import MEASURES, Measure, auc, cut, family_weights, log_loss, ppv, recall
from training.plan import Plan

Floats = NDArray[np.float64]
# Resamples are worked through in blocks of about this many numbers, so that what each measure needs stays small.
_BLOCK = 4_000_000
_SIMPLER: CandidateName = "logistic"
_RICHER: CandidateName = "glass box"


def evaluate(judged: Mapping[CandidateName, Judged], rows: Rows, plan: Plan) -> dict[str, Any]:
    """Return every candidate's measures on the same held-out children, and which of them ships."""
    held_out = {name: candidate.held_out for name, candidate in judged.items()}
    who = next(iter(held_out.values())).rows
    y, families = rows.y[who], rows.families[who]
    weights = family_weights(families, plan.bootstrap, plan.seed)
    ships, comparison = _winner(held_out, y, weights)
    return {
        "n": len(y),
        "events": int(y.sum()),
        "families": len(np.unique(families)),
        "prevalence": _rounded(float(y.mean())),
        "candidates": {name: _measures(scores, y, weights, plan) for name, scores in held_out.items()},
        "ships": ships,
        "glass_box_minus_logistic_log_loss": comparison,
        "glass_box_minus_full_booster_auc": _difference(
            auc, held_out["glass box"], held_out["full booster"], y, weights
        ),
    }


def without_siblings(
    judged: Mapping[CandidateName, Judged], rows: Rows, learned_on: NDArray[np.int64], plan: Plan
) -> dict[str, Any]:
    """Return the measures on the held-out children who have no sibling among those learned on."""
    who = next(iter(judged.values())).held_out.rows
    alone = ~np.isin(rows.families[who], rows.families[learned_on])
    y = rows.y[who][alone]
    if len(np.unique(y)) < 2:
        return {"n": len(y), "events": int(y.sum()), "candidates": None}
    weights = family_weights(rows.families[who][alone], plan.bootstrap, plan.seed)
    parts = {
        name: HeldOut(who[alone], j.held_out.log_odds[:, alone], j.held_out.folds[:, alone])
        for name, j in judged.items()
    }
    return {
        "n": len(y),
        "events": int(y.sum()),
        "candidates": {name: _measures(part, y, weights, plan) for name, part in parts.items()},
    }


def _winner(
    held_out: Mapping[CandidateName, HeldOut], y: Floats, weights: Floats
) -> tuple[CandidateName, dict[str, float | None]]:
    """Return what ships: the lower log-loss, and the simpler of the two where the difference's interval includes 0."""
    difference = _difference(log_loss, held_out[_RICHER], held_out[_SIMPLER], y, weights)
    clearly_better = difference["high"] is not None and difference["high"] < 0
    return (_RICHER if clearly_better else _SIMPLER), difference


def _measures(scores: HeldOut, y: Floats, weights: Floats, plan: Plan) -> dict[str, Any]:
    measures: dict[str, Any] = {
        name: _interval(*_over_repeats(measure, scores, y, weights)) for name, measure in MEASURES.items()
    }
    measures["at_capacity"] = [_at_capacity(scores, y, weights, capacity) for capacity in plan.capacities]
    return measures


def _at_capacity(scores: HeldOut, y: Floats, weights: Floats, capacity: float) -> dict[str, Any]:
    """Return recall and PPV with the threshold held fixed, and the ceilings that no list of this size can pass."""
    cuts = [cut(log_odds, capacity) for log_odds in scores.log_odds]
    one = np.ones((1, len(y)))
    found = {
        name: _interval(
            float(np.mean([measure(c.flagged, y, one) for c in cuts])),
            np.mean([measure(c.flagged, y, weights) for c in cuts], axis=0),
        )
        for name, measure in (("recall", recall), ("ppv", ppv))
    }
    prevalence = float(y.mean())
    return {
        "capacity": capacity,
        "flagged": _rounded(float(np.mean([c.flagged.sum() for c in cuts]))),
        "left_out_tie": _rounded(float(np.mean([c.left_out_tie for c in cuts]))),
        **found,
        "recall_ceiling": _rounded(min(1.0, capacity / prevalence)),
        "ppv_ceiling": _rounded(min(1.0, prevalence / capacity)),
    }


def _difference(
    measure: Measure, first: HeldOut, second: HeldOut, y: Floats, weights: Floats
) -> dict[str, float | None]:
    a, resampled_a = _over_repeats(measure, first, y, weights)
    b, resampled_b = _over_repeats(measure, second, y, weights)
    return _interval(a - b, resampled_a - resampled_b)


def _over_repeats(measure: Measure, scores: HeldOut, y: Floats, weights: Floats) -> tuple[float, Floats]:
    """Return a measure's mean over the repeats, on these children and on every resample of them."""
    one = np.ones((1, len(y)))
    value = float(np.mean([measure(log_odds, y, one)[0] for log_odds in scores.log_odds]))
    block = max(1, _BLOCK // len(y))
    resampled = [
        np.concatenate([measure(log_odds, y, weights[i : i + block]) for i in range(0, len(weights), block)])
        for log_odds in scores.log_odds
    ]
    return value, np.mean(resampled, axis=0)


def _interval(value: float, resampled: Floats) -> dict[str, float | None]:
    """Return a measure with its interval; None where it is not defined (of a list of nobody, say)."""
    known = resampled[~np.isnan(resampled)]
    low, high = np.percentile(known, [2.5, 97.5]).tolist() if len(known) else (np.nan, np.nan)
    found = {"value": value, "low": low, "high": high}
    return {name: None if np.isnan(number) else _rounded(number) for name, number in found.items()}


def _rounded(value: float) -> float:
    """Six places are more than any of these figures means, and keep its spelling short."""
    return round(value, 6)
