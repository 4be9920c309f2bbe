"""A recalibration judged by folds."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.special import expit

from models.estimator import Estimator
from training.judging import Rows
from training.plan import Plan
from training.recalibration.choice import choose
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
    before = recalibrated(head, rows, np.arange(600), PLAN).shipped.held_out
    fold = before.folds[0] == 2
    other = np.where(fold, 1 - rows.y, rows.y)
    after = recalibrated(head, Rows(rows.x, other, rows.families, rows.weights), np.arange(600), PLAN).shipped.held_out
    assert np.array_equal(before.log_odds[0, fold], after.log_odds[0, fold])
    assert not np.isclose(before.log_odds[0, ~fold], after.log_odds[0, ~fold]).any()


def test_families_are_in_one_fold(head: OriginalHead, rows: Rows) -> None:
    """Brothers and sisters are judged in one fold, and every child once in each repeat."""
    held_out = recalibrated(head, rows, np.arange(600), PLAN).shipped.held_out
    for folds in held_out.folds:
        assert all(len(set(folds[rows.families == family])) == 1 for family in set(rows.families))
    assert np.isfinite(held_out.log_odds).all()
    assert held_out.log_odds.shape == (2, 600)


def test_what_ships_is_set_on_all(head: OriginalHead, rows: Rows) -> None:
    """What ships foresees as many of these children as had the outcome, and stands beside what it was before."""
    found = recalibrated(head, rows, np.arange(600), PLAN)
    served = Estimator(head.spec, found.shipped.calibration).log_odds(rows.x)
    assert (1 / (1 + np.exp(-served))).sum() == pytest.approx(rows.y.sum(), abs=0.01)
    assert found.before[0] == pytest.approx(0.1 + 1.1 * rows.x[:, 0], abs=1e-12)
    assert (found.shipped.calibration.n, found.shipped.calibration.events) == (600, rows.y.sum())


def test_what_is_kept_is_judged_as_it_ships(head: OriginalHead, simulate: Callable[..., Any]) -> None:
    """Where the calibration is kept every child is judged by it, though some folds alone would have set another."""
    log_odds, made = simulate(600, off=0.15, seed=10)
    rows = Rows((log_odds[:, None] - 0.1) / 1.1, made.y, made.families, made.weights)
    found, served = recalibrated(head, rows, np.arange(600), PLAN), Estimator(head.spec, head.calibration)
    assert found.chosen.update == "keep"
    folds = found.shipped.held_out.folds[0]
    rest = [np.flatnonzero(folds != fold) for fold in range(PLAN.folds)]
    assert {choose(log_odds[one], rows.take(one), slope_asked=True).update for one in rest} > {"keep"}
    assert (found.shipped.held_out.log_odds == served.log_odds(rows.x)).all()


def test_help_is_not_what_the_score_was_wrong_in(head: OriginalHead) -> None:
    """
    A score that is right of those without help is kept, though help that works cut what came of the others.

    Nor does what the others came to change one bit of a calibration that is set, or of what anybody is judged by.
    """
    chance = np.random.default_rng(5)
    served = -0.9 + 0.8 * chance.standard_normal(4000)
    had = chance.random(4000) < expit(served)
    y = (chance.random(4000) < expit(served - np.where(had, 1.0, 0.0))).astype(np.float64)
    rows = Rows(((served - 0.1) / 1.1)[:, None], y, np.arange(4000).astype(np.str_), np.ones(4000))
    without = np.flatnonzero(~had)
    assert recalibrated(head, rows, np.arange(4000), PLAN).chosen.update != "keep"
    assert recalibrated(head, rows, without, PLAN).chosen.update == "keep"
    off = Rows(rows.x + 0.8, rows.y, rows.families, rows.weights)
    other = Rows(off.x, np.where(had, 1 - y, y), off.families, off.weights)
    one, two = (recalibrated(head, each, without, PLAN).shipped for each in (off, other))
    assert one.calibration == two.calibration
    assert (one.calibration.n, one.calibration.events) == (len(without), y[without].sum())
    assert np.array_equal(one.held_out.log_odds, two.held_out.log_odds)
    assert len(one.held_out.rows) == 4000
