"""Studies of invented children, and what is judged of them."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from models.contract import Contract
from models.terms import Calibration, EstimatorSpec
from training.cohort import CohortTable
from training.judging import CalibratedOn, HeldOut, Judged, Rows
from training.learning import Task
from training.snapshots import Matrix
from training.split import TimeSplit
from training.study import Study

Floats = NDArray[np.float64]


@pytest.fixture(scope="session")
def study_with(borough: Contract) -> Callable[..., Study]:
    """Return a study of rows, whose columns are features of the borough that may push either way."""
    free = [feature for feature in borough.features if feature.direction == "none"]

    def study(rows: Rows, split: TimeSplit | None = None) -> Study:
        landmark, outcome = borough.landmarks[0], borough.outcomes[0]
        who = np.arange(len(rows.y))
        names = tuple(feature.name for feature in free[: rows.x.shape[1]])
        matrix = Matrix(landmark, who.astype(str), names, rows.x)
        cohort = CohortTable(matrix, {outcome.name: rows.y}, rows.families, None, {}, rows.weights, {})
        task = Task(landmark.name, outcome.name, free[: rows.x.shape[1]])
        return Study(landmark, outcome, cohort, who, rows, task, None, split)

    return study


@pytest.fixture(scope="session")
def judged_by() -> Callable[..., Judged]:
    """Return what was judged by these log-odds (repeats, m), of the first children or of those given."""

    def judged(log_odds: Floats, who: NDArray[np.int64] | None = None) -> Judged:
        scores = np.atleast_2d(log_odds)
        chosen = who if who is not None else np.arange(scores.shape[1])
        spec = EstimatorSpec(landmark="then", outcome="later", kind="logistic", intercept=0.0, inputs=(), terms=())
        calibration = Calibration(landmark="then", outcome="later", intercept=0.0, slope=1.0, n=10, events=3)
        held_out = HeldOut(chosen, scores, np.zeros(scores.shape, dtype=np.int64))
        return Judged(spec, calibration, held_out, CalibratedOn(chosen, scores[0]))

    return judged
