"""Lines through the log-odds: they are the best ones, and are NaN where there is none."""

import numpy as np
import pytest

from fairness.engine.recalibration import Fit, moved, stretched

X = np.linspace(-3, 1, 50)


def test_nothing_more_is_to_be_moved_or_stretched() -> None:
    """At the line found, as many have the outcome as it says, in all and weighted by the log-odds (the likelihood's maximum)."""
    chance = np.random.default_rng(1)
    n = chance.integers(1, 40, (50, 3)).astype(np.float64)
    events = chance.binomial(n.astype(np.int64), (1 / (1 + np.exp(-(0.4 + 0.7 * X))))[:, None]).astype(np.float64)
    line = moved(events, n, X)
    free = stretched(events, n, X, line)
    for fit in (line, free):
        said = n / (1 + np.exp(-(fit.intercept + fit.slope * X[:, None])))
        np.testing.assert_allclose(said.sum(axis=0), events.sum(axis=0), rtol=1e-9)
    np.testing.assert_allclose(X @ said, X @ events, rtol=1e-9)
    np.testing.assert_array_equal(line.slope, 1)
    np.testing.assert_allclose(free.slope, 0.7, atol=0.35)


@pytest.mark.parametrize("far", [-6.0, 6.0])
def test_far_from_where_it_starts(far: float) -> None:
    """A group whose log-odds are wrong by far is moved all the way."""
    n = np.full((50, 1), 1_000.0)
    assert moved(n / (1 + np.exp(-(far + X[:, None]))), n, X).intercept == pytest.approx(far)


def test_no_line() -> None:
    """There is no line of nobody, of outcomes all alike, and no slope of scores all alike or that part outcomes wholly."""
    n = np.ones((50, 5))
    n[:, 0] = 0
    n[:49, 3] = 0
    n[49, 3] = 8
    events = np.zeros((50, 5))
    events[:, 2], events[49, 3], events[25:, 4] = 1, 4, 1
    line = moved(events, n, X)
    assert np.isnan(line.intercept).tolist() == [True, True, True, False, False]
    with np.errstate(all="raise"):
        free: Fit = stretched(events, n, X, line)
    assert np.isnan(free.slope).all()
