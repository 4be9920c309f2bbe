"""Whether a model is worth having (M7): beside rules, chance and six variables, at the length of the team's list."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.capacities import CAPACITIES
from models.contract import Contract
from models.feature import Rule
from training.declared_rules import flags_of
from training.judging import HeldOut
from training.learning import CandidateName
from training.metrics import auc
from training.plan import Plan
from training.resampled import Figure, Resampled, figure, over_repeats, resampled
from training.study import AllJudged, Study
from training.worth.lists import FEW, found_of_100, lists, shipped_chances, team_share
from training.worth.net_benefit import net_benefit
from training.worth.six_variables import six_variables

Floats = NDArray[np.float64]
_FIGURES = ("what_ships", "found", "gain", "over_chance")
_HIDDEN: Figure = {"value": None, "low": None, "high": None}


def worth(contract: Contract, study: Study, judged: AllJudged, ships: CandidateName, plan: Plan) -> dict[str, Any]:
    """Return what the held-out children say of what ships beside everything simpler."""
    held_out, share = judged[ships].held_out, team_share(plan)
    children = resampled(study.rows, held_out, plan)
    rules: dict[Rule, NDArray[np.bool_]] = flags_of(contract, study.landmark, study.rows.x[held_out.rows])
    listed = shipped_chances(held_out, children.weights, share)
    return {
        "capacity": share,
        **_told(lists(held_out, rules, share, children)),
        "at_capacities": [_at(capacity, held_out, rules, children) for capacity in CAPACITIES],
        "six_variables": _six(study, held_out, listed, children, plan),
        "net_benefit": net_benefit(held_out, rules, children),
    }


def _told(found: dict[str, Any]) -> dict[str, Any]:
    """Return what lists find without the figures of rules that would tell of a few children; they counted all the same."""
    return found | {"rules": [_without_few(rule) for rule in found["rules"]]}


def _without_few(rule: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in rule.items() if name != FEW}
    return kept | dict.fromkeys(_FIGURES, _HIDDEN) if rule[FEW] else kept


def _at(
    capacity: float, held_out: HeldOut, rules: dict[Rule, NDArray[np.bool_]], children: Resampled
) -> dict[str, Any]:
    """Return the gain over the best of the others, where the team's list is that share of children."""
    found = lists(held_out, rules, capacity, children)
    return {"capacity": capacity, **{name: found[name] for name in ("best", "use", "others", "not_judged", "gain")}}


def _six(study: Study, held_out: HeldOut, listed: Floats, children: Resampled, plan: Plan) -> dict[str, Any] | None:
    """Return what six variables come to, and what ships less that; None where they say nothing."""
    found = six_variables(study, held_out, plan)
    if found is None:
        return None
    names, scores = found
    ours, theirs = (over_repeats(auc, each.log_odds, children) for each in (held_out, scores))
    both = np.column_stack([listed, shipped_chances(scores, children.weights, team_share(plan))])
    value, drawn = (found_of_100(both, w, children) for w in (children.weights[None, :], children.drawn))
    return {
        "features": names,
        "auc": figure(*theirs),
        "found": figure(value[0, 1], drawn[:, 1]),
        "what_ships_minus_six": {
            "auc": figure(ours[0] - theirs[0], ours[1] - theirs[1]),
            "found": figure(value[0, 0] - value[0, 1], drawn[:, 0] - drawn[:, 1]),
        },
    }
