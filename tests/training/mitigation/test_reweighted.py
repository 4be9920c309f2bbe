"""Scores of what is learned with weights are of children that neither the model nor its calibration saw."""

import dataclasses

import numpy as np
import pytest
from numpy.typing import NDArray

from training.judging import HeldOut, judge_by_folds
from training.mitigation.reduction import TIMES
from training.mitigation.reweighted import reweighted
from training.plan import Plan
from training.study import Study
from training.validation.changed import without_features

Flags = NDArray[np.bool_]


def _with_outcomes_turned(study: Study, rows: NDArray[np.int64]) -> Study:
    y = study.rows.y.copy()
    y[rows] = 1 - y[rows]
    return dataclasses.replace(study, rows=dataclasses.replace(study.rows, y=y))


def _same(once: list[HeldOut], again: list[HeldOut], rows: slice | Flags = slice(None)) -> bool:
    return all((a.log_odds[:, rows] == b.log_odds[:, rows]).all() for a, b in zip(once, again, strict=True))


def test_by_time(gap_study: Study, girls: Flags, gap_plan: Plan) -> None:
    """At each step every child of the test half is scored, whatever their outcomes: the same twice, to the bit."""
    assert gap_study.split is not None
    once = reweighted("glass box", gap_study, girls, gap_plan)
    test = gap_study.split.test
    assert [each.log_odds.shape for each in once] == [(1, len(test))] * len(TIMES)
    assert all((each.rows == test).all() for each in once)
    assert _same(once, reweighted("glass box", _with_outcomes_turned(gap_study, test), girls, gap_plan))


def test_calibrated(gap_study: Study, girls: Flags, gap_plan: Plan) -> None:
    """Each step is calibrated on the half cohort that what ships is: as many are foreseen as come to the outcome."""
    held_out = reweighted("glass box", gap_study, girls, gap_plan)
    for each in held_out:
        foreseen = 1 / (1 + np.exp(-each.log_odds[0]))
        assert foreseen.mean() == pytest.approx(gap_study.rows.y[each.rows].mean(), abs=0.04)


def test_by_folds(gap_study: Study, girls: Flags, gap_plan: Plan) -> None:
    """Without a calendar every child is scored once, in the folds of what ships, and its own fold's outcomes change no score in it."""
    few = without_features(gap_study, [f.name for f in gap_study.task.features if f.source != "births"])
    study = dataclasses.replace(few, split=None, years=None)
    once = reweighted("logistic", study, girls, gap_plan)
    shipped = judge_by_folds("logistic", study.task, study.rows, gap_plan).held_out
    assert all((each.folds == shipped.folds).all() and (each.rows == shipped.rows).all() for each in once)
    in_fold = shipped.folds[0] == 0
    again = reweighted("logistic", _with_outcomes_turned(study, np.flatnonzero(in_fold)[::5]), girls, gap_plan)
    assert _same(once, again, in_fold)
    assert not _same(once, again)
