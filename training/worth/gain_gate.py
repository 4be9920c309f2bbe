"""The gate on what a model adds to what is simpler (M7): no proof of gain, no release."""

from typing import Any

from models.gates import Gate
from training.plan import Plan
from training.worth.lists import BY_CHANCE


def gain_gate(part: dict[str, Any], plan: Plan, capacity: float) -> Gate:
    """Return the gate `gain_over_rules` of an evaluated landmark and outcome, for a list of one of the twenty capacities."""
    found = next(each for each in part["worth"]["at_capacities"] if each["capacity"] == capacity)
    gain = found["gain"]
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
        words=_words(found) if proven else f"{_words(found)}{_unshown(found, plan.gates.least_gain)}",
        next="" if proven else _next(found),
    )


def _words(found: dict[str, Any]) -> str:
    gain, best, unjudged = found["gain"], found["best"], found["not_judged"]
    if gain["value"] is None or gain["low"] is None or gain["high"] is None:
        return "Too few children were judged to tell what a list of the team's length finds."
    more = f"{abs(gain['value']):.1f} {'more' if gain['value'] >= 0 else 'fewer'}"
    said = (
        f"Of 100 children on a list of {best['length']:.0%}, {more} have the outcome than by the best of the others "
        f"({gain['low']:.1f} to {gain['high']:.1f}): {best['label']}{_why(best, found['capacity'])}."
    )
    return f"{said} Too few are flagged to judge: {'; '.join(unjudged)}." if unjudged else said


def _unshown(found: dict[str, Any], least: float) -> str:
    """Say over which of the others the gain is not shown: an interval may reach so low for a rule that flags few."""
    if found["gain"]["low"] is None:
        return ""
    others = [each for each in found["others"] if each["low"] is None or each["low"] <= least]
    names = "; ".join(f"{each['label']} (a list of {each['length']:.0%}, from {each['low']:.1f})" for each in others)
    return f" Not shown over: {names}." if names else ""


def _why(best: dict[str, Any], capacity: float) -> str:
    """Say why a list of this length was compared where the team's is longer."""
    return ", which flags no more than that" if best["length"] < capacity else ""


def _next(found: dict[str, Any]) -> str:
    best, use = found["best"]["label"], found["use"]
    if use is not None:
        return (
            f"Use the rule: {use['label']} (a list of {use['length']:.0%} of children). That what was learned finds more than "
            f"{'it' if use['label'] == best else best} is not shown."
        )
    if best == BY_CHANCE:
        return f"Use no list: {BY_CHANCE} does as well, as far as these children can tell."
    return f"Use no list: that what was learned finds more than {best} is not shown, nor that this rule does better than chance."
