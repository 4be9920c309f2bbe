"""
Evaluates candidates on held-out children, with intervals that resample whole families, and picks what ships.

Where children were scored in several repeats, each measure is taken repeat by repeat on the pooled folds and averaged:
a single fold of a few hundred children says little.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.small_numbers import FEWEST
from training.judging import HeldOut, Judged, Rows
from training.learning import CandidateName, ShippedName
from training.metrics import MEASURES, Measure, auc, cut, log_loss, ppv, recall
from training.plan import Plan
from training.resampled import Figure, Resampled, figure, over_repeats, resampled

Floats = NDArray[np.float64]
_SIMPLER: ShippedName = "logistic"
_RICHER: ShippedName = "glass box"
_YARDSTICK: CandidateName = "full booster"
_HIDDEN: Figure = {"value": None, "low": None, "high": None}


def evaluate(judged: Mapping[CandidateName, Judged], rows: Rows, plan: Plan) -> dict[str, Any]:
    """
    Return every candidate's measures on the same held-out children, and which of them ships.

    Counts are of children; every share, and every measure, is of children as they are weighted. A difference is None where
    one of the two was not judged.
    """
    held_out = {name: candidate.held_out for name, candidate in judged.items()}
    any_of = next(iter(held_out.values()))
    children, families = resampled(rows, any_of, plan), rows.families[any_of.rows]
    ships, comparison = _winner(held_out, children)
    return {
        "n": len(families),
        "events": int(children.y.sum()),
        "families": len(np.unique(families)),
        "prevalence": _rounded(_prevalence(children)),
        "candidates": {name: _measures(scores, children, plan) for name, scores in held_out.items()},
        "ships": ships,
        "glass_box_minus_logistic_log_loss": comparison,
        "glass_box_minus_full_booster_auc": _difference(auc, held_out, (_RICHER, _YARDSTICK), children),
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
    parts = {
        name: HeldOut(who[alone], j.held_out.log_odds[:, alone], j.held_out.folds[:, alone])
        for name, j in judged.items()
    }
    children = resampled(rows, next(iter(parts.values())), plan)
    return {
        "n": len(y),
        "events": int(y.sum()),
        "candidates": {name: _measures(part, children, plan) for name, part in parts.items()},
    }


def _winner(held_out: Mapping[CandidateName, HeldOut], children: Resampled) -> tuple[CandidateName, Figure | None]:
    """Return what ships: the lower log-loss, and the simpler of the two where the difference's interval includes 0."""
    difference = _difference(log_loss, held_out, (_RICHER, _SIMPLER), children)
    if difference is None:
        return next(name for name in (_SIMPLER, _RICHER) if name in held_out), None
    clearly_better = difference["high"] is not None and difference["high"] < 0
    return (_RICHER if clearly_better else _SIMPLER), difference


def _measures(scores: HeldOut, children: Resampled, plan: Plan) -> dict[str, Any]:
    measures: dict[str, Any] = {
        name: figure(*over_repeats(measure, scores.log_odds, children)) for name, measure in MEASURES.items()
    }
    measures["at_capacity"] = [_at_capacity(scores, children, capacity) for capacity in plan.capacities]
    return measures


def _at_capacity(scores: HeldOut, children: Resampled, capacity: float) -> dict[str, Any]:
    """
    Return recall and PPV with the threshold held fixed, and the ceilings that no list of this size can pass.

    Both are None where the list would tell of a few children: where fewer than ten on it have the outcome, or fewer than ten
    do not. Of a list of nobody, recall is 0.
    """
    cuts = [cut(log_odds, capacity, children.weights) for log_odds in scores.log_odds]
    y, everyone = children.y, children.weights[None, :]
    having, not_having = (float(np.mean([c.flagged @ kind for c in cuts])) for kind in (y, 1.0 - y))
    hidden = having + not_having > 0 and min(having, not_having) < FEWEST
    found = {
        name: dict(_HIDDEN)
        if hidden
        else figure(
            float(np.mean([measure(c.flagged, y, everyone) for c in cuts])),
            np.mean([measure(c.flagged, y, children.drawn) for c in cuts], axis=0),
        )
        for name, measure in (("recall", recall), ("ppv", ppv))
    }
    prevalence = _prevalence(children)
    return {
        "capacity": capacity,
        "flagged": _rounded(float(np.mean([c.flagged.sum() for c in cuts]))),
        "left_out_tie": _rounded(float(np.mean([c.left_out_tie for c in cuts]))),
        **found,
        "recall_ceiling": _rounded(min(1.0, capacity / prevalence)),
        "ppv_ceiling": _rounded(min(1.0, prevalence / capacity)),
    }


def _difference(
    measure: Measure,
    held_out: Mapping[CandidateName, HeldOut],
    pair: tuple[CandidateName, CandidateName],
    children: Resampled,
) -> Figure | None:
    if not held_out.keys() >= {*pair}:
        return None
    (a, drawn_a), (b, drawn_b) = (over_repeats(measure, held_out[name].log_odds, children) for name in pair)
    return figure(a - b, drawn_a - drawn_b)


def _prevalence(children: Resampled) -> float:
    return float(np.average(children.y, weights=children.weights))


def _rounded(value: float) -> float:
    """Six places are more than any of these figures means, and keep its spelling short."""
    return round(value, 6)
