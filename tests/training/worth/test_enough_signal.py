"""Enough signal: noise is not called signal, signal is, and the level is shared by all that is tested."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.metrics import roc_auc_score

from training.evaluation import evaluate
from training.judging import Judged, NoSignal, Rows
from training.metrics import auc, family_weights
from training.plan import Plan
from training.split import TimeSplit
from training.study import AllJudged, Study
from training.worth.enough_signal import auc_and_error, signal, signal_gate, unlearned_gate

COUNT = 500
PLAN = Plan(bootstrap=100)
EVERYONE = TimeSplit(np.arange(COUNT), np.arange(0), np.arange(0), lag=1)
Make = Callable[..., Study]


@pytest.fixture
def families_of_two(rows_of: Callable[..., Rows]) -> Callable[[int, float], Rows]:
    """Return children, two to a family, whose x says so much of their outcome."""

    def rows(seed: int, strength: float) -> Rows:
        chance = np.random.default_rng([31, seed])
        x = np.repeat(chance.normal(size=COUNT // 2), 2) + 0.5 * chance.normal(size=COUNT)
        y = (chance.random(COUNT) < 1 / (1 + np.exp(1 - strength * x))).astype(float)
        return rows_of(x[:, None], y, to_a_family=2)

    return rows


def _part(study: Study, judged: Judged, heads: int) -> dict[str, Any]:
    both: AllJudged = {"logistic": judged, "glass box": judged}
    part = {"landmark": "then", "outcome": "later", **evaluate(both, study.rows, PLAN)}
    return part | {"signal": signal(study, both, "logistic", PLAN, heads)}


def test_auc_and_its_error(
    study_with: Make, families_of_two: Callable[..., Rows], judged_by: Callable[..., Judged]
) -> None:
    """The AUC is scikit-learn's, and its error what drawing whole families again finds."""
    rows = families_of_two(1, 1.0)
    area, error = auc_and_error(study_with(rows, EVERYONE), judged_by(rows.x[:, 0]), PLAN)
    assert area == pytest.approx(roc_auc_score(rows.y, rows.x[:, 0]), abs=1e-12)
    drawn = auc(rows.x[:, 0], rows.y, family_weights(rows.families, 4000, 2))
    assert error == pytest.approx(drawn.std(), rel=0.05)


def test_weights_count(
    study_with: Make, families_of_two: Callable[..., Rows], judged_by: Callable[..., Judged]
) -> None:
    """A child of weight two counts as that child twice."""
    rows = families_of_two(2, 0.7)
    weights = np.random.default_rng(3).integers(1, 3, COUNT)
    twice = np.repeat(np.arange(COUNT), weights)
    weighted = Rows(rows.x, rows.y, rows.families, weights.astype(float))
    found = auc_and_error(study_with(weighted, EVERYONE), judged_by(rows.x[:, 0]), PLAN)
    everyone = auc_and_error(study_with(rows.take(twice), EVERYONE), judged_by(rows.x[twice, 0]), PLAN)
    assert found == pytest.approx(everyone, abs=1e-12)


def test_folds_go_together(
    study_with: Make, families_of_two: Callable[..., Rows], judged_by: Callable[..., Judged]
) -> None:
    """By five folds the error is one and a half times as large, and repeats of the same children do not shrink it."""
    rows = families_of_two(3, 0.7)
    noise = np.random.default_rng(4).normal(size=(4, COUNT))
    once = auc_and_error(study_with(rows, EVERYONE), judged_by(rows.x[:, 0]), PLAN)[1]
    assert auc_and_error(study_with(rows), judged_by(rows.x[:, 0]), PLAN)[1] == pytest.approx(1.5 * once)
    repeats = rows.x[:, 0] + noise
    alone = [auc_and_error(study_with(rows), judged_by(scores), PLAN)[1] for scores in repeats]
    assert min(alone) <= auc_and_error(study_with(rows), judged_by(repeats), PLAN)[1] <= max(alone)


def test_noise_passes_as_seldom_as_the_level_says(
    study_with: Make, families_of_two: Callable[..., Rows], judged_by: Callable[..., Judged]
) -> None:
    """Of 1,000 tests of noise at one-sided 1 %, where siblings score alike, near 10 pass."""
    beyond = 0
    for seed in range(1000):
        rows = families_of_two(seed, 0.0)
        area, error = auc_and_error(study_with(rows, EVERYONE), judged_by(rows.x[:, 0]), PLAN)
        beyond += area - norm.isf(0.01) * error > 0.5
    assert 3 <= beyond <= 20


def test_the_level_is_shared(
    study_with: Make, families_of_two: Callable[..., Rows], judged_by: Callable[..., Judged]
) -> None:
    """A signal that is enough for one head's level is not for a hundred heads'; and both candidates share it."""
    rows = families_of_two(5, 0.32)
    study, judged = study_with(rows, EVERYONE), judged_by(rows.x[:, 0])
    one, many = _part(study, judged, 1), _part(study, judged, 100)
    assert (one["signal"]["level"], many["signal"]["level"]) == (0.005, 0.00005)
    assert one["signal"]["z"] == many["signal"]["z"]
    assert norm.isf(0.005) < one["signal"]["z"] < norm.isf(0.00005)
    assert [signal_gate(part, PLAN).verdict for part in (one, many)] == ["passed", "blocked"]


def test_a_slope_that_may_be_nothing_is_no_signal(
    study_with: Make, families_of_two: Callable[..., Rows], judged_by: Callable[..., Judged]
) -> None:
    """However large the AUC, a calibration slope whose interval reaches 0 is not enough, nor one that is not defined."""
    rows = families_of_two(6, 1.5)
    part = _part(study_with(rows, EVERYONE), judged_by(rows.x[:, 0]), 1)
    assert signal_gate(part, PLAN).verdict == "passed"
    for low in (0.0, None):
        part["candidates"]["logistic"]["calibration_slope"]["low"] = low
        gate = signal_gate(part, PLAN)
        assert (gate.code, gate.kind, gate.verdict) == ("signal", "build", "blocked")


def test_the_same_score_for_all_is_no_signal(
    study_with: Make, families_of_two: Callable[..., Rows], judged_by: Callable[..., Judged]
) -> None:
    """Where all held-out children score alike, there is an AUC of a half, no error to divide by, and no signal."""
    rows = families_of_two(7, 1.0)
    part = _part(study_with(rows, EVERYONE), judged_by(np.zeros(COUNT)), 1)
    assert (part["signal"]["auc"], part["signal"]["z"]) == (0.5, None)
    assert signal_gate(part, PLAN).verdict == "blocked"


def test_nothing_learned(study_with: Make, families_of_two: Callable[..., Rows]) -> None:
    """Where nothing could be learned the gate says so, and what to do."""
    gate = unlearned_gate(study_with(families_of_two(8, 0.0)), NoSignal("the slope is not above 0"), PLAN)
    assert (gate.code, gate.kind, gate.verdict, gate.value) == ("signal", "build", "blocked", None)
    assert "the slope is not above 0" in gate.words
    assert gate.next
