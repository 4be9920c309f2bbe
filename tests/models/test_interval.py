"""The interval of a score, read from its table: by hand, beyond its ends, and made wider."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from models.estimator import expit
from models.interval import MOST_POINTS, Intervals, IntervalTable

TABLE: dict[str, Any] = {
    "landmark": "then",
    "outcome": "later",
    "log_odds": (-2.0, 0.0, 1.0),
    "low": (-3.0, -0.5, 1.0),
    "high": (-1.5, 0.25, 3.0),
    "widest": 0.35,
}


@pytest.mark.parametrize(
    ("log_odds", "low", "high"),
    [
        (-2.0, -3.0, -1.5),
        (-1.0, -1.75, -0.625),
        (0.0, -0.5, 0.25),
        (0.5, 0.25, 1.625),
        (1.0, 1.0, 3.0),
        (-5.0, -6.0, -4.5),
        (4.0, 4.0, 6.0),
    ],
)
def test_read_off(log_odds: float, low: float, high: float) -> None:
    """At a point the bounds are the point's, between two on the straight line, beyond the ends as far off as there."""
    found = Intervals(IntervalTable(**TABLE)).at(log_odds, expit(log_odds), widened=False)
    assert (found.low, found.high) == pytest.approx((expit(low), expit(high)), rel=1e-12)
    assert not found.widened


@st.composite
def tables(draw: st.DrawFn) -> IntervalTable:
    """Any table: points anywhere, bounds at any distance."""
    points = sorted(draw(st.sets(st.integers(-1200, 1200), min_size=2, max_size=12)))
    below, above = (draw(st.lists(st.floats(0, 6), min_size=len(points), max_size=len(points))) for _ in range(2))
    at = [point / 100 for point in points]
    return IntervalTable(
        landmark="then",
        outcome="later",
        log_odds=tuple(at),
        low=tuple(point - by for point, by in zip(at, below, strict=True)),
        high=tuple(point + by for point, by in zip(at, above, strict=True)),
        widest=draw(st.floats(1e-6, 1)),
    )


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(table=tables(), asked=st.lists(st.floats(-12, 12), min_size=1, max_size=20))
def test_any_table_holds_its_score(table: IntervalTable, asked: list[float]) -> None:
    """An interval holds the probability served, to the bit, wherever it is read; one child's is the batch's."""
    intervals = Intervals(table)
    asked += table.log_odds
    served = [expit(x) for x in asked]
    each = [intervals.at(x, p, widened=False) for x, p in zip(asked, served, strict=True)]
    assert all(0 <= found.low <= p <= found.high <= 1 for found, p in zip(each, served, strict=True))
    low, high = intervals.at_all(np.array(asked), np.array(served))
    assert low.tolist() == [found.low for found in each]
    assert high.tolist() == [found.high for found in each]


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(table=tables(), log_odds=st.floats(-12, 12))
def test_widened(table: IntervalTable, log_odds: float) -> None:
    """Widened, it holds what it held, is as wide as the widest of the table, says so, and stays between 0 and 1."""
    intervals = Intervals(table)
    probability = expit(log_odds)
    narrow = intervals.at(log_odds, probability, widened=False)
    wide = intervals.at(log_odds, probability, widened=True)
    assert wide.widened
    assert wide == intervals.widen(narrow.low, narrow.high)
    assert 0 <= wide.low <= narrow.low <= probability <= narrow.high <= wide.high <= 1
    assert wide.high - wide.low >= max(table.widest, narrow.high - narrow.low) - 1e-12


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0.4, 0.5, (0.275, 0.625)), (0.02, 0.05, (0.0, 0.35)), (0.9, 0.95, (0.65, 1.0)), (0.1, 0.8, (0.1, 0.8))],
)
def test_widened_by_hand(low: float, high: float, expected: tuple[float, float]) -> None:
    """Both ends move alike; what would pass 0 or 1 is added at the other end; what is wide enough stays."""
    found = Intervals(IntervalTable(**TABLE)).widen(low, high)
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"low": (-3.0, -0.5)}, "a low and a high for each point"),
        ({"high": (-1.5, 0.25, 3.0, 4.0)}, "a low and a high for each point"),
        ({"log_odds": (-2.0, 1.0, 0.0)}, "ascend"),
        ({"log_odds": (-2.0, 0.0, 0.0)}, "ascend"),
        ({"low": (-3.0, 0.1, 1.0)}, "holds the score"),
        ({"high": (-1.5, -0.1, 3.0)}, "holds the score"),
        ({"widest": 0.0}, "greater than 0"),
        ({"widest": 1.01}, "less than or equal to 1"),
        ({"low": (-math.inf, -0.5, 1.0)}, "finite"),
        ({"log_odds": (0.0,), "low": (0.0,), "high": (0.0,)}, "at least 2"),
        (dict.fromkeys(("log_odds", "low", "high"), tuple(float(i) for i in range(MOST_POINTS + 1))), "at most 200"),
        ({"level": 0.95}, "Extra inputs"),
    ],
)
def test_refused(change: dict[str, Any], said: str) -> None:
    """A table that is not whole, does not ascend, does not hold its scores or is too large is refused, saying which."""
    with pytest.raises(ValidationError, match=said):
        IntervalTable(**TABLE | change)
