"""Of which cohorts a bundle was made, as far as it tells: of a recalibrated one those of the bundle it came from, too."""

from collections.abc import Mapping, Sequence
from typing import Any

from training.plan import Plan

Part = dict[str, Any]


def cohorts_made_of(evaluation: Mapping[str, Any], landmark: str, outcome: str, plan: Plan) -> list[int] | None:
    """
    Return the cohorts that were learned from, calibrated on or judged by at a landmark and outcome; None where nothing tells.

    `evaluation` is that of the whole bundle, and `plan` the plan that it was learned by.
    """
    procedure: Part = _at(evaluation["evaluations"], landmark, outcome)["procedure"]
    if procedure["kind"] == "recalibrated":
        learned_from = _at(evaluation["recalibrated"]["heads"], landmark, outcome).get("learned_from")
        own = procedure["cohorts"]
        return sorted({*learned_from, *own}) if learned_from and own else None
    named = procedure.get("cohorts") or plan.cohorts
    return sorted(named) if named else None


def _at(parts: Sequence[Part], landmark: str, outcome: str) -> Part:
    return next(part for part in parts if (part["landmark"], part["outcome"]) == (landmark, outcome))
