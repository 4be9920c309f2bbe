"""How far thresholds move, and refits at another slope."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from models.capacities import changes_on_refit
from models.refits import Curve, Refit
from training.judging import Rows
from training.plan import Plan
from training.recalibration.stability import at_slope, moves_of

REFIT = Refit(
    landmark="one_year",
    outcome="not_gld",
    refits=2,
    curves=(Curve(feature="asked", at=(1.0,), low=(-0.5, -0.2), high=(0.5, 0.3)),),
)


def test_moves_are_of_all_children(simulate: Callable[..., Any]) -> None:
    """Moves are shares of all children: in all they are 1, and a list of a tenth holds a tenth before anything moves."""
    log_odds, rows = simulate(1000)
    moves = np.array(moves_of(log_odds, rows, Plan(bootstrap=100)))
    assert moves.sum() == pytest.approx(1.0, abs=1e-6)
    assert moves[:9].sum() == pytest.approx(0.10, abs=0.002)


def _changes(log_odds: Any, rows: Rows) -> tuple[float | None, ...]:
    return changes_on_refit(moves_of(log_odds, rows, Plan(bootstrap=100)), (0.05, 0.10, 0.20))


def test_more_children_move_less(simulate: Callable[..., Any]) -> None:
    """With more children thresholds are surer, so that fewer of a band's children would be in another."""
    few, many = (_changes(*simulate(count)) for count in (200, 5000))
    assert all(
        after < before for before, after in zip(few, many, strict=True) if before is not None and after is not None
    )
    assert many[0] is not None
    assert many[0] > 0


def test_curves_as_the_slope_serves_them() -> None:
    """The bounds of curves go with the slope, so that a curve lies within them as before; at the same slope they stay."""
    (curve,) = at_slope(REFIT, 0.5).curves
    assert (curve.at, curve.low, curve.high) == ((1.0,), (-0.25, -0.1), (0.25, 0.15))
    assert at_slope(REFIT, 1.0) == REFIT
