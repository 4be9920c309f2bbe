"""A recalibration judged by folds."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from models.estimator import Estimator
from training.judging import Rows
from training.plan import Plan
from training.recalibration.cross_fitting import recalibrated
from training.recalibration.original import OriginalHead

PLAN = Plan(seed=3, folds=4, repeats=2)


@pytest.fixture
def rows(simulate: Callable[..., Any]) -> Rows:
    """Children whose outcomes the score is far off."""
    log_odds, made = simulate(600, off=0.9)
    return Rows(log_odds[:, None], made.y, made.families, made.weights)


def test_no_child_is_judged_by_what_saw_it(head: OriginalHead, rows: Rows) -> None:
    """Other outcomes of the children of one fold change the figures of everyone else, and theirs by not one bit."""
    before = recalibrated(head, rows, PLAN).shipped.held_out
    fold = before.folds[0] == 2
    other = np.where(fold, 1 - rows.y, rows.y)
    after = recalibrated(head, Rows(rows.x, other, rows.families, rows.weights), PLAN).shipped.held_out
    assert np.array_equal(before.log_odds[0, fold], after.log_odds[0, fold])
    assert not np.isclose(before.log_odds[0, ~fold], after.log_odds[0, ~fold]).any()


def test_families_are_in_one_fold(head: OriginalHead, rows: Rows) -> None:
    """Brothers and sisters are judged in one fold, and every child once in each repeat."""
    held_out = recalibrated(head, rows, PLAN).shipped.held_out
    for folds in held_out.folds:
        assert all(len(set(folds[rows.families == family])) == 1 for family in set(rows.families))
    assert np.isfinite(held_out.log_odds).all()
    assert held_out.log_odds.shape == (2, 600)


def test_what_ships_is_set_on_all(head: OriginalHead, rows: Rows) -> None:
    """What ships foresees as many of these children as had the outcome, and stands beside what it was before."""
    found = recalibrated(head, rows, PLAN)
    served = Estimator(head.spec, found.shipped.calibration).log_odds(rows.x)
    assert (1 / (1 + np.exp(-served))).sum() == pytest.approx(rows.y.sum(), abs=0.01)
    assert found.before[0] == pytest.approx(0.1 + 1.1 * rows.x[:, 0], abs=1e-12)
    assert (found.shipped.calibration.n, found.shipped.calibration.events) == (600, rows.y.sum())
