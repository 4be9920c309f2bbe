"""How much a term matters: the spread of what it adds, over the training children."""

import math

import pytest

from models.terms import Input, LinearTerm, PairTerm, StepTerm
from service.model_sheet.terms import served

SLOPE = 0.8


def _seen(low: float, typical: float, high: float, known: int, unknown: int, spread: float = 0.0) -> dict[str, Input]:
    seen = Input(feature="f", low=low, high=high, typical=typical, n_known=known, n_not_known=unknown, spread=spread)
    return {"f": seen}


def _line(low: float, high: float, centre: float, not_known: float = 0.0) -> LinearTerm:
    return LinearTerm(feature="f", coefficient=0.5, centre=centre, low=low, high=high, not_known=not_known)


def test_steps() -> None:
    """The spread of steps is that of their values, each as often as it had children, calibration folded in."""
    step = StepTerm(feature="f", edges=(1.0,), values=(-0.3, 0.9, 0.0), n=(75, 25, 0))
    found = served(step, 4, SLOPE, {})
    assert found.spread == pytest.approx(SLOPE * math.sqrt(0.75 * 0.3**2 + 0.25 * 0.9**2))
    assert (found.least, found.most, found.place) == (SLOPE * -0.3, SLOPE * 0.9, 4)


def test_pairs() -> None:
    """The spread of a pair counts every cell as often as it had children; one that nobody is in counts nothing."""
    values = ((1.0, -1.0, 9.0), (-1.0, 1.0, 9.0), (9.0, 9.0, 9.0))
    n = ((10, 10, 0), (10, 10, 0), (0, 0, 0))
    pair = PairTerm(features=("f", "g"), edges=((0.0,), (0.0,)), values=values, n=n)
    assert served(pair, 0, SLOPE, {}).spread == pytest.approx(SLOPE)


def test_nobody() -> None:
    """A term that nobody was in matters nothing."""
    assert served(StepTerm(feature="f", edges=(), values=(0.4, 0.1), n=(0, 0)), 0, SLOPE, {}).spread == 0.0
    assert served(_line(0.0, 1.0, 0.0), 0, SLOPE, _seen(0.0, 0.0, 1.0, 0, 9)).spread == 0.0


def test_a_line() -> None:
    """The spread of a line is that of its feature and of what is not known: as of steps with as many children."""
    # A quarter of 80 say yes; 20 more are not known, who add 0.4, so that all of it averages 0.
    share, not_known = 0.25, 0.4
    centre = share + not_known * 20 / 80 / 0.5
    seen = _seen(0.0, 0.0, 1.0, 80, 20, math.sqrt(share * (1 - share)))
    line = served(_line(0.0, 1.0, centre, not_known), 0, SLOPE, seen)
    yes, no = 0.5 * (1 - centre), 0.5 * (0 - centre)
    step = StepTerm(feature="f", edges=(0.5,), values=(no, yes, not_known), n=(60, 20, 20))
    assert line.spread == pytest.approx(served(step, 0, SLOPE, {}).spread)
    found = served(_line(0.0, 12.0, 6.0), 0, SLOPE, _seen(0.0, 6.0, 12.0, 100, 0, 3.0))
    assert found.spread == pytest.approx(SLOPE * 0.5 * 3.0)
    assert found.values == ((SLOPE * 0.5 * -6.0, 0.0, SLOPE * 0.5 * 6.0, 0.0),)
