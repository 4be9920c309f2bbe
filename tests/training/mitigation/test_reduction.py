"""Learning with weights: by how much each child counts, whom that finds, and that nobody's group is asked."""

import dataclasses

import numpy as np
import pytest
from numpy.typing import NDArray

from training.judging import NoSignal, Rows
from training.learning import CandidateName, learn
from training.metrics import cut
from training.mitigation.reduction import learned_in_steps
from training.plan import Plan
from training.study import Study

Flags = NDArray[np.bool_]
CANDIDATES: tuple[CandidateName, ...] = ("logistic", "glass box")


@pytest.fixture(scope="module")
def learn_on(gap_study: Study) -> Rows:
    """The children to learn from."""
    assert gap_study.split is not None
    return gap_study.rows.take(gap_study.split.learn)


@pytest.fixture(scope="module")
def protected(gap_study: Study, girls: Flags) -> Flags:
    """Who of them are girls."""
    assert gap_study.split is not None
    return girls[gap_study.split.learn]


@pytest.mark.parametrize("candidate", CANDIDATES)
def test_no_difference(
    candidate: CandidateName, gap_study: Study, learn_on: Rows, protected: Flags, gap_plan: Plan
) -> None:
    """Where protected children count once as much as others, what is learned is what ships, to the bit."""
    (same,) = learned_in_steps(candidate, gap_study.task, learn_on, protected, gap_plan, [1.0])
    shipped = learn(candidate, gap_study.task, learn_on.x, learn_on.y, gap_plan, learn_on.weights)
    assert same.spec == shipped.spec


@pytest.mark.parametrize("sampling", [False, True])
def test_weights(*, sampling: bool, gap_study: Study, learn_on: Rows, protected: Flags, gap_plan: Plan) -> None:
    """
    With the outcome, a protected child counts so many times as another; together they count as before.

    Without it all count alike. A sampling weight multiplies that.
    """
    stands_for = np.where(learn_on.x[:, 0] > 0, 1.5, 0.5) if sampling else np.ones(len(learn_on.y))
    rows = dataclasses.replace(learn_on, weights=stands_for)
    (found,) = learned_in_steps("glass box", gap_study.task, rows, protected, gap_plan, [3.0])
    having = rows.y == 1
    others = having.sum() / (3.0 * (having & protected).sum() + (having & ~protected).sum())
    weights = np.where(having, np.where(protected, 3.0 * others, others), 1.0)
    by_hand = learn("glass box", gap_study.task, rows.x, rows.y, gap_plan, np.round(weights, 9) * stands_for)
    assert found.spec == by_hand.spec


@pytest.mark.parametrize("candidate", CANDIDATES)
def test_finds_more(
    candidate: CandidateName, gap_study: Study, learn_on: Rows, protected: Flags, gap_plan: Plan
) -> None:
    """The more the protected children count, the more of those with the outcome are on a list of the same length."""
    steps = learned_in_steps(candidate, gap_study.task, learn_on, protected, gap_plan, [1.0, 3.0, 10.0])
    among = protected & (learn_on.y == 1)
    recall = [cut(each.log_odds(learn_on.x), 0.2).flagged[among].mean() for each in steps]
    assert recall[0] < recall[1] < recall[2]
    assert recall[2] > recall[0] + 0.08


def test_asks_no_group(gap_study: Study, learn_on: Rows, protected: Flags, gap_plan: Plan) -> None:
    """What is learned is compiled into terms of the contract's features, and of nothing else."""
    features = [feature.name for feature in gap_study.task.features]
    for each in learned_in_steps("glass box", gap_study.task, learn_on, protected, gap_plan):
        assert each.spec is not None
        assert [asked.feature for asked in each.spec.inputs] == features
        assert "Girls" not in each.spec.model_dump_json()
        named = {name for term in each.spec.model_dump()["terms"] for name in _features(term)}
        assert named <= set(features)


def _features(term: dict[str, object]) -> set[object]:
    return {term[name] for name in ("feature", "first", "second") if name in term}


@pytest.mark.parametrize("everyone", [False, True])
def test_nobody_to_weigh_against(*, everyone: bool, gap_study: Study, learn_on: Rows, gap_plan: Plan) -> None:
    """Where all or none of the children with the outcome are protected, that is refused."""
    with pytest.raises(NoSignal, match="one side only"):
        learned_in_steps("glass box", gap_study.task, learn_on, np.full(len(learn_on.y), everyone), gap_plan)
