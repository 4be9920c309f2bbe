"""The figures that validation tells: those of the measures, of a list, and of two scores of the same children."""

import numpy as np
import pytest
from scipy.special import expit

from training.judging import HeldOut, Rows
from training.metrics import MEASURES, cut, recall
from training.plan import Plan
from training.resampled import Resampled, resampled
from training.validation.told import drawn, figures, minus

PLAN = Plan(bootstrap=200)
COUNT = 600


@pytest.fixture(scope="module")
def children() -> Resampled:
    """Children two to a family, some of whom stand for twice as many, with an outcome that a signal foresees."""
    chance = np.random.default_rng(2)
    y = (chance.random(COUNT) < expit(_signal() - 0.5)).astype(float)
    families = np.array([f"family {i // 2}" for i in range(COUNT)])
    rows = Rows(np.zeros((COUNT, 1)), y, families, chance.choice([0.5, 1.5], COUNT))
    return resampled(rows, HeldOut(np.arange(COUNT), _signal()[None, :], np.zeros((1, COUNT), dtype=np.int64)), PLAN)


def _signal() -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.random.default_rng(1).normal(size=COUNT)


def test_figures_are_those_of_the_measures(children: Resampled) -> None:
    """Each figure is its measure of the children as they are weighted, within its interval."""
    found = figures(drawn((_signal() - 0.5)[None, :], children, 0.2))
    assert list(found) == ["auc", "log_loss", "calibration_slope", "observed_over_expected", "recall"]
    for name in ("auc", "log_loss", "calibration_slope"):
        expected = MEASURES[name](_signal() - 0.5, children.y, children.weights[None, :])[0]
        assert found[name]["value"] == pytest.approx(expected, abs=1e-6)
    listed = cut(_signal(), 0.2, children.weights).flagged
    assert found["recall"]["value"] == pytest.approx(recall(listed, children.y, children.weights[None, :])[0], abs=1e-6)
    for figure in found.values():
        low, value, high = (figure[name] for name in ("low", "value", "high"))
        assert low is not None
        assert value is not None
        assert high is not None
        assert low < value < high
    assert found["observed_over_expected"]["value"] == pytest.approx(1, abs=0.1)


def test_a_difference_is_paired(children: Resampled) -> None:
    """Scores less themselves differ by nothing at all; a signal less noise foresees better, beyond chance."""
    signal, noise = (
        drawn(one[None, :], children, 0.2) for one in (_signal(), np.random.default_rng(3).normal(size=COUNT))
    )
    assert all(set(figure.values()) == {0.0} for figure in minus(signal, signal).values())
    better = minus(signal, noise)["auc"]["low"]
    assert better is not None
    assert better > 0.1
