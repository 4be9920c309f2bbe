"""AUC of single columns, with an interval that holds where there are few children."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from training.alarms.ranks import auc_of, interval


@pytest.mark.parametrize("sign", [1, -1])
def test_auc(sign: int) -> None:
    """It is scikit-learn's AUC of the children it is known of, ties half, in whichever direction is above one half."""
    chance = np.random.default_rng(1)
    y = (chance.random(300) < 0.3).astype(float)
    x = sign * np.round(y + chance.normal(size=300), 0)
    x[::7] = np.nan
    known = ~np.isnan(x)
    found = auc_of(x, y)
    assert found.value == pytest.approx(roc_auc_score(y[known], sign * x[known]), abs=1e-12)
    assert (found.events, found.without) == (int(y[known].sum()), int((1 - y[known]).sum()))
    assert found.low < found.value < found.high


def test_interval_holds_the_truth() -> None:
    """Over many samples of 20 and 30 children, the 95 % interval holds the true AUC in 92 to 98 of 100."""
    chance = np.random.default_rng(2)
    truth = 0.760250  # of normals a standard deviation apart: Phi(1 / sqrt 2)
    y = np.repeat([1.0, 0.0], (20, 30))
    held = [found.low <= truth <= found.high for _ in range(1000) for found in [auc_of(chance.normal(size=50) + y, y)]]
    assert 0.92 <= np.mean(held) <= 0.98


def test_few_children_told_apart_perfectly_say_little() -> None:
    """Three and three children who happen to be told apart leave the interval wide; a hundred and a hundred do not."""
    assert interval(1.0, 3, 3)[0] < 0.65
    assert interval(1.0, 100, 100)[0] > 0.95


def test_one_outcome_alone_has_no_auc() -> None:
    """Where all who are known have one outcome there is nothing to rank: one half, and nothing is sure."""
    found = auc_of(np.array([1.0, 2.0, np.nan]), np.array([1.0, 1.0, 0.0]))
    assert (found.value, found.low, found.high) == (0.5, 0.0, 1.0)
