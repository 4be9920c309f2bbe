"""The gate on gain: no proof, no release, and the rule is named."""

from typing import Any

import pytest

from training.plan import Plan
from training.plan_parts import GatesPlan
from training.worth.gain_gate import gain_gate

ASQ = "a domain of ASQ-3 below its cut-off"
Named = dict[str, Any]
RULE: Named = {"rule": "asq", "label": ASQ, "length": 0.2}
SHORT: Named = RULE | {"length": 0.136}
CHANCE: Named = {"rule": None, "label": "a list drawn by chance", "length": 0.2}


def _part(
    value: float | None,
    low: float | None,
    best: Named = RULE,
    use: Named | None = None,
    not_judged: tuple[str, ...] = (),
) -> dict[str, Any]:
    high = None if value is None else value + 4
    none = {"value": None, "low": None, "high": None}
    nothing = {"capacity": 0.1, "gain": none, "best": CHANCE, "use": None, "others": [], "not_judged": []}
    gain = {"value": value, "low": low, "high": high}
    asked = {
        "capacity": 0.2,
        "gain": gain,
        "best": best,
        "use": use,
        "others": [best | {"low": low}],
        "not_judged": list(not_judged),
    }
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
    gate = gain_gate(_part(3.0, low, use=RULE), Plan(), 0.2)
    assert gate.verdict == "blocked"
    assert gate.next.startswith("Use the rule: a domain of ASQ-3 below its cut-off")
    assert gate.next.endswith("(a list of 20% of children). That what was learned finds more than it is not shown.")


def test_a_rule_of_its_own_length() -> None:
    """A rule that flags fewer than the team's list holds is compared, and advised, at its own length, which is said."""
    gate = gain_gate(_part(3.0, -1.0, SHORT, SHORT), Plan(), 0.2)
    assert gate.words == (
        "Of 100 children on a list of 14%, 3.0 more have the outcome than by the best of the others (-1.0 to 7.0): "
        "a domain of ASQ-3 below its cut-off, which flags no more than that. Not shown over: a domain of ASQ-3 below its "
        "cut-off (a list of 14%, from -1.0)."
    )
    assert "(a list of 14% of children)" in gate.next


def test_every_rule_that_is_not_beaten_is_named() -> None:
    """It is said over which of the others the gain is not shown, be it for how few they flag, and of no other."""
    part, care = _part(6.0, -3.0), {"rule": "care", "label": "known to care", "length": 0.028, "low": -3.0}
    part["worth"]["at_capacities"][1]["others"] = [CHANCE | {"low": 5.0}, RULE | {"low": 0.5}, care]
    assert gain_gate(part, Plan(), 0.2).words.endswith("Not shown over: known to care (a list of 3%, from -3.0).")
    stricter = gain_gate(part, Plan(gates=GatesPlan(least_gain=1)), 0.2)
    assert stricter.words.endswith(
        f"Not shown over: {ASQ} (a list of 20%, from 0.5); known to care (a list of 3%, from -3.0)."
    )


def test_a_rule_no_better_than_chance_is_not_advised() -> None:
    """Where the best rule is not shown to do better than chance, no list is advised, or else another rule that is."""
    assert gain_gate(_part(3.0, -1.0, SHORT), Plan(), 0.2).next == (
        f"Use no list: that what was learned finds more than {ASQ} is not shown, nor that this rule does better than chance."
    )
    other = {"rule": "area", "label": "a deprived area", "length": 0.2}
    assert gain_gate(_part(3.0, -1.0, SHORT, other), Plan(), 0.2).next == (
        f"Use the rule: a deprived area (a list of 20% of children). That what was learned finds more than {ASQ} is not shown."
    )


def test_a_rule_that_cannot_be_judged_is_named() -> None:
    """Rules that flag too few are named, since nothing was shown of them."""
    gate = gain_gate(_part(9.0, 5.0, not_judged=("known to care", "a young mother")), Plan(), 0.2)
    assert gate.verdict == "passed"
    assert gate.words.endswith("Too few are flagged to judge: known to care; a young mother.")


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
