"""The gate of calibration: what was agreed is asked of what ships, and of children whom no declared help reached."""

from typing import Any

import pytest

from training.gates.calibration import calibration_gate
from training.plan import Plan
from training.plan_parts import GatesPlan

Figure = dict[str, float | None]


def _figure(value: float | None, low: float | None = None, high: float | None = None) -> Figure:
    return {"value": value, "low": value if low is None else low, "high": value if high is None else high}


def _part(slope: Figure, expected: Figure, helped: dict[str, Any] | None = None) -> dict[str, Any]:
    """An evaluation whose logistic ships, beside a glass box far from calibrated."""
    return {
        "landmark": "two_year",
        "outcome": "not_gld",
        "ships": "logistic",
        "candidates": {
            "logistic": {"calibration_slope": slope},
            "glass box": {"calibration_slope": _figure(0.1)},
        },
        "outcomes_never_observed": {"observed_over_expected": expected},
        "helped": helped or {"interventions": [], "not_helped": _by(_figure(5.0), _figure(5.0))},
    }


def _by(slope: Figure, expected: Figure) -> dict[str, Any]:
    return {"calibration_slope": slope, "observed_over_expected": expected}


def test_of_what_ships() -> None:
    """What ships is judged, with its interval, by what the plan agreed; both gates are of that landmark and outcome."""
    slope, expected = calibration_gate(_part(_figure(0.97, 0.85, 1.09), _figure(1.02, 0.93, 1.11)), Plan())
    assert (slope.value, slope.low, slope.high, slope.verdict) == (0.97, 0.85, 1.09, "passed")
    assert (expected.value, expected.low, expected.high, expected.verdict) == (1.02, 0.93, 1.11, "passed")
    assert {(gate.code, gate.kind, gate.landmark, gate.outcome) for gate in (slope, expected)} == {
        ("calibration", "release", "two_year", "not_gld")
    }
    assert slope.threshold == expected.threshold == "0.8 to 1.25"
    assert slope.words == "Scores are as far apart as they should be."
    assert expected.words == "About as many had it as were foreseen."


@pytest.mark.parametrize(
    ("slope", "expected", "said"),
    [
        (0.79, 1.0, "Scores are too far apart."),
        (1.26, 1.0, "Scores are too close together."),
        (1.0, 0.79, "Fewer had it than were foreseen."),
        (1.0, 1.26, "More had it than were foreseen."),
    ],
)
def test_outside(slope: float, expected: float, said: str) -> None:
    """A figure outside what was agreed blocks, in words that say which way it misses, and says what to do."""
    gates = calibration_gate(_part(_figure(slope), _figure(expected)), Plan())
    (blocked,) = (gate for gate in gates if gate.verdict == "blocked")
    assert blocked.words == said
    assert "recalibrate" in blocked.next


@pytest.mark.parametrize("value", [0.8, 1.25])
def test_on_the_bound(value: float) -> None:
    """A figure on a bound is inside."""
    assert [gate.verdict for gate in calibration_gate(_part(_figure(value), _figure(value)), Plan())] == 2 * ["passed"]


@pytest.mark.parametrize(("low", "high"), [(0.7, 1.1), (0.9, 1.3), (0.7, 1.3)])
def test_inside_and_not_certain(low: float, high: float) -> None:
    """A figure inside passes though its interval reaches outside, and the words say that it is not certain."""
    for gate in calibration_gate(_part(_figure(1.0, low, high), _figure(1.0, low, high)), Plan()):
        assert gate.verdict == "passed"
        assert "not certain" in gate.words


@pytest.mark.parametrize(("value", "low", "high"), [(0.78, 0.5, 1.06), (1.4, 1.1, 1.7), (0.7, 0.1, 1.3)])
def test_outside_and_not_certain(value: float, low: float, high: float) -> None:
    """A figure outside blocks though its interval reaches inside, and the words say that more children may show it right."""
    for gate in calibration_gate(_part(_figure(value, low, high), _figure(value, low, high)), Plan()):
        assert gate.verdict == "blocked"
        assert gate.words.endswith(
            ", which is not certain: the interval reaches inside what was agreed, and more children may show it to be right."
        )


@pytest.mark.parametrize(("value", "low", "high"), [(0.6, 0.5, 0.79), (1.4, 1.26, 1.7)])
def test_outside_for_certain(value: float, low: float, high: float) -> None:
    """Where the whole interval lies outside there is no doubt to speak of."""
    for gate in calibration_gate(_part(_figure(value, low, high), _figure(value, low, high)), Plan()):
        assert gate.verdict == "blocked"
        assert "not certain" not in gate.words


def test_what_was_agreed() -> None:
    """The bounds are the plan's."""
    strict = Plan(gates=GatesPlan(slope=(0.95, 1.05), observed_over_expected=(0.5, 2.0), reason="A test."))
    slope, expected = calibration_gate(_part(_figure(0.9), _figure(0.6)), strict)
    assert (slope.verdict, slope.threshold) == ("blocked", "0.95 to 1.05")
    assert (expected.verdict, expected.threshold) == ("passed", "0.5 to 2")


def test_help_is_not_miscalibration() -> None:
    """Where help is declared, children without it decide: fewer than foreseen among all the children blocks nothing."""
    helped = {
        "interventions": [{"label": "Talk programme"}],
        "not_helped": _by(_figure(1.0, 0.9, 1.1), _figure(1.01, 0.9, 1.1)),
    }
    gates = calibration_gate(_part(_figure(0.7), _figure(0.6), helped), Plan())
    assert [(gate.value, gate.verdict) for gate in gates] == [(1.0, "passed"), (1.01, "passed")]
    assert gates[1].words == "Among children without “Talk programme”, about as many had it as were foreseen."


def test_and_no_excuse_for_it() -> None:
    """Where help is declared, more than foreseen among those without it blocks, whatever all children together show."""
    helped = {
        "interventions": [{"label": "Talk programme"}, {"label": "Home visits"}],
        "not_helped": _by(_figure(1.0), _figure(1.4)),
    }
    slope, expected = calibration_gate(_part(_figure(1.0), _figure(1.0), helped), Plan())
    assert (slope.verdict, expected.verdict) == ("passed", "blocked")
    assert expected.words == (
        "Among children without “Talk programme” or “Home visits”, more had it than were foreseen."
    )


def test_nothing_to_go_by() -> None:
    """A figure that could not be worked out is no proof, and blocks."""
    nothing: Figure = {"value": None, "low": None, "high": None}
    for gate in calibration_gate(_part(nothing, nothing), Plan()):
        assert (gate.value, gate.verdict) == (None, "blocked")
        assert gate.words == "It could not be worked out."
