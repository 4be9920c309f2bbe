"""
An outcome that help changed was not foreseen wrongly, and is never called so.

It must be so because a score that works would otherwise be its own undoing: the children it finds are offered help, fewer of
them have the outcome, and whoever set the score anew by that would take the help away again. So those helped are told apart,
those not helped decide whether a score is calibrated, and what an invented truth knows of the help is what is told. The full
form is in `benchmarks/evidence_help.py`.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from benchmarks.evidence_help import Those, as_the_truth, beside_truth, true_chances
from training.cohort import assemble
from training.gates.calibration import calibration_gate
from training.ingest import ingest
from training.plan import Plan
from training.plan_parts import GlassBox
from training.synthetic.foresight import england
from training.validation.helped import AS_FORESEEN, HIGHER, LOWER, NOT_ENOUGH

Judge = Callable[[str, Any], tuple[Those, dict[str, Any]]]
PLAN = Plan(bootstrap=200, glass_box=GlassBox(trees=60, pairs=2))


@pytest.fixture(scope="module")
def judged(once: Callable[..., Any]) -> Judge:
    """Judge one landmark of the England that `test_england_is_england.py` invents, the help handled in one way."""
    done = once(
        "england-as-published",
        *("synth", "HOME/england", "--births", 5000, "--cohorts", "2016-2020", "--seed", 7),
    )
    assert done.status == 0, done.err
    data, contract = Path(done.home / "england"), england()
    con, _ = ingest(contract, data)
    truth = true_chances(data)
    cohort = cache(lambda name: assemble(con, contract, contract.landmark(name)))
    return cache(
        lambda name, handling: beside_truth(
            contract, contract.landmark(name), cohort(name), handling, truth, PLAN, "glass box"
        )
    )


def _ratio(group: dict[str, Any]) -> float:
    return float(group["observed_over_expected"]["value"])


@pytest.mark.parametrize("handling", ["report", "stratum"])
def test_lower_than_foreseen(judged: Judge, handling: str) -> None:
    """
    Where what decides who is helped is on record, fewer of them have the outcome than is foreseen, by what the help did.

    It is said in those words, or that too few were helped to say so.
    """
    those, told = judged("two_year", handling)
    (of_help,) = told["interventions"]
    assert those.effect < 0.85
    assert as_the_truth("two_year", handling, those)
    assert _ratio(of_help["helped"]) == pytest.approx(those.seen, abs=1e-6)
    assert of_help["phrase"] == LOWER if handling == "stratum" else of_help["phrase"] in {LOWER, NOT_ENOUGH}


def test_more_need_than_the_record_tells(judged: Judge) -> None:
    """
    Before what decides is on record, those who will be helped have more need than can be told, and the help is hidden by it.

    Observed over expected is what the truth makes of both, and is not taken for a failure of the help or of the score.
    """
    those, told = judged("new_birth", "stratum")
    (of_help,) = told["interventions"]
    assert those.differed > 1.2
    assert as_the_truth("new_birth", "stratum", those)
    assert of_help["phrase"] in {HIGHER, AS_FORESEEN, NOT_ENOUGH}


@pytest.mark.parametrize("landmark", ["new_birth", "two_year"])
def test_calibration_is_of_those_not_helped(judged: Judge, landmark: str) -> None:
    """The gate of calibration passes by those not helped, and by their figures alone, in words that say whose they are."""
    _, told = judged(landmark, "stratum")
    helped = told["interventions"][0]["helped"]
    part = {
        "landmark": landmark,
        "outcome": "not_gld",
        "ships": "glass box",
        "candidates": {"glass box": helped},
        "outcomes_never_observed": helped,
        "helped": told,
    }
    slope, expected = calibration_gate(part, PLAN)
    assert (slope.verdict, expected.verdict) == ("passed", "passed")
    assert 0.9 < _ratio(told["not_helped"]) < 1.1
    assert slope.value == told["not_helped"]["calibration_slope"]["value"] != helped["calibration_slope"]["value"]
    assert expected.value == _ratio(told["not_helped"]) != _ratio(helped)
    assert expected.words.startswith("Among children without “Speech and language programme”, ")
