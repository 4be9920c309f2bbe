"""Riley's minimum sample size, against published figures and against long ways round."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.special import expit

from training.affine import fit_affine
from training.judging import Rows
from training.plan import Plan
from training.worth.riley import cox_snell, effective_parameters, riley, sample_sizes


def test_published_sizes() -> None:
    """24 parameters, R² of .288, a risk of .174: 623, 662 and 221 children (Riley et al., 2019)."""
    assert sample_sizes(0.288, 0.174, 24) == {"shrinkage": 623, "optimism": 662, "overall_risk": 221}


@pytest.mark.parametrize(("auc", "rate"), [(0.7, 0.3), (0.8, 0.1), (0.9, 0.5)])
def test_r2_of_an_auc(auc: float, rate: float) -> None:
    """The R² is that of a logistic regression on two normal distributions as far apart as the AUC says."""
    chance, count = np.random.default_rng(3), 200_000
    y = (np.arange(count) < rate * count).astype(float)
    x = chance.normal(size=count) + y * cox_snell_distance(auc)
    (intercept,), (slope,) = fit_affine(x, y)
    gained = np.mean(np.log(np.where(y == 1, expit(intercept + slope * x), expit(-intercept - slope * x))))
    alone = rate * np.log(rate) + (1 - rate) * np.log(1 - rate)
    assert cox_snell(auc, rate) == pytest.approx(1 - np.exp(-2 * (gained - alone)), abs=0.005)


def cox_snell_distance(auc: float) -> float:
    """Return how far apart two normal distributions are for that AUC, by bisection of simulated pairs."""
    pairs = np.random.default_rng(4).normal(size=(400_000, 2)) @ [1.0, -1.0]
    return float(np.quantile(pairs, auc))


def test_a_penalty_spends_fewer() -> None:
    """With next to no penalty there are as many as columns (a mark of not known is one); with a heavy one next to none."""
    x = np.random.default_rng(5).normal(size=(400, 3))
    x[:40, 1] = np.nan
    x = np.column_stack([x, np.full(400, 7.0)])
    assert effective_parameters(x, 0.3, 1e6) == pytest.approx(4, abs=1e-3)
    assert effective_parameters(x, 0.3, 0.1) < 3.9
    assert effective_parameters(x, 0.3, 1e-6) < 0.01


def test_enough_or_not(rows_of: Callable[..., Rows]) -> None:
    """Whether there are enough is whether the largest of the three is reached by those learned from."""
    chance = np.random.default_rng(6)
    x, y = chance.normal(size=(2000, 10)), (chance.random(2000) < 0.3).astype(float)
    found = riley(rows_of(x, y), Plan())
    assert found["learned_on"] == 2000
    assert 9 < found["effective_parameters"] < 10
    assert found["enough"] is True
    few = riley(rows_of(x[:300], y[:300]), Plan())
    assert few["enough"] is False
    assert max(few["needed"].values()) > 300
