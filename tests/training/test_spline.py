"""Restricted cubic splines: by hand, against scikit-learn, and where there is no fit."""

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from models.estimator import expit
from training.spline import FEWEST_OF_EITHER, KNOTS_AT, fit_spline, knots_of, spline_basis

Floats = NDArray[np.float64]
KNOTS = np.array([-1.0, 0.0, 0.5, 2.0])


def drawn(n: int = 600) -> tuple[Floats, Floats]:
    """Log-odds, and outcomes whose true log-odds bend with them."""
    rng = np.random.default_rng(4)
    x = rng.normal(size=n)
    truth = np.array([expit(-0.5 + 0.3 * at * at * at + at) for at in x.tolist()])
    return x, (rng.random(n) < truth).astype(float)


def test_straight_beyond_the_knots() -> None:
    """Beyond the outer knots every column is a straight line, and between them two are not."""
    step = 0.25
    below, between, above = (
        np.diff(spline_basis(np.arange(low, low + 5 * step, step), KNOTS), n=2, axis=0) for low in (-9.0, -0.5, 2.0)
    )
    assert np.abs(below).max() < 1e-12
    assert np.abs(above).max() < 1e-12
    assert (np.abs(between).max(axis=0) > 1e-3).tolist() == [False, False, True, True]


def test_smooth_at_the_knots() -> None:
    """At every knot the value, the slope and the bend of each column are the same from either side."""
    by = 1e-4
    for knot in KNOTS.tolist():
        around = spline_basis(knot + by * np.arange(-3.0, 4.0), KNOTS)
        bend = np.diff(around, n=2, axis=0) / by**2
        assert np.abs(np.diff(bend, axis=0)).max() < 0.05


def test_against_reference() -> None:
    """Each resample's fit is the maximum-likelihood fit of the same columns, by another hand."""
    x, y = drawn()
    knots = knots_of(x, y)
    assert knots is not None
    weights = np.random.default_rng(2).integers(0, 4, (5, len(x))).astype(float)
    found = fit_spline(x, weights * y, weights * (1 - y), knots)
    basis = spline_basis(x, knots)
    for coefficients, w in zip(found, weights, strict=True):
        model = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-13, max_iter=1000, fit_intercept=False)
        model.fit(basis, y, sample_weight=w)
        assert basis @ coefficients == pytest.approx(basis @ model.coef_[0], abs=1e-5)


def test_any_units() -> None:
    """The same children on a hundredth of the scale, or on a hundredfold, have the same fitted log-odds."""
    x, y = drawn()
    knots = knots_of(x, y)
    assert knots is not None
    fitted = spline_basis(x, knots) @ fit_spline(x, y[None, :], 1 - y[None, :], knots)[0]
    for scale in (0.01, 100.0):
        coefficients = fit_spline(scale * x, y[None, :], 1 - y[None, :], scale * knots)[0]
        assert spline_basis(scale * x, scale * knots) @ coefficients == pytest.approx(fitted, abs=1e-6)


def test_separated() -> None:
    """A resample that the spline separates perfectly has no fit, and says nothing of the others."""
    x, y = drawn()
    separated = (x > 0.1).astype(float)
    events = np.stack([y, separated, y])
    found = fit_spline(x, events, 1 - events, KNOTS)
    assert np.isnan(found).all(axis=1).tolist() == [False, True, False]
    assert found[0].tolist() == pytest.approx(found[2].tolist(), rel=1e-12)


def test_where_knots_go() -> None:
    """Four knots stand at the declared quantiles, and nowhere where ties leave no room or too few have the outcome."""
    x, y = drawn()
    assert knots_of(x, y) == pytest.approx(np.quantile(x, KNOTS_AT))
    assert knots_of(np.round(x / 2), y) is None
    few = np.zeros(len(x))
    few[:FEWEST_OF_EITHER] = 1.0
    assert knots_of(x, few) is not None
    assert knots_of(x, 1.0 - few) is not None
    few[0] = 0.0
    assert knots_of(x, few) is None
    assert knots_of(x, 1.0 - few) is None
