"""Score intervals over arrays: those of each share alone, none of nobody, and p-values that turn where the interval does."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, norm

from fairness.proportions import Z95, newcombe_p, newcombe_wilson, two_sided, wilson

QUICK = settings(derandomize=True, database=None, deadline=None, max_examples=60)
COUNTS = st.lists(st.tuples(st.integers(1, 400), st.floats(0, 1)), min_size=2, max_size=8)


@QUICK
@given(counts=COUNTS)
def test_wilson_of_many(counts: list[tuple[int, float]]) -> None:
    """Each interval of many is SciPy's of that share alone."""
    n = np.array([rows for rows, _ in counts], dtype=np.float64)
    hits = np.round(n * [share for _, share in counts])
    reference = [binomtest(int(k), int(rows)).proportion_ci(method="wilson") for k, rows in zip(hits, n, strict=True)]
    low, high = wilson(hits / n, n, Z95)
    np.testing.assert_allclose(low, [each.low for each in reference], atol=1e-9)
    np.testing.assert_allclose(high, [each.high for each in reference], atol=1e-9)


@QUICK
@given(counts=COUNTS)
def test_p_turns_where_the_interval_does(counts: list[tuple[int, float]]) -> None:
    """At an alpha just above the p-value the interval of every pair lies beyond the margin, just below it does not."""
    n, share = (np.array(each, dtype=np.float64) for each in zip(*counts, strict=True))
    sides = share, n, share[::-1], n[::-1]
    p = newcombe_p(*sides, 0.03)
    for times, beyond in ((1.001, True), (0.999, False)):
        told = (p < 0.999) & (p > 1e-300)
        low, high = newcombe_wilson(*sides, norm.isf(np.where(told, p * times, 0.5) / 2))
        assert (((low > 0.03) | (high < -0.03))[told] == beyond).all()
    assert (p[np.abs(share - share[::-1]) <= 0.03] == 1).all()


def test_of_nobody_there_is_nothing() -> None:
    """A share of no row is NaN, and so is whatever is compared with it."""
    nobody, some = np.array([np.nan]), np.array([0.5])
    none, ten = np.array([0.0]), np.array([10.0])
    assert np.isnan([*wilson(nobody, none, Z95), *newcombe_wilson(nobody, none, some, ten, Z95)]).all()
    assert np.isnan(newcombe_p(some, ten, nobody, none, 0.05)).all()


def test_two_sided() -> None:
    """The chance to be further from 0 is SciPy's."""
    np.testing.assert_allclose(two_sided(np.array([0.0, 1.0, Z95, 8.0])), 2 * norm.sf([0.0, 1.0, Z95, 8.0]), rtol=1e-12)
