"""What a run is found by: parameters and tags."""

import dataclasses

import pytest

from models.bundle import load_bundle
from models.gates import Gate, Gates
from training.pipeline import Run
from training.tracking.words import gate_tags, parameters, version_tags


def test_the_plan_is_flat(borough_run: Run) -> None:
    """Every field of the plan is a parameter by its place; the contract's digest is none, since `mlflow run` takes the name."""
    found = parameters(borough_run)
    assert (found["seed"], found["glass_box.trees"], found["bands.capacity"]) == ("7", "20", "0.2")
    assert "contract" not in found
    assert all(len(value) <= 6000 for value in found.values())


def _gate(code: str, landmark: str | None, verdict: str) -> Gate:
    outcome = None if landmark is None else "later"
    return Gate.model_validate(
        {
            "code": code,
            "kind": "build" if verdict == "signed off" else "release",
            "label": code,
            "landmark": landmark,
            "outcome": outcome,
            "threshold": "above 0",
            "verdict": verdict,
            "words": "It is.",
            "next": "Look into it.",
        }
    )


@pytest.fixture
def gated(borough_run: Run) -> Run:
    """A run whose calibration was blocked at one landmark of two, and with a leak alarm signed off."""
    gates = (
        _gate("calibration", "then", "passed"),
        _gate("calibration", "before", "blocked"),
        _gate("leak", None, "signed off"),
        _gate("fairness", "then", "passed"),
    )
    return dataclasses.replace(borough_run, gates=Gates(evidence="quick", gates=gates))


def test_the_worst_verdict_stands_for_a_gate(gated: Run) -> None:
    """A gate's tag says the worst that it said anywhere, and what it said at each landmark and outcome stands beside it."""
    assert gate_tags(gated) == {
        "gate.calibration": "blocked",
        "gate.calibration.then.later": "passed",
        "gate.calibration.before.later": "blocked",
        "gate.leak": "signed off",
        "gate.fairness": "passed",
        "gate.fairness.then.later": "passed",
    }


def test_a_version_says_what_is_known_of_it(gated: Run) -> None:
    """A registered version has the tags of a board that the run can fill, and says nothing of who approved it."""
    bundle = load_bundle(gated.bundle)
    found = version_tags(gated, bundle)
    assert found["artefact_sha256"] == bundle.id
    assert (found["calibration_verdict"], found["fairness_verdict"]) == ("blocked", "passed")
    assert bundle.signature is not None
    assert found["signature_bundle"] == bundle.signature.key_id
    assert not {"approver_1", "approver_2", "approved_on", "validator", "review_due"} & found.keys()


def test_where_there_is_no_policy(borough_run: Run) -> None:
    """Where nobody has agreed to a policy, that gate's verdict is what a version says of fairness."""
    asked = dataclasses.replace(borough_run, gates=Gates(evidence="quick", gates=(_gate("policy", None, "blocked"),)))
    assert version_tags(asked, load_bundle(borough_run.bundle))["fairness_verdict"] == "blocked"


def test_a_gate_that_was_not_asked_is_not_told_of(borough_run: Run) -> None:
    """Where no gate asked of fairness, a version says nothing of it."""
    silent = dataclasses.replace(borough_run, gates=Gates(evidence="quick", gates=()))
    assert "fairness_verdict" not in version_tags(silent, load_bundle(borough_run.bundle))
