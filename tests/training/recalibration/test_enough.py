"""How many children it takes to recalibrate."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from models.contract import Contract
from training.cohort import assemble
from training.ingest import ingest
from training.plan import Plan
from training.recalibration.enough import enough_gate, slope_asked
from training.study import Study, study_of


@pytest.fixture(scope="module")
def study(borough: Contract, borough_extracts: Path) -> Study:
    """A study of the borough's children."""
    landmark = borough.landmarks[0]
    cohort = assemble(ingest(borough, borough_extracts)[0], borough, landmark)
    return study_of(borough, landmark, borough.outcomes[0], cohort, Plan())


def _with(study: Study, events: int, without: int) -> Study:
    y = np.repeat([1.0, 0.0], [events, without])
    return dataclasses.replace(study, rows=dataclasses.replace(study.rows, y=y))


@pytest.mark.parametrize(
    ("events", "without", "verdict", "said"),
    [
        (
            30,
            400,
            "passed",
            "30 children have the outcome, 400 do not: enough for the intercept; the slope stays as it was.",
        ),
        (100, 100, "passed", "100 children have the outcome, 100 do not: enough for intercept and slope."),
        (29, 400, "blocked", "29 children have the outcome, 400 do not: too few to set anything."),
        (400, 29, "blocked", "400 children have the outcome, 29 do not: too few to set anything."),
        (3, 400, "blocked", "fewer than 10 children have the outcome, 400 do not: too few to set anything."),
    ],
)
def test_the_least(study: Study, events: int, without: int, verdict: str, said: str) -> None:
    """It takes 30 with the outcome and 30 without; a number below ten is told to nobody."""
    gate = enough_gate(_with(study, events, without))
    assert (gate.verdict, gate.words, gate.kind) == (verdict, said, "build")
    assert gate.value == (events if events >= 10 else None)
    assert ("Wait for more outcomes" in gate.next) == (verdict == "blocked")


def test_the_least_for_a_slope() -> None:
    """A slope is asked from a hundred with the outcome and a hundred without."""
    assert slope_asked(np.repeat([1.0, 0.0], 100))
    assert not slope_asked(np.repeat([1.0, 0.0], [99, 500]))
    assert not slope_asked(np.repeat([1.0, 0.0], [500, 99]))
