"""The gate on gain: no proof, no release, and the rule is named."""

from typing import Any

import pytest

from training.plan import Plan
from training.plan_parts import GatesPlan
from training.worth.gain_gate import gain_gate

RULE: dict[str, str | None] = {"rule": "asq", "label": "a domain of ASQ-3 below its cut-off"}
CHANCE: dict[str, str | None] = {"rule": None, "label": "a list drawn by chance"}


def _part(value: float | None, low: float | None, best: dict[str, str | None] = RULE) -> dict[str, Any]:
    high = None if value is None else value + 4
    nothing = {"capacity": 0.1, "gain": {"value": None, "low": None, "high": None}, "best": CHANCE}
    asked = {"capacity": 0.2, "gain": {"value": value, "low": low, "high": high}, "best": best}
    return {"landmark": "two_year", "outcome": "not_gld", "worth": {"at_capacities": [nothing, asked]}}


def test_a_proven_gain_passes() -> None:
    """An interval wholly above what the plan asks passes, and says by how much and over what."""
    gate = gain_gate(_part(9.0, 5.0), Plan(), 0.2)
    assert (gate.code, gate.kind, gate.verdict, gate.next) == ("gain_over_rules", "release", "passed", "")
    assert (gate.value, gate.low, gate.high) == (9.0, 5.0, 13.0)
    assert gate.words == (
        "Of 100 children on a list of 20%, 9.0 more have the outcome than by the best of the others (5.0 to 13.0): "
        "a domain of ASQ-3 below its cut-off."
    )


@pytest.mark.parametrize("low", [0.0, -1.0])
def test_no_proof_blocks_and_names_the_rule(low: float) -> None:
    """An interval that reaches 0 blocks, whatever the value, and says to use the rule."""
    gate = gain_gate(_part(3.0, low), Plan(), 0.2)
    assert gate.verdict == "blocked"
    assert gate.next.startswith("Use the rule: a domain of ASQ-3 below its cut-off.")


def test_a_plan_may_ask_for_more() -> None:
    """A gain that is proven but smaller than the plan asks blocks."""
    plan = Plan(gates=GatesPlan(least_gain=5))
    assert gain_gate(_part(9.0, 5.0), plan, 0.2).verdict == "blocked"
    assert gain_gate(_part(9.0, 5.1), plan, 0.2).verdict == "passed"


def test_chance_does_as_well() -> None:
    """Where no rule is better than chance, it is chance that does as well; fewer is said as fewer."""
    gate = gain_gate(_part(-2.0, -5.0, CHANCE), Plan(), 0.2)
    assert gate.next.startswith("Use no list: a list drawn by chance does as well")
    assert "2.0 fewer have the outcome" in gate.words


def test_too_few_to_tell() -> None:
    """Where the list is too short to be told of, the gate blocks and says why."""
    gate = gain_gate(_part(None, None), Plan(), 0.2)
    assert (gate.verdict, gate.value) == ("blocked", None)
    assert gate.words.startswith("Too few children were judged")
