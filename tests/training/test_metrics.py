"""Measures of held-out scores against scikit-learn's, whole-number weights as repeated rows, and cuts that break no tie."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score
from sklearn.metrics import log_loss as sklearn_log_loss

from training.metrics import (
    MEASURES,
    Measure,
    auc,
    average_precision,
    brier,
    calibration_intercept,
    calibration_slope,
    cut,
    family_weights,
    log_loss,
    observed_over_expected,
    ppv,
    recall,
)

Floats = NDArray[np.float64]
QUICK = settings(derandomize=True, database=None, deadline=None, max_examples=40)
NUMBER = st.integers(0, 4).map(lambda k: k / 2 - 1) | st.floats(-4, 4).map(lambda x: round(x, 2))
REFERENCES: list[tuple[Measure, Callable[[Floats, Floats, Floats], float]]] = [
    (auc, lambda y, p, w: roc_auc_score(y, p, sample_weight=w)),
    (average_precision, lambda y, p, w: average_precision_score(y, p, sample_weight=w)),
    (brier, lambda y, p, w: brier_score_loss(y, p, sample_weight=w)),
    (log_loss, lambda y, p, w: sklearn_log_loss(y, p, sample_weight=w)),
]


@st.composite
def scored(draw: st.DrawFn) -> tuple[Floats, Floats, Floats]:
    """Log-odds with ties, outcomes of both kinds, and whole-number weights that leave both kinds in."""
    n = draw(st.integers(4, 40))
    log_odds = draw(st.lists(NUMBER, min_size=n, max_size=n))
    y = [1.0, 0.0, *draw(st.lists(st.sampled_from((0.0, 1.0)), min_size=n - 2, max_size=n - 2))]
    weights = [1.0, 2.0, *draw(st.lists(st.integers(0, 3).map(float), min_size=n - 2, max_size=n - 2))]
    return np.array(log_odds), np.array(y), np.array(weights)


@QUICK
@given(children=scored())
def test_against_scikit_learn(children: tuple[Floats, Floats, Floats]) -> None:
    """Area, average precision, Brier score and log-loss are scikit-learn's, weighted or not, with ties."""
    log_odds, y, weights = children
    probability = 1 / (1 + np.exp(-log_odds))
    for measure, reference in REFERENCES:
        ones, weighted = measure(log_odds, y, np.stack([np.ones_like(weights), weights]))
        assert ones == pytest.approx(reference(y, probability, np.ones_like(y)), abs=1e-12)
        assert weighted == pytest.approx(reference(y, probability, weights), abs=1e-12)


@QUICK
@given(children=scored())
@pytest.mark.parametrize("name", ["auc", "average_precision", "brier", "log_loss"])
def test_weights_are_repeated_rows(name: str, children: tuple[Floats, Floats, Floats]) -> None:
    """A child drawn twice into a resample counts as two, and one not drawn as none."""
    log_odds, y, weights = children
    again = np.repeat(np.arange(len(y)), weights.astype(int))
    one = np.ones((1, len(again)))
    assert MEASURES[name](log_odds, y, weights[None, :])[0] == pytest.approx(
        MEASURES[name](log_odds[again], y[again], one)[0], abs=1e-12
    )


@pytest.mark.parametrize(
    ("log_odds", "y", "area", "precision"),
    [
        ([0.0, 1.0, 2.0, 3.0], [0, 0, 1, 1], 1.0, 1.0),
        ([3.0, 2.0, 1.0, 0.0], [0, 0, 1, 1], 0.0, (1 / 3 + 1 / 2) / 2),
        ([1.0, 1.0, 1.0, 1.0], [0, 1, 0, 1], 0.5, 0.5),
        ([0.0, 1.0, 1.0, 2.0], [0, 0, 1, 1], 0.875, (1.0 + 2 / 3) / 2),
    ],
)
def test_by_hand(log_odds: list[float], y: list[int], area: float, precision: float) -> None:
    """Ties count half in the area, and all at once in the precision."""
    one = np.ones((1, 4))
    assert auc(np.array(log_odds), np.array(y, float), one)[0] == area
    assert average_precision(np.array(log_odds), np.array(y, float), one)[0] == pytest.approx(precision)


@pytest.mark.parametrize("measure", [auc, average_precision])
def test_not_defined(measure: Measure) -> None:
    """A resample without a child who has the outcome has no ranking, and does not stop the others."""
    found = measure(np.arange(4.0), np.array([0.0, 0, 1, 1]), np.array([[1.0, 1, 0, 0], [1, 1, 1, 1]]))
    assert np.isnan(found[0])
    assert found[1] == 1.0


def test_calibration_measures() -> None:
    """Slope and intercept are those of logistic regression on the log-odds, and on them as they are."""
    rng = np.random.default_rng(2)
    log_odds = rng.normal(size=500) - 1
    y = (rng.random(500) < 1 / (1 + np.exp(-(0.4 + 0.7 * log_odds)))).astype(float)
    one = np.ones((1, 500))
    model = LogisticRegression(C=np.inf, tol=1e-12).fit(log_odds[:, None], y)
    assert calibration_slope(log_odds, y, one)[0] == pytest.approx(model.coef_[0, 0], rel=1e-4)
    shift = calibration_intercept(log_odds, y, one)[0]
    assert float((1 / (1 + np.exp(-(log_odds + shift)))).sum()) == pytest.approx(float(y.sum()))


@pytest.mark.parametrize("shift", [-4.0, 4.0])
def test_calibration_intercept_of_scores_far_off(shift: float) -> None:
    """Scores that are far too low or too high have the intercept that sets them right."""
    rng = np.random.default_rng(4)
    truth = rng.normal(size=500)
    y = (rng.random(500) < 1 / (1 + np.exp(-truth))).astype(float)
    found = calibration_intercept(truth + shift, y, np.ones((1, 500)))[0]
    assert float((1 / (1 + np.exp(-(truth + shift + found)))).sum()) == pytest.approx(float(y.sum()))


# Cuts.


@settings(QUICK, max_examples=200)
@given(
    log_odds=st.lists(NUMBER, min_size=1, max_size=40),
    capacity=st.sampled_from((0.01, 0.05, 0.1, 0.2, 0.29, 0.5, 0.99)),
)
def test_a_cut_flags_at_most_its_capacity(log_odds: list[float], capacity: float) -> None:
    """A cut flags whole ties, never more children than there is room for, and as many ties as fit."""
    scores = np.array(log_odds)
    found = cut(scores, capacity)
    flagged = int(found.flagged.sum())
    assert flagged <= capacity * len(scores) + 1e-9
    assert (found.flagged == (scores >= found.threshold)).all()
    rest = scores[~found.flagged]
    next_tie = int((rest == rest.max()).sum()) if len(rest) else 0
    assert found.left_out_tie == next_tie
    assert not len(rest) or flagged + next_tie > capacity * len(scores) - 1e-9


@pytest.mark.parametrize(
    ("log_odds", "capacity", "threshold", "flagged", "left_out"),
    [
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.2, 9.0, 2, 1),
        ([1, 2, 3, 4, 5, 6, 7, 8, 8, 8], 0.2, np.inf, 0, 3),
        ([1, 2, 3, 4, 5, 6, 7, 8, 8, 9], 0.2, 9.0, 1, 2),
        ([1] * 10, 0.2, np.inf, 0, 10),
        ([1, 2, 3], 0.3, np.inf, 0, 1),
        (list(range(100)), 0.29, 71.0, 29, 1),
    ],
)
def test_cuts(log_odds: list[float], capacity: float, threshold: float, flagged: int, left_out: int) -> None:
    """The threshold is the smallest score that flags at most the capacity; the tie it leaves out is counted."""
    found = cut(np.array(log_odds, float), capacity)
    assert (found.threshold, int(found.flagged.sum()), found.left_out_tie) == (threshold, flagged, left_out)


def test_a_cut_knows_no_order() -> None:
    """Who is flagged does not depend on the order of the children."""
    scores = np.array([3.0, 1.0, 3.0, 2.0, 4.0, 2.0, 0.0, 0.0, 1.0, 4.0])
    order = np.random.default_rng(1).permutation(10)
    assert (cut(scores, 0.4).flagged[order] == cut(scores[order], 0.4).flagged).all()


def test_recall_and_ppv() -> None:
    """Recall is the share of those with the outcome who are flagged, PPV of those flagged who have it, weights counted."""
    flagged, y = np.array([True, True, False, False]), np.array([1.0, 0, 1, 0])
    weights = np.array([[1.0, 1, 1, 1], [3, 1, 1, 0], [0, 0, 0, 1]])
    assert recall(flagged, y, weights)[:2].tolist() == [0.5, 0.75]
    assert ppv(flagged, y, weights)[:2].tolist() == [0.5, 0.75]
    assert np.isnan(recall(flagged, y, weights)[2])
    assert np.isnan(ppv(flagged, y, weights)[2])


def test_families_are_drawn_whole() -> None:
    """A resample draws as many families as there are, each whole, and the same ones for the same seed."""
    families = np.array(["a", "b", "a", "c", "c", "c", "d"])
    weights = family_weights(families, 50, 7)
    assert weights.shape == (50, 7)
    assert (weights[:, 0] == weights[:, 2]).all()
    assert (weights[:, 3:6] == weights[:, 3:4]).all()
    assert (weights[:, [0, 1, 3, 6]].sum(axis=1) == 4).all()
    assert len({tuple(line) for line in weights.tolist()}) > 20
    assert (weights == family_weights(families, 50, 7)).all()


def test_observed_over_expected() -> None:
    """It is how many have the outcome for each one foreseen, children counted as often as they are weighted."""
    found = observed_over_expected(
        np.zeros(4), np.array([1.0, 1.0, 1.0, 0.0]), np.array([[1.0, 1, 1, 1], [0, 0, 1, 3]])
    )
    assert found.tolist() == [1.5, 0.5]


@pytest.mark.parametrize("capacity", [0.1, 0.25, 0.5])
def test_a_weighted_cut_is_one_of_repeated_rows(capacity: float) -> None:
    """A child that stands for three takes three places on a list: the cut is that of the rows repeated, ties and all."""
    chance = np.random.default_rng(4)
    scores, times = np.round(chance.normal(size=60), 1), chance.integers(1, 5, 60)
    found, repeated = cut(scores, capacity, times.astype(float)), cut(np.repeat(scores, times), capacity)
    assert found.threshold == repeated.threshold
    assert (np.repeat(found.flagged, times) == repeated.flagged).all()
