"""Logistic regression as linear terms: the sums that scikit-learn's own decision function gives, centred, nothing lost."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from models.estimator import Estimator
from models.terms import EstimatorSpec, Input
from training.logistic import Fitted, fit_logistic
from training.plan_parts import Logistic

Floats = NDArray[np.float64]
PLAN = Logistic(inverse_penalty=0.5)


def _inputs(x: Floats) -> list[Input]:
    known = [column[~np.isnan(column)] for column in x.T]
    return [
        Input(
            feature=f"f{i}",
            low=float(values.min()) if len(values) else 0.0,
            high=float(values.max()) if len(values) else 0.0,
            typical=0.0,
            n_known=len(values),
            n_not_known=len(x) - len(values),
        )
        for i, values in enumerate(known)
    ]


def _estimator(x: Floats, fitted: Fitted) -> Estimator:
    return Estimator(
        EstimatorSpec(
            landmark="then",
            outcome="later",
            kind="logistic",
            intercept=fitted.intercept,
            inputs=tuple(_inputs(x)),
            terms=tuple(fitted.terms),
        )
    )


def _reference(x: Floats, y: Floats, asked: Floats) -> Floats:
    """Return scikit-learn's decision function: standardised values, 0 where not known, and a mark for that where seen."""
    unknown = np.isnan(x)
    mean = np.array([column[~np.isnan(column)].mean() if (~np.isnan(column)).any() else 0.0 for column in x.T])
    spread = np.array([column[~np.isnan(column)].std() if (~np.isnan(column)).any() else 0.0 for column in x.T])
    varying = spread > 0
    marked = unknown.any(axis=0) & ~unknown.all(axis=0)

    def design(rows: Floats) -> Floats:
        values = np.where(np.isnan(rows), 0.0, (rows - mean) / np.where(varying, spread, 1.0))
        return np.column_stack([values[:, varying], np.isnan(rows)[:, marked]])

    model = LogisticRegression(C=PLAN.inverse_penalty, solver="newton-cholesky", tol=1e-10, max_iter=200)
    return np.asarray(model.fit(design(x), y).decision_function(design(asked)))


def _children(seed: int, count: int = 300) -> tuple[Floats, Floats]:
    """Return features of which two are known of all, two of most and one of few, and an outcome of three of them."""
    chance = np.random.default_rng(seed)
    x = chance.normal(size=(count, 5)) * [1, 10, 0.1, 1000, 1] + [0, 50, 0, -3000, 2]
    signal = x[:, 0] + (x[:, 1] - 50) / 10 + (x[:, 3] + 3000) / 1000
    y = (chance.random(count) < 1 / (1 + np.exp(0.5 - signal))).astype(float)
    for column, share in ((2, 0.1), (3, 0.2), (4, 0.9)):
        x[chance.random(count) < share, column] = np.nan
    return x, y


@pytest.mark.parametrize("seed", range(5))
def test_terms_are_the_decision_function(seed: int) -> None:
    """On every row trained on, and on any row within their range, the terms sum to scikit-learn's decision function."""
    x, y = _children(seed)
    fitted = fit_logistic(x, y, _inputs(x), PLAN)
    low, high = np.nanmin(x, axis=0), np.nanmax(x, axis=0)
    others = np.clip(_children(seed + 100)[0], low, high)
    others[:, :2] = np.where(np.isnan(others[:, :2]), 0.0, others[:, :2])
    for rows in (x, others):
        assert np.abs(_estimator(x, fitted).log_odds(rows) - _reference(x, y, rows)).max() < 1e-9


def test_terms_are_centred() -> None:
    """Every term is 0 on average over the children trained on, so that the intercept is the average child's."""
    x, y = _children(1)
    fitted = fit_logistic(x, y, _inputs(x), PLAN)
    estimator = _estimator(x, fitted)
    contributions = estimator.score_matrix(x)[2]
    assert np.abs(contributions.mean(axis=0)).max() < 1e-12
    assert estimator.log_odds(x).mean() == pytest.approx(fitted.intercept, abs=1e-12)


def test_beyond_the_trained_range() -> None:
    """A value beyond what was trained on counts as the nearest that was."""
    x, y = _children(2)
    estimator = _estimator(x, fit_logistic(x, y, _inputs(x), PLAN))
    row = [0.0, 50.0, 0.0, -3000.0, 2.0]
    for column, (low, high) in enumerate(zip(np.nanmin(x, axis=0), np.nanmax(x, axis=0), strict=True)):
        for edge, beyond in ((low, low - 1e6), (high, high + 1e6)):
            at = [*row[:column], float(edge), *row[column + 1 :]]
            past = [*row[:column], float(beyond), *row[column + 1 :]]
            assert estimator.score(past).log_odds == estimator.score(at).log_odds


def test_never_not_known_in_training() -> None:
    """A feature that was known of every child trained on adds nothing where it is not known: the average is taken."""
    x, y = _children(3)
    estimator = _estimator(x, fit_logistic(x, y, _inputs(x), PLAN))
    assert [term.features for term in estimator.spec.terms] == [(f"f{i}",) for i in range(5)]
    contributions = estimator.score([float("nan")] * 5).contributions
    assert contributions[:2] == [0.0, 0.0]
    assert all(contribution != 0.0 for contribution in contributions[2:5])


def test_a_constant_adds_nothing() -> None:
    """A feature that is the same for all has no term, and leaves the others as they would be without it."""
    x, y = _children(4)
    with_constant = np.column_stack([x, np.full(len(x), 3.0)])
    fitted = fit_logistic(with_constant, y, _inputs(with_constant), PLAN)
    without = fit_logistic(x, y, _inputs(x), PLAN)
    assert [term.feature for term in fitted.terms] == [term.feature for term in without.terms]
    assert fitted.intercept == pytest.approx(without.intercept, abs=1e-9)


def test_known_or_not_is_all_there_is() -> None:
    """Where a feature has one value or is not known, that it is not known is learned all the same."""
    chance = np.random.default_rng(5)
    x = np.column_stack([chance.normal(size=400), np.where(chance.random(400) < 0.5, 1.0, np.nan)])
    y = (chance.random(400) < np.where(np.isnan(x[:, 1]), 0.8, 0.2)).astype(float)
    estimator = _estimator(x, fit_logistic(x, y, _inputs(x), PLAN))
    assert np.abs(estimator.log_odds(x) - _reference(x, y, x)).max() < 1e-9


def test_never_known() -> None:
    """A feature that was known of nobody has no term, and stops nothing."""
    x, y = _children(6)
    x[:, 4] = np.nan
    fitted = fit_logistic(x, y, _inputs(x), PLAN)
    assert [term.feature for term in fitted.terms] == ["f0", "f1", "f2", "f3"]
    assert np.abs(_estimator(x, fitted).log_odds(x) - _reference(x, y, x)).max() < 1e-9


def test_nothing_to_go_by() -> None:
    """Without any feature that tells children apart, everyone has the share of children with the outcome."""
    x, y = np.full((40, 2), 1.0), np.repeat([0.0, 1.0], [30, 10])
    x[:, 1] = np.nan
    fitted = fit_logistic(x, y, _inputs(x), PLAN)
    assert fitted.terms == []
    assert fitted.intercept == pytest.approx(np.log(10 / 30))


def test_the_same_again() -> None:
    """The same children give the same terms, to the bit."""
    x, y = _children(7)
    assert fit_logistic(x, y, _inputs(x), PLAN) == fit_logistic(x, y, _inputs(x), PLAN)


def _alike(seed: int, count: int = 400) -> tuple[Floats, Floats]:
    """Return five features that say nearly the same of an outcome: free coefficients of some would be negative."""
    chance = np.random.default_rng(seed)
    common = chance.normal(size=count)
    x = common[:, None] + 0.15 * chance.normal(size=(count, 5))
    x[chance.random(count) < 0.2, 4] = np.nan
    y = (chance.random(count) < 1 / (1 + np.exp(-common))).astype(float)
    return x, y


def _penalised_loss(weights: Floats, columns: Floats, y: Floats) -> float:
    log_odds = weights[0] + columns @ weights[1:]
    return float(
        (np.logaddexp(0, log_odds) - y * log_odds).sum() + (weights[1:] ** 2).sum() / (2 * PLAN.inverse_penalty)
    )


@pytest.mark.parametrize("seed", range(6))
def test_directions_are_kept(seed: int) -> None:
    """No coefficient has the sign that its declared direction forbids, though without directions some would."""
    x, y = _alike(seed)
    free = [t.coefficient for t in fit_logistic(x, y, _inputs(x), PLAN).terms if t.kind == "linear"]
    kept = [t.coefficient for t in fit_logistic(x, y, _inputs(x), PLAN, [1] * 5).terms if t.kind == "linear"]
    assert min(free) < 0
    assert kept
    assert min(kept) > 0
    mirrored = fit_logistic(-x, y, _inputs(-x), PLAN, [-1] * 5)
    assert [t.coefficient for t in mirrored.terms if t.kind == "linear"] == pytest.approx([-c for c in kept], rel=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_directions_cost_no_more_than_they_must(seed: int) -> None:
    """What is fitted within directions is the least penalised loss there is among allowed signs, by another solver."""
    x, y = _alike(seed)
    x[:, 4] = np.where(np.isnan(x[:, 4]), 0.0, x[:, 4])
    columns = (x - x.mean(axis=0)) / x.std(axis=0)
    allowed = [(None, None), *[(0, None)] * 5]
    best = minimize(_penalised_loss, np.zeros(6), args=(columns, y), bounds=allowed, method="L-BFGS-B", tol=1e-12)
    log_odds = _estimator(x, fit_logistic(x, y, _inputs(x), PLAN, [1] * 5)).log_odds(x)
    assert log_odds == pytest.approx(best.x[0] + columns @ best.x[1:], abs=2e-3)


def test_directions_that_hold_anyway_change_nothing() -> None:
    """Where no coefficient would break its direction, the fit is to the bit what it is without directions."""
    x, y = _children(1)
    without = fit_logistic(x, y, _inputs(x), PLAN)
    assert fit_logistic(x, y, _inputs(x), PLAN, [1, 1, 0, 1, 0]) == without


def test_weights_are_repeated_rows() -> None:
    """A child that stands for three teaches what three like it do, within the declared directions too."""
    x, y = _children(4)
    x = np.where(np.isnan(x), 0.0, x)
    times = np.random.default_rng(5).integers(1, 4, len(y))
    mean, spread = x.mean(axis=0), x.std(axis=0)
    repeated = np.repeat(x, times, axis=0)
    # Standardised by the same centre and spread, the penalty is the same.
    other_mean, other_spread = repeated.mean(axis=0), repeated.std(axis=0)
    scaled = PLAN.model_copy(update={"inverse_penalty": 1e6})
    for directions in (None, [1, -1, 0, 1, 0]):
        weighted = _estimator(x, fit_logistic(x, y, _inputs(x), scaled, directions, times.astype(float)))
        whole = _estimator(repeated, fit_logistic(repeated, np.repeat(y, times), _inputs(repeated), scaled, directions))
        assert weighted.log_odds(x) == pytest.approx(whole.log_odds(x), abs=1e-4)
    assert (mean != other_mean).all()
    assert (spread != other_spread).all()


def test_a_weighted_rate() -> None:
    """Where no feature varies, what is learned is the rate of the children as they are weighted."""
    x, y = np.full((4, 1), 2.0), np.array([1.0, 0.0, 0.0, 0.0])
    fitted = fit_logistic(x, y, _inputs(x), PLAN, None, np.array([3.0, 1.0, 1.0, 1.0]))
    assert fitted.intercept == pytest.approx(0.0)
    assert not fitted.terms
