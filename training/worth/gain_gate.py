"""The gate on what a model adds to what is simpler (M7): no proof of gain, no release."""

from typing import Any

from models.gates import Gate
from training.plan import Plan
from training.worth.lists import BY_CHANCE


def gain_gate(part: dict[str, Any], plan: Plan, capacity: float) -> Gate:
    """Return the gate `gain_over_rules` of an evaluated landmark and outcome, for a list of one of the twenty capacities."""
    found = next(each for each in part["worth"]["at_capacities"] if each["capacity"] == capacity)
    gain, best = found["gain"], found["best"]["label"]
    proven = gain["low"] is not None and gain["low"] > plan.gates.least_gain
    return Gate(
        code="gain_over_rules",
        kind="release",
        label="More found than by the best rule",
        landmark=part["landmark"],
        outcome=part["outcome"],
        threshold=f"more than {plan.gates.least_gain:g} of 100 listed, at the lower end of the interval",
        value=gain["value"],
        low=gain["low"],
        high=gain["high"],
        verdict="passed" if proven else "blocked",
        words=_words(gain, best, capacity),
        next="" if proven else _next(best),
    )


def _words(gain: dict[str, float | None], best: str, share: float) -> str:
    if gain["value"] is None or gain["low"] is None or gain["high"] is None:
        return "Too few children were judged to tell what a list of the team's length finds."
    more = f"{abs(gain['value']):.1f} {'more' if gain['value'] >= 0 else 'fewer'}"
    return (
        f"Of 100 children on a list of {share:.0%}, {more} have the outcome than by the best of the others "
        f"({gain['low']:.1f} to {gain['high']:.1f}): {best}."
    )


def _next(best: str) -> str:
    if best == BY_CHANCE:
        return f"Use no list: {BY_CHANCE} does as well, as far as these children can tell."
    return f"Use the rule: {best}. That what was learned finds more is not shown."
