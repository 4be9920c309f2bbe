"""How well an outcome can be foreseen: areas under the curve with their errors, and a list of a tenth."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from training.synthetic.foresight import _auc, _halves, _HeldOut, _top, england

RNG = np.random.default_rng(8)
SCORE = RNG.random(4000)
OUTCOME = (RNG.random(4000) < 0.6 * SCORE).astype(np.float64)


def test_the_area_under_the_curve() -> None:
    """The area is the usual one, and its spread is that of the areas of samples like it."""
    reached = _auc(_HeldOut(SCORE, OUTCOME))
    assert reached.value == pytest.approx(roc_auc_score(OUTCOME, SCORE))
    assert reached.children == 4000
    again = [roc_auc_score(OUTCOME[rows], SCORE[rows]) for rows in (RNG.integers(0, 4000, 4000) for _ in range(200))]
    assert reached.spread == pytest.approx(np.std(again), rel=0.25)


def test_a_list_of_a_tenth() -> None:
    """Of a list of a tenth: the share with the outcome, how many times that of all, and how much of all of it."""
    found = _top(_HeldOut(SCORE, OUTCOME))
    listed = OUTCOME[np.argsort(SCORE)[-400:]]
    assert found["top10_ppv"].value == pytest.approx(listed.mean())
    assert found["top10_lift"].value == pytest.approx(listed.mean() / OUTCOME.mean())
    assert found["top10_recall"].value == pytest.approx(listed.sum() / OUTCOME.sum())


def test_learned_on_one_half_and_judged_on_the_other() -> None:
    """What is foreseen is of the half that was not learned from; what is not known is no obstacle."""
    x = np.column_stack([SCORE, np.where(RNG.random(4000) < 0.2, np.nan, RNG.random(4000)), np.full(4000, np.nan)])
    first = np.arange(4000) < 2000
    held_out = _halves(x, OUTCOME, first)
    assert np.array_equal(held_out.outcome, OUTCOME[~first])
    assert np.corrcoef(held_out.chance, SCORE[~first])[0, 1] > 0.95
    changed = np.where(first, OUTCOME, 1 - OUTCOME)
    assert np.array_equal(_halves(x, changed, first).chance, held_out.chance)


def test_the_shipped_contract() -> None:
    """The contract is the one shipped for England, whose landmark and outcome are asked."""
    contract = england()
    assert contract.name == "england"
    assert contract.landmark("two_year").age == 930
