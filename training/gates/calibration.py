"""
The gate of calibration: on children it never saw, as many as were foreseen, and no more and no less spread out.

Where a contract declares help, the children who had none decide: an outcome that help changed was not foreseen wrongly.
"""

from typing import Any

from models.gates import Gate
from training.plan import Plan

Bounds = tuple[float, float]
Figure = dict[str, float | None]
_NEXT = (
    "Learn again with newer cohorts, or set intercept and slope anew on recent outcomes (earlyid recalibrate); widen what is "
    "agreed in the plan's [gates] only for a reason that would hold without this result."
)
# What is found below what was agreed, inside it, and above it.
_SLOPE = ("scores are too far apart", "scores are as far apart as they should be", "scores are too close together")
_EXPECTED = (
    "fewer had it than were foreseen",
    "about as many had it as were foreseen",
    "more had it than were foreseen",
)


def calibration_gate(part: dict[str, Any], plan: Plan) -> list[Gate]:
    """Return the gates of what ships, of one landmark and outcome's evaluation: its slope, and observed over expected."""
    declared, among = part["helped"]["interventions"], ""
    slope = part["candidates"][part["ships"]]["calibration_slope"]
    expected = part["outcomes_never_observed"]["observed_over_expected"]
    if declared:
        decide, among = part["helped"]["not_helped"], f"among children without {_named(declared)}, "
        slope, expected = decide["calibration_slope"], decide["observed_over_expected"]
    asked = (
        ("Calibration slope", slope, plan.gates.slope, _SLOPE),
        ("Observed over expected", expected, plan.gates.observed_over_expected, _EXPECTED),
    )
    return [_gate(part, label, figure, agreed, among, found) for label, figure, agreed, found in asked]


def _named(interventions: list[dict[str, Any]]) -> str:
    return " or ".join(f"“{each['label']}”" for each in interventions)


def _gate(
    part: dict[str, Any], label: str, figure: Figure, agreed: Bounds, among: str, found: tuple[str, str, str]
) -> Gate:
    where = _where(figure["value"], agreed)
    return Gate(
        code="calibration",
        kind="release",
        label=label,
        landmark=part["landmark"],
        outcome=part["outcome"],
        threshold=f"{agreed[0]:g} to {agreed[1]:g}",
        value=figure["value"],
        low=figure["low"],
        high=figure["high"],
        verdict="passed" if where == 0 else "blocked",
        words=_sentence(among, "it could not be worked out" if where is None else found[where + 1], figure, agreed),
        next="" if where == 0 else _NEXT,
    )


def _where(value: float | None, agreed: Bounds) -> int | None:
    """Return whether a value is below what was agreed (-1), inside it (0) or above it (1); None where there is none."""
    if value is None:
        return None
    low, high = agreed
    return (value > high) - (value < low)


def _sentence(among: str, found: str, figure: Figure, agreed: Bounds) -> str:
    said = f"{among}{found}"
    sure = [_where(figure[end], agreed) for end in ("low", "value", "high")]
    return f"{said[0].upper()}{said[1:]}{_doubt(sure)}."


def _doubt(sure: list[int | None]) -> str:
    """Say what an interval leaves open; `sure` says where its lower end, the value and its upper end lie."""
    if sure[1] is None or sure == [sure[1]] * 3:
        return ""
    if sure[1] == 0:
        return ", which is not certain: the interval reaches outside what was agreed"
    return (
        ", which is not certain: the interval reaches inside what was agreed, and more children may show it to be right"
    )
