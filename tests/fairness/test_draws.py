"""What resamples tell: percentiles and p-values of many at once are those of each alone, and missing draws are left out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairness.draws import p_beyond, percentiles, variance

QUICK = settings(derandomize=True, database=None, deadline=None, max_examples=60)


@QUICK
@given(seed=st.integers(0, 99), missing=st.integers(0, 49))
def test_as_numpy_s_without_the_missing(seed: int, missing: int) -> None:
    """Ends and variance are NumPy's of the draws that are there, for each of many."""
    drawn = np.random.default_rng(seed).normal(size=(2, 3, 100))
    drawn[..., :missing] = np.nan
    ends = percentiles(np.sort(drawn, axis=-1))
    np.testing.assert_allclose(ends, np.nanquantile(drawn, [0.025, 0.975], axis=-1), rtol=1e-12)
    np.testing.assert_allclose(variance(drawn), np.nanvar(drawn, axis=-1), rtol=1e-12)


def test_more_missing_than_there() -> None:
    """What more than half of the resamples miss has no interval, no variance and no p-value."""
    drawn = np.sort(np.where(np.arange(100) < 51, np.nan, 0.3))
    assert np.isnan([*percentiles(drawn), variance(drawn), p_beyond(np.asarray(0.3), drawn, 0.05)]).all()
    half = np.sort(np.where(np.arange(100) < 50, np.nan, 0.3))
    assert (*percentiles(half), variance(half)) == (0.3, 0.3, 0)


@QUICK
@given(shift=st.floats(-0.2, 0.2), missing=st.integers(0, 300))
def test_p_turns_where_the_interval_does(shift: float, missing: int) -> None:
    """The interval lies beyond the margin exactly where the p-value is under .05, whatever is missing."""
    drawn = shift + 0.05 * np.random.default_rng(1).normal(size=1_000)
    drawn[:missing] = np.nan
    ordered = np.sort(drawn)
    low, high = percentiles(ordered)
    p = p_beyond(np.asarray(np.nanmedian(drawn)), ordered, 0.03)
    assert (low > 0.03 or high < -0.03) == (p < 0.05)


def test_each_alone() -> None:
    """Every p-value of many is what it is alone; of a gap that is NaN there is none."""
    chance = np.random.default_rng(2)
    value = np.array([0.0, 0.1, -0.2, 0.4, np.nan])
    ordered = np.sort(value[:, None] + 0.05 * chance.normal(size=(5, 1_000)), axis=-1)
    together = p_beyond(value, ordered, 0.05)
    alone = [p_beyond(value[k : k + 1], ordered[k : k + 1], 0.05)[0] for k in range(5)]
    np.testing.assert_array_equal(together, alone)
    assert together[0] == 1
    assert together[1] > together[2] > together[3] > 0
    assert together[2] == pytest.approx(0.0027, abs=0.02)
    assert np.isnan(together[4])
