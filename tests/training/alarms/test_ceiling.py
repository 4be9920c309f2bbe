"""A model that foresees more than any honest one."""

from typing import Any

import numpy as np
import pytest

from models.terms import Calibration
from training.alarms.ceiling import above_ceiling
from training.judging import CalibratedOn, HeldOut, Judged
from training.plan import Plan
from training.study import AllJudged


def _judged(study: Any, apart: float) -> Judged:
    """Return a judged yardstick whose log-odds put children with the outcome so far above those without, twice."""
    count = len(study.rows.y)
    log_odds = np.random.default_rng(1).normal(size=(2, count)) + apart * study.rows.y
    calibration = Calibration(landmark="two_year", outcome="not_gld", intercept=0.0, slope=1.0, n=count, events=1)
    held_out = HeldOut(np.arange(count), log_odds, np.zeros((2, count), dtype=np.int64))
    return Judged(None, calibration, held_out, CalibratedOn(np.arange(count), log_odds))


@pytest.mark.parametrize(("apart", "rings"), [(0.9, False), (2.2, True)])
def test_the_highest_of_all_is_asked(as_read: Any, apart: float, rings: bool) -> None:  # noqa: FBT001
    """It rings for the yardstick too, on children held out, where any candidate is above the plan's ceiling."""
    study = as_read.study()
    judged: AllJudged = {"logistic": _judged(study, 0.5), "full booster": _judged(study, apart)}
    alarm = above_ceiling(study, judged, Plan())
    assert alarm.rings is rings
    assert "full booster" in alarm.found
    assert alarm.value is not None
    assert alarm.low is not None
    assert alarm.low < alarm.value
