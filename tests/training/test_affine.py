"""Affine calibration against scikit-learn's unpenalised logistic regression, one fit or many at once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from models.estimator import expit
from training.affine import fit_affine

Floats = NDArray[np.float64]


def reference(log_odds: Floats, y: Floats, weights: Floats) -> tuple[float, float]:
    """The maximum-likelihood intercept and slope, by another hand."""
    spread = float(np.abs(log_odds).max())
    model = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-13, max_iter=1000)
    model.fit(log_odds[:, None] / spread, y, sample_weight=weights)
    return float(model.intercept_[0]), float(model.coef_[0, 0]) / spread


def drawn(seed: int, spread: float, slope: float, shift: float, n: int = 400) -> tuple[Floats, Floats]:
    """Log-odds, and outcomes whose true log-odds are an affine function of them."""
    rng = np.random.default_rng(seed)
    log_odds = rng.normal(size=n) * spread
    truth = np.array([expit(x) for x in (shift + slope * log_odds).tolist()])
    return log_odds, (rng.random(n) < truth).astype(float)


@pytest.mark.parametrize("spread", [0.1, 0.5, 1.0, 2.0, 4.0, 10.0])
@pytest.mark.parametrize("slope", [-0.5, 0.1, 0.3, 0.8, 1.0, 1.5])
def test_one_fit(spread: float, slope: float) -> None:
    """The fit is the maximum-likelihood fit, of log-odds near together or far apart, timid or too extreme."""
    log_odds, y = drawn(3, spread, slope / spread, -0.8)
    intercept, slopes = fit_affine(log_odds, y)
    assert (float(intercept[0]), float(slopes[0])) == pytest.approx(
        reference(log_odds, y, np.ones_like(y)), rel=1e-6, abs=1e-6
    )
    assert intercept.shape == slopes.shape == (1,)


@settings(derandomize=True, database=None, deadline=None, max_examples=60)
@given(seed=st.integers(0, 10**6), spread=st.floats(0.2, 6), slope=st.floats(0.05, 1.5), shift=st.floats(-2, 2))
def test_any_fit(seed: int, spread: float, slope: float, shift: float) -> None:
    """Whatever the spread and the truth, the fit is the reference's."""
    log_odds, y = drawn(seed, spread, slope, shift)
    expected = reference(log_odds, y, np.ones_like(y))
    found = tuple(float(part[0]) for part in fit_affine(log_odds, y))
    assert found == pytest.approx(expected, rel=1e-5, abs=1e-5)


def test_many_fits_at_once() -> None:
    """Fits with whole-number weights are those of repeated rows, and many at once are each as if alone."""
    log_odds, y = drawn(5, 1.5, 0.8, -0.5, n=120)
    weights = np.random.default_rng(1).integers(0, 4, (6, 120)).astype(float)
    intercepts, slopes = fit_affine(log_odds, y, weights)
    for i, w in enumerate(weights):
        repeated = np.repeat(np.arange(120), w.astype(int))
        alone = tuple(float(part[0]) for part in fit_affine(log_odds[repeated], y[repeated]))
        assert (intercepts[i], slopes[i]) == pytest.approx(alone, rel=1e-8)
        assert (intercepts[i], slopes[i]) == pytest.approx(reference(log_odds, y, w), rel=1e-6)


def test_already_calibrated() -> None:
    """Log-odds that are the observed rates need no change: intercept 0 and slope 1, by hand."""
    log_odds = np.repeat(np.log([1 / 3, 3.0]), 4)
    y = np.array([1.0, 0, 0, 0, 1, 1, 1, 0])
    intercept, slope = fit_affine(log_odds, y)
    assert (float(intercept[0]), float(slope[0])) == pytest.approx((0.0, 1.0), abs=1e-9)


@pytest.mark.parametrize("separation", [0.1, 1.0, 10.0])
def test_perfect_separation(separation: float) -> None:
    """Where the children are perfectly separated a fit has no end, and none is given."""
    log_odds = np.concatenate([np.linspace(-3, -separation / 2, 20), np.linspace(separation / 2, 3, 20)])
    y = (np.arange(40) >= 20).astype(float)
    assert all(np.isnan(part).all() for part in fit_affine(log_odds, y))


def test_one_outcome_only() -> None:
    """Where every child has the same outcome there is no fit, and none is given."""
    log_odds = np.linspace(-2, 2, 30)
    assert all(np.isnan(part).all() for part in fit_affine(log_odds, np.ones(30)))


def test_one_log_odds_only() -> None:
    """Where every child has the same log-odds no slope can be told, and none is given."""
    assert np.isnan(fit_affine(np.full(30, 0.7), (np.arange(30) % 3 == 0).astype(float))[1]).all()


def test_many_fits_are_those_alone() -> None:
    """So many fits at once that they are worked through in parts are each what it is alone."""
    chance = np.random.default_rng(3)
    log_odds = chance.normal(size=2_000)
    y = (chance.random(2_000) < 1 / (1 + np.exp(-log_odds))).astype(float)
    weights = chance.integers(0, 3, (250, 2_000)).astype(float)
    intercepts, slopes = fit_affine(log_odds, y, weights)
    assert len(intercepts) == len(slopes) == 250
    for one in (0, 99, 100, 249):
        alone = tuple(float(part[0]) for part in fit_affine(log_odds, y, weights[one]))
        assert (intercepts[one], slopes[one]) == pytest.approx(alone, abs=1e-9)
