"""Net benefit: what is gained by offering support by a score, beside offering it to all, to nobody, or by a rule."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.special import logit

from models.feature import Rule
from training.judging import HeldOut, Rows
from training.plan import Plan
from training.resampled import Resampled, resampled
from training.worth.net_benefit import THRESHOLDS, net_benefit

COUNT = 200
RULE = Rule(name="rule", label="a rule", feature="any", at_least=1)
RARE = Rule(name="rare", label="a rare rule", feature="any", at_least=1)


def _held_out(probabilities: np.ndarray[tuple[int], np.dtype[np.float64]]) -> HeldOut:
    return HeldOut(np.arange(COUNT), logit(probabilities)[None, :], np.zeros((1, COUNT), dtype=np.int64))


@pytest.fixture
def children(rows_of: Callable[..., Rows]) -> Resampled:
    """Fifty children with the outcome, then a hundred and fifty without."""
    rows = rows_of(np.zeros((COUNT, 1)), np.repeat([1.0, 0.0], [50, 150]))
    return resampled(rows, _held_out(np.full(COUNT, 0.25)), Plan(bootstrap=200))


def test_by_hand(children: Resampled) -> None:
    """True positives less false ones at the threshold's odds, per child: by score, for all, for nobody, by rule."""
    scores = np.full(COUNT, 0.15)
    scores[10:70] = 0.45
    rules = {RULE: np.arange(COUNT) < 30, RARE: np.arange(COUNT) < 9}
    curve = net_benefit(_held_out(scores), rules, children)
    assert [at["threshold"] for at in curve] == list(THRESHOLDS)
    assert (THRESHOLDS[0], THRESHOLDS[-1]) == (0.05, 0.6)
    at = next(at for at in curve if at["threshold"] == 0.2)
    assert at["what_ships"] == pytest.approx((40 - 20 * 0.25) / COUNT, abs=1e-6)
    assert at["everyone"] == pytest.approx((50 - 150 * 0.25) / COUNT, abs=1e-6)
    assert at["nobody"] == 0
    assert at["rules"] == {"rule": pytest.approx(30 / COUNT, abs=1e-6)}
    assert at["gain"]["value"] == pytest.approx(at["what_ships"] - at["rules"]["rule"], abs=1e-6)
    assert at["gain"]["low"] < at["gain"]["value"] < at["gain"]["high"]
    steep = next(at for at in net_benefit(_held_out(scores), {}, children) if at["threshold"] == 0.4)
    assert steep["everyone"] < 0 < steep["what_ships"]
    assert steep["gain"]["value"] == steep["what_ships"]


def test_a_score_that_says_nothing_gains_nothing(children: Resampled) -> None:
    """Where every child scores alike, the score is worth what all or nobody is worth, at every threshold."""
    for at in net_benefit(_held_out(np.full(COUNT, 0.25)), {}, children):
        if at["threshold"] <= 0.25:
            assert at["what_ships"] == at["everyone"]
            assert at["gain"]["high"] <= 0
        else:
            assert at["what_ships"] is None


def test_a_few_are_not_told(children: Resampled) -> None:
    """Where support would be offered to fewer than ten, or to nobody, no figure is told of what ships."""
    scores = np.full(COUNT, 0.1)
    scores[:9] = 0.5
    curve = {at["threshold"]: at for at in net_benefit(_held_out(scores), {}, children)}
    assert curve[0.1]["what_ships"] is not None
    assert curve[0.15]["what_ships"] is None
    assert curve[0.15]["gain"] == {"value": None, "low": None, "high": None}
    assert curve[0.6]["what_ships"] is None
