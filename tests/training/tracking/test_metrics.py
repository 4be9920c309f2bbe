"""The measures of a run as MLflow takes them."""

from typing import Any

from models.gates import Gate, Gates
from training.pipeline import Run
from training.tracking.metrics import candidate_metrics, gate_metrics, run_metrics

ENDS = ("value", "low", "high")


def part(**more: Any) -> dict[str, Any]:
    """Return the evaluation of one landmark and outcome by one candidate."""
    nobody = {"capacity": 0.1, "recall": dict.fromkeys(ENDS, 0.0), "ppv": dict.fromkeys(ENDS)}
    candidates = {"logistic": {"auc": dict.fromkeys(ENDS, 0.7), "at_capacity": [nobody]}}
    return {"landmark": "then", "outcome": "later", "n": 10, "events": 3, "candidates": candidates} | more


def test_what_is_not_defined_is_left_out() -> None:
    """A measure that is not defined is no metric: MLflow would take no null, and 0 would be a lie."""
    found = run_metrics({"evaluations": [part()]})
    assert found["then.later.logistic.recall_at_0.1"] == 0.0
    assert not [name for name in found if "ppv" in name]


def test_the_figure_to_quote_is_there() -> None:
    """What would have shipped then is there as `lagged`, and nothing where it could not be judged."""
    lagged = {"ships": "glass box", "candidates": {"glass box": {"auc": dict.fromkeys(ENDS, 0.6)}, "logistic": {}}}
    assert run_metrics({"evaluations": [part(lagged=lagged)]})["then.later.lagged.auc.low"] == 0.6
    assert not [name for name in run_metrics({"evaluations": [part(lagged=None)]}) if "lagged" in name]


def test_what_was_never_judged_has_no_measures() -> None:
    """A landmark at which nothing was learned takes no part."""
    assert run_metrics({"evaluations": [{"landmark": "then", "outcome": "later"}]}) == {}


def test_what_is_no_figure_is_left_out() -> None:
    """Words beside a candidate's figures are no metrics."""
    assert candidate_metrics({"features": ["a", "b"], "auc": {"value": 0.7, "low": None, "high": 0.8}}) == {
        "auc": 0.7,
        "auc.high": 0.8,
    }


def test_gates_tell_what_they_found() -> None:
    """A gate that measured something is a metric of its landmark and outcome, one of the whole run of none."""
    asked = {"kind": "build", "label": "signal", "threshold": "above 0", "verdict": "passed", "words": "It is."}
    gates = (
        Gate(code="signal", landmark="then", outcome="later", value=0.7, low=0.6, high=0.8, **asked),
        Gate(code="twice", value=2.0, **asked),
        Gate(code="words", **asked),
    )
    assert gate_metrics(Gates(evidence="quick", gates=gates)) == {
        "then.later.gate.signal": 0.7,
        "then.later.gate.signal.low": 0.6,
        "then.later.gate.signal.high": 0.8,
        "gate.twice": 2.0,
    }


def test_no_gate_is_lost(borough_run: Run) -> None:
    """Two gates of one code at one place are two metrics, told apart by their labels: there are as many as gates with a value."""
    asked = {"code": "calibration", "kind": "release", "landmark": "then", "outcome": "later", "threshold": "near 1"}
    blocked = {"verdict": "blocked", "words": "It is not.", "next": "Wait."}
    gates = (
        Gate(label="Calibration slope", value=0.7, **asked, **blocked),
        Gate(label="Observed over expected", value=1.1, verdict="passed", words="It is.", **asked),
    )
    assert gate_metrics(Gates(evidence="quick", gates=gates)) == {
        "then.later.gate.calibration.calibration_slope": 0.7,
        "then.later.gate.calibration.observed_over_expected": 1.1,
    }
    found = [name for name in gate_metrics(borough_run.gates) if not name.endswith((".low", ".high"))]
    assert len(found) == sum(gate.value is not None for gate in borough_run.gates.gates) > 5
