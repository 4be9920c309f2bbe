"""Families drawn again: weights count in every draw, and blocks of draws change nothing."""

from collections.abc import Callable

import numpy as np

from training.judging import HeldOut, Rows
from training.metrics import auc, brier, family_weights
from training.plan import Plan
from training.resampled import figure, over_repeats, resampled

COUNT = 60


def test_who_is_drawn(rows_of: Callable[..., Rows]) -> None:
    """Only held-out children are there, in their order, families drawn whole, each draw times the sampling weights."""
    chance = np.random.default_rng(1)
    y, weights = (chance.random(COUNT) < 0.4).astype(float), chance.uniform(0.5, 1.5, COUNT)
    rows = rows_of(np.zeros((COUNT, 1)), y, to_a_family=2, weights=weights)
    who = np.arange(20, 50)
    plan = Plan(bootstrap=100, seed=9)
    children = resampled(rows, HeldOut(who, np.zeros((1, 30)), np.zeros((1, 30), dtype=np.int64)), plan)
    assert children.y.tolist() == y[who].tolist()
    assert children.weights.tolist() == weights[who].tolist()
    times = children.drawn / weights[who]
    assert np.allclose(times, family_weights(rows.families[who], 100, 9))
    assert np.allclose(times[:, ::2], times[:, 1::2])


def test_repeats_are_averaged(rows_of: Callable[..., Rows]) -> None:
    """A measure is the mean over the repeats, in each draw too."""
    chance = np.random.default_rng(2)
    y, log_odds = (chance.random(COUNT) < 0.4).astype(float), chance.normal(size=(3, COUNT))
    rows = rows_of(np.zeros((COUNT, 1)), y)
    children = resampled(rows, HeldOut(np.arange(COUNT), log_odds, log_odds.astype(np.int64)), Plan(bootstrap=100))
    for measure in (auc, brier):
        value, drawn = over_repeats(measure, log_odds, children)
        assert np.isclose(value, np.mean([measure(one, y, np.ones((1, COUNT)))[0] for one in log_odds]))
        assert np.allclose(drawn, np.mean([measure(one, y, children.drawn) for one in log_odds], axis=0))


def test_a_figure() -> None:
    """A figure has its value and the middle 95 % of the draws that are defined, and is None where there are none."""
    drawn = np.append(np.arange(1001.0), np.nan)
    assert figure(500.1234567, drawn) == {"value": 500.123457, "low": 25.0, "high": 975.0}
    assert figure(np.nan, np.array([np.nan])) == {"value": None, "low": None, "high": None}
