"""Exact numbers: step arithmetic against fractions."""

import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.exact import MAX_ROWS, MAX_UNITS, NotExactError, Step

QUICK = settings(derandomize=True, database=None, deadline=None, max_examples=100)
STEPS = st.sampled_from(("1", "0.01", "0.25", "5", "0.1", "0.000001", "1000000", "2.5", "0.75", "1e-3"))


@pytest.mark.parametrize(
    ("text", "numerator", "denominator"),
    [
        ("1", 1, 1),
        ("0.01", 1, 100),
        ("5", 5, 1),
        ("0.25", 1, 4),
        ("2.50", 5, 2),
        ("1e3", 1000, 1),
        ("1000000", 10**6, 1),
    ],
)
def test_steps(text: str, numerator: int, denominator: int) -> None:
    """A step is a fraction in lowest terms."""
    assert Step.parse(text) == Step(numerator, denominator)


@pytest.mark.parametrize("text", ["0", "-1", "a", "", "nan", "Infinity", "0.0000001", "1000001", "1/3", "1,5"])
def test_impossible_steps(text: str) -> None:
    """What is not a positive decimal of a useful size is no step."""
    with pytest.raises(ValueError, match=r"a step|NaN"):
        Step.parse(text)


@QUICK
@given(step=STEPS, share=st.fractions(-1, 1))
def test_there_and_back(step: str, share: Fraction) -> None:
    """Units become the nearest float of the exact number, and that float becomes the same units."""
    grid = Step.parse(step)
    units = int(share * grid.max_units)
    exact = units * Fraction(step)
    assert grid.value(units) == float(exact)
    assert grid.units(grid.value(units)) == units
    assert grid.units(Decimal(exact.numerator) / Decimal(exact.denominator)) == units


@QUICK
@given(step=STEPS, units=st.lists(st.fractions(-1, 1), min_size=1, max_size=8))
def test_means(step: str, units: list[Fraction]) -> None:
    """A mean is the float nearest to the exact mean: one division, whatever the order."""
    grid = Step.parse(step)
    held = [int(share * grid.max_units) for share in units]
    assert grid.mean(sum(held), len(held)) == float(sum(held) * Fraction(step) / len(held))
    assert grid.mean(sum(reversed(held)), len(held)) == grid.mean(sum(held), len(held))


@given(step=STEPS)
@QUICK
def test_nothing_held_passes_what_a_float_holds(step: str) -> None:
    """As many rows as may be, each a difference of the two furthest numbers, sum to less than 2**53."""
    grid = Step.parse(step)
    assert 2 * grid.max_units * grid.numerator * MAX_ROWS < 2**53
    assert grid.max_units * grid.numerator <= MAX_UNITS


@pytest.mark.parametrize(
    ("step", "value", "units"),
    [
        ("0.01", 0.1, 10),
        ("0.01", 2748779069.43, MAX_UNITS),
        ("0.25", 15.25, 61),
        ("5", 30, 6),
        ("5", 30.0, 6),
        ("1", 999, 999),
        ("1", -0.0, 0),
        ("1", "7", 7),
        ("0.1", Decimal("0.3"), 3),
    ],
)
def test_units(step: str, value: float | Decimal | str, units: int) -> None:
    """A number is counted in steps by its own spelling, never by its nearest binary fraction."""
    assert Step.parse(step).units(value) == units


@pytest.mark.parametrize(
    ("step", "value"),
    [
        ("1", 0.5),
        ("0.01", 0.005),
        ("5", 7),
        ("0.25", 0.3),
        ("1", 2**38),
        ("1", -(2**38)),
        ("0.01", 2748779069.44),
        ("5", 2**38),
        ("1", "x"),
        ("1", float("nan")),
        ("1", float("inf")),
        ("1", 1e300),
    ],
)
def test_not_exact(step: str, value: float | str) -> None:
    """A number off the step, too large to be held exactly, or no number at all, has no units."""
    with pytest.raises(NotExactError):
        Step.parse(step).units(value)


@QUICK
@given(STEPS, st.integers(-(2**39), 2**39), st.floats(-3, 3))
def test_a_float_is_read_as_it_is_written(text: str, units: int, off: float) -> None:
    """Every float has the units that its shortest decimal has, by fractions: on its step, next to it, and far off."""
    step = Step.parse(text)
    for value in (step.value(units), math.nextafter(step.value(units), math.inf), step.value(units) + off, units / 7):
        expected = Fraction(str(value)) / Fraction(step.numerator, step.denominator)
        if expected.denominator == 1 and abs(expected) <= step.max_units:
            assert step.units(value) == expected
        else:
            with pytest.raises(NotExactError):
                step.units(value)
