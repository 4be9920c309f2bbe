"""Whether a score is kept, or gets another intercept, or another intercept and slope."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from models.terms import Calibration
from training.judging import NoSignal, Rows
from training.recalibration.choice import Chosen, choose

Simulate = Callable[..., tuple[Any, Rows]]
BEFORE = Calibration(landmark="one_year", outcome="not_gld", intercept=-0.4, slope=0.9, n=10, events=3)


@pytest.mark.parametrize("slope_asked", [True, False])
def test_what_is_right_is_kept(simulate: Simulate, *, slope_asked: bool) -> None:
    """A score with nothing wrong is kept in at least nine of ten draws of children."""
    chosen = [choose(*simulate(500, seed=seed), slope_asked=slope_asked).update for seed in range(200)]
    assert chosen.count("keep") >= 180


def test_what_is_kept_is_the_same() -> None:
    """A score that is kept has the very calibration it had; what is new is of whose children it speaks."""
    kept = Chosen("keep", 0.0, 1.0, 0.6, None).of(BEFORE, np.array([1.0, 0.0, 0.0]))
    assert kept == BEFORE.model_copy(update={"n": 3, "events": 1})


def test_the_intercept(simulate: Simulate) -> None:
    """Where more happens than is foreseen, at every score alike, the intercept is set and the slope is let be."""
    chosen = choose(*simulate(3000, off=0.5), slope_asked=True)
    assert (chosen.update, chosen.slope) == ("intercept", 1.0)
    assert chosen.intercept == pytest.approx(0.5, abs=0.15)
    assert chosen.any_change < 0.05 < (chosen.slope_too or 0)


def test_the_slope_too(simulate: Simulate) -> None:
    """Where scores are too far apart, both are set, close to the truth."""
    chosen = choose(*simulate(3000, off=-0.3, slope=0.5), slope_asked=True)
    assert chosen.update == "intercept and slope"
    assert (chosen.intercept, chosen.slope) == pytest.approx((-0.3, 0.5), abs=0.15)


def test_a_slope_that_is_not_asked(simulate: Simulate) -> None:
    """Where the slope is not asked it is let be, however wrong, and no test of it is made."""
    chosen = choose(*simulate(3000, off=-0.3, slope=0.4), slope_asked=False)
    assert (chosen.update, chosen.slope, chosen.slope_too) == ("intercept", 1.0, None)


def test_a_score_that_says_nothing(simulate: Simulate) -> None:
    """A slope that is not above 0, and children who all have the outcome, are refused as saying nothing."""
    log_odds, rows = simulate(3000, slope=-0.5)
    with pytest.raises(NoSignal, match="says nothing of them"):
        choose(log_odds, rows, slope_asked=True)
    with pytest.raises(NoSignal, match="says nothing of them"):
        choose(log_odds, Rows(rows.x, np.ones(3000), rows.families, rows.weights), slope_asked=False)


@pytest.mark.parametrize("slope_asked", [True, False])
def test_families_are_the_units(simulate: Simulate, *, slope_asked: bool) -> None:
    """A second child in every family, just like the first, makes nothing surer; nor do weights that are twice as large."""
    log_odds, rows = simulate(400, off=0.15)
    once = choose(log_odds, rows, slope_asked=slope_asked)
    twice = Rows(np.empty((800, 0)), np.tile(rows.y, 2), np.tile(rows.families, 2), np.ones(800))
    heavier = Rows(rows.x, rows.y, rows.families, 2 * rows.weights)
    assert choose(np.tile(log_odds, 2), twice, slope_asked=slope_asked).any_change == pytest.approx(once.any_change)
    assert choose(log_odds, heavier, slope_asked=slope_asked).any_change == pytest.approx(once.any_change)
    alone = Rows(twice.x, twice.y, np.arange(800).astype(np.str_), twice.weights)
    assert choose(np.tile(log_odds, 2), alone, slope_asked=slope_asked).any_change < once.any_change


def test_on_top_of_the_calibration_before() -> None:
    """What is set changes the log-odds as they were served, so that it goes on top of the calibration before."""
    chosen = Chosen("intercept and slope", 0.25, 0.8, 0.01, 0.02)
    after, raw = chosen.of(BEFORE, np.array([1.0, 0.0])), np.linspace(-3, 3, 7)
    served = BEFORE.intercept + BEFORE.slope * raw
    assert after.intercept + after.slope * raw == pytest.approx(0.25 + 0.8 * served, abs=1e-12)
