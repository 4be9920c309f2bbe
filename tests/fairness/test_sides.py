"""What rows in families are worth: the design effect of a share, of many groups together."""

import numpy as np
import pytest

from fairness.sides import Side


def _side(hits: float, n: float, families: float, squares: float, drawn: list[float]) -> Side:
    return Side(np.array([hits]), np.array([n]), np.array([families]), np.array([squares]), np.array([drawn]))


def test_own_bootstrap_or_everyone_s_correlation() -> None:
    """The larger of the two design effects counts, and never one under 1."""
    twice = list(0.5 + np.sqrt(2 * 0.25 / 100) * np.array([-1, 1]))
    side = _side(50, 100, 50, 200, twice)
    assert side.effect(np.array([0.0])) == pytest.approx(2)
    assert side.effect(np.array([1.0])) == pytest.approx(2)
    assert _side(50, 100, 50, 400, twice).effect(np.array([1.0])) == pytest.approx(4)
    assert _side(50, 100, 50, 200, [0.5, 0.5]).effect(np.array([0.0])) == 1


def test_alone_is_independent() -> None:
    """Rows that are each alone in their family are worth themselves, however much the resamples vary."""
    assert _side(50, 100, 100, 100, [0.1, 0.9]).effect(np.array([1.0])) == 1


def test_correlation_of_everyone() -> None:
    """Families of two whose share varies half as much again as independent rows' are alike by a half."""
    drawn = list(0.5 + np.sqrt(1.5 * 0.25 / 100) * np.array([-1, 1]))
    assert _side(50, 100, 50, 200, drawn).correlation() == pytest.approx(0.5)
    assert _side(50, 100, 100, 100, drawn).correlation() == 0


@pytest.mark.parametrize(("hits", "families"), [(0, 50), (100, 50), (50, 1)])
def test_where_it_cannot_be_told(hits: float, families: float) -> None:
    """Where all rows hit, none does, or all are of one family, they are taken to hit by the family."""
    side = _side(hits, 100, families, 200, [hits / 100] * 4)
    assert side.correlation() == 1
    assert side.effect(side.correlation()) == pytest.approx(2)


def test_smaller_cell() -> None:
    """The smaller of hits and misses, as independent rows, is no more than there are families."""
    side = _side(80, 100, 50, 200, [0.8, 0.8])
    assert side.smaller_cell(np.array([2.0])) == pytest.approx(10)
    assert _side(50, 100, 30, 400, [0.5, 0.5]).smaller_cell(np.array([1.0])) == 30


def test_nobody() -> None:
    """A group of nobody has no share, and leaves the others as they are."""
    side = Side(
        *(np.array(each, dtype=np.float64) for each in ([0, 5], [0, 10], [0, 10], [0, 10])),
        np.array([[np.nan] * 4, [0.4, 0.6, 0.5, 0.5]]),
    )
    assert np.isnan(side.value[0])
    assert side.effect(np.array([0.3]))[1] == 1
