"""The size floor (M10): asked before anything is learned."""

import numpy as np
from numpy.typing import NDArray

from models.gates import Gate
from models.small_numbers import FEWEST, in_words
from training.plan import Plan
from training.study import Study

_NEXT = "Wait for more outcomes, add cohorts, or join with other authorities; with so few nothing could be judged."


def size_gate(study: Study, plan: Plan) -> Gate:
    """
    Return the gate `events`: enough children with the outcome, and enough without.

    Counted are the children whom the run would learn from, calibrate on or judge by: a child of no cohort is none of these.
    The floor is of all together, since what it must prevent is a figure that rests on next to nobody; whether the part that is
    judged was enough is what the signal gate's standard error says.
    """
    y = study.rows.y[_used(study)]
    events = int(y.sum())
    without = len(y) - events
    enough = events >= plan.gates.least_events and without >= plan.gates.least_without
    return Gate(
        code="events",
        kind="build",
        label="Enough children to learn from",
        landmark=study.landmark.name,
        outcome=study.outcome.name,
        threshold=f"at least {plan.gates.least_events} with the outcome and {plan.gates.least_without} without",
        value=float(events) if events >= FEWEST else None,
        verdict="passed" if enough else "blocked",
        words=f"{in_words(events)} children have the outcome, {in_words(without)} do not.",
        next="" if enough else _NEXT,
    )


def _used(study: Study) -> NDArray[np.int64]:
    if study.split is None:
        return np.arange(len(study.rows.y))
    return np.concatenate([study.split.learn, study.split.calibrate, study.split.test])
