"""The learning curve: more of the same families, judged by the same children, with what the last doubling brought."""

import dataclasses

import numpy as np
import pytest
from scipy.special import expit

from models.contract import Contract
from training.cohort import CohortTable
from training.judging import Judged, judge_by_time
from training.plan import Plan
from training.resampled import resampled
from training.snapshots import Matrix
from training.study import Study, study_of
from training.validation.learning_curve import DRAWS, SHARES, learning_curve, learning_curve_lines
from training.validation.told import drawn, figures

COUNT = 8000
PLAN = Plan(seed=3, bootstrap=100, folds=4, inner_folds=2, repeats=1)


@pytest.fixture(scope="module")
def study(borough: Contract) -> Study:
    """Children of four cohorts at two, every feature of whom says a little of the outcome."""
    chance, landmark, (outcome,) = np.random.default_rng(8), borough.landmark("two_year"), borough.outcomes
    features = borough.features_at(landmark)
    x = chance.normal(size=(COUNT, len(features)))
    pushes = np.array([{"raises": 1.0, "lowers": -1.0, "none": 0.5}[feature.direction] for feature in features])
    cohort = CohortTable(
        Matrix(landmark, np.array([f"child {i:04}" for i in range(COUNT)]), tuple(f.name for f in features), x),
        {outcome.name: (chance.random(COUNT) < expit(-1 + 0.3 * x @ pushes)).astype(float)},
        np.array([f"family {i // 2}" for i in range(COUNT)]),
        np.repeat(np.arange(2014, 2018), COUNT // 4),
        {},
        np.ones(COUNT),
        {},
    )
    return study_of(borough, landmark, outcome, cohort, PLAN)


def _shipped(study: Study) -> Judged:
    assert study.split is not None
    return judge_by_time("logistic", study.task, study.rows, study.split, PLAN)


def test_more_children_teach_more(study: Study) -> None:
    """Each doubling foresees better, the last as large as said, and all of them are what ships."""
    found = learning_curve(study, "logistic", PLAN)
    sizes, shipped = found["sizes"], _shipped(study)
    assert study.split is not None
    assert [one["share"] for one in sizes] == list(SHARES)
    assert [one["learned_on"] for one in sizes] == [round(share * len(study.split.learn)) for share in SHARES]
    losses = [one["figures"]["log_loss"]["value"] for one in sizes]
    assert losses == sorted(losses, reverse=True)
    assert losses[0] - losses[-1] > 0.005
    children = resampled(study.rows, shipped.held_out, PLAN)
    assert sizes[-1]["figures"] == figures(drawn(shipped.held_out.log_odds, children))
    for name in ("auc", "log_loss"):
        gain = sizes[-1]["figures"][name]["value"] - sizes[-2]["figures"][name]["value"]
        assert found["last_doubling"][name]["value"] == pytest.approx(gain, abs=2e-6)
        assert found["next_doubling"][name]["value"] == pytest.approx(gain / 2, abs=2e-6)
    lines = list(learning_curve_lines({"full": {"learning_curve": found}}))
    assert len(lines) == 2
    assert f"6,000: {sizes[-1]['figures']['auc']['value']:.3f}" in lines[0]
    assert "half of that" in lines[1]


def test_the_same_seed_says_the_same(study: Study) -> None:
    """The same plan draws the same families; another seed draws others, of which all together are the same."""
    first, again = (learning_curve(study, "logistic", PLAN) for _ in range(2))
    other = learning_curve(study, "logistic", PLAN.model_copy(update={"seed": 4}))
    assert first == again
    assert DRAWS > 1
    values = [[one["figures"]["auc"]["value"] for one in found["sizes"]] for found in (first, other)]
    assert values[0][0] != values[1][0]
    assert values[0][-1] == values[1][-1]


def test_without_a_calendar(study: Study) -> None:
    """Without a calendar every child is judged once, by folds that take turns."""
    found = learning_curve(dataclasses.replace(study, split=None, years=None), "logistic", PLAN)
    assert [one["learned_on"] for one in found["sizes"]] == [round(share * COUNT / 2) for share in SHARES]
    assert found["sizes"][-1]["figures"]["auc"]["value"] > 0.6


def test_nothing_to_learn(study: Study) -> None:
    """Where a share of the children teaches nothing it has no figures, and where all do not, no doubling is spoken of."""
    assert study.split is not None
    y = study.rows.y.copy()
    y[study.split.learn] = 0
    found = learning_curve(dataclasses.replace(study, rows=dataclasses.replace(study.rows, y=y)), "logistic", PLAN)
    assert [one["figures"] for one in found["sizes"]] == [None] * len(SHARES)
    assert found["last_doubling"] is found["next_doubling"] is None
    assert len(list(learning_curve_lines({"full": {"learning_curve": found}}))) == 1
