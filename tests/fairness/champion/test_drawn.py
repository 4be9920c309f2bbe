"""Both models' measures on the same draws: those that anyone can count, and spreads that agree with plain resampling."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from fairness.champion.both import Both, both
from fairness.champion.drawn import Draws

Tables = tuple[pd.DataFrame, pd.DataFrame]


@pytest.fixture(scope="module")
def children(invented: Callable[[float], Tables]) -> Both:
    """The invented children, of whom two models differ."""
    (found,) = both(*invented(0.5), ["side"], 0.2)
    return found


def test_measures_are_those_of_the_children(children: Both) -> None:
    """Before any draw each measure is what anyone can count, of each group and of everyone without it."""
    place = np.unique(children.groups["side"], return_inverse=True)[1]
    (everyone,) = Draws(children).lines(np.zeros_like(place), 1)
    north, south = Draws(children).lines(place, 2)
    y, listed = children.observed, children.listed[1]
    for line, rows in ((north, place == 0), (south, place == 1), (everyone.without(north), place == 1)):
        assert line.measure("recall")[1, 0] == (y & listed & rows).sum() / (y & rows).sum()
        assert line.measure("ppv")[1, 0] == (y & listed & rows).sum() / (listed & rows).sum()
        expected = (y & rows).sum() / children.probability[1, rows].sum()
        assert line.measure("observed_over_expected")[1, 0] == pytest.approx(expected)
    for model in (0, 1):
        area = roc_auc_score(y[place == 1], children.probability[model, place == 1])
        assert south.measure("auc")[model, 0] == pytest.approx(area)


def test_spread_of_an_auc(children: Both) -> None:
    """The difference of two AUCs varies over draws as much as when every draw is sorted anew."""
    rng, y = np.random.default_rng(2), children.observed
    (everyone,) = Draws(children).lines(np.zeros(len(y), dtype=np.int64), 1)
    drawn = np.diff(everyone.measure("auc"), axis=0)[0, 1:]
    families, of = np.unique(children.family, return_inverse=True)
    rows = [
        np.repeat(np.arange(len(y)), rng.multinomial(len(families), np.full(len(families), 1 / len(families)))[of])
        for _ in range(200)
    ]
    plain = [
        np.subtract(*(roc_auc_score(y[row], children.probability[model, row]) for model in (1, 0))) for row in rows
    ]
    assert drawn.std() == pytest.approx(np.std(plain), rel=0.15)


def test_nobody_has_no_auc(children: Both) -> None:
    """Where every child has the outcome, or none, there is no AUC; nobody has no measure at all."""
    place = np.where(children.observed, 0, 1)
    with_it, without, nobody = Draws(children).lines(place, 3)
    assert np.isnan(with_it.measure("auc")).all()
    assert np.isnan(without.measure("recall")).all()
    assert np.isnan(nobody.measure("ppv")).all()
