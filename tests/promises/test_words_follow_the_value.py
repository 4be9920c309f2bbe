"""
What a reason says is true of the record: words follow the child's value, never the push alone.

Terms are centred on everybody, those included of whom something is not known. A value can so push a score up though it is
the best there is, only since it is known; to say that it is low would be false, and of a family, cruel.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from models.bundle import load_bundle
from models.feature import Feature
from models.head import Head
from models.reasons import Reason
from models.scorer import Scorer

NOT_A_NUMBER = float("nan")


@pytest.fixture(scope="module", params=["england_demo", "smocc_demo"])
def scorer(request: pytest.FixtureRequest) -> Scorer:
    """What was learned of an invented England, and of real children."""
    done: Any = request.getfixturevalue(request.param)
    return load_bundle(done.bundle).scorer


def heads(scorer: Scorer) -> Iterator[tuple[Head, list[Feature]]]:
    """Each estimator with the features of its matrix."""
    for at in scorer.contract.landmarks:
        for outcome in scorer.contract.outcomes_at(at):
            yield scorer.head(at.name, outcome.name), list(scorer.contract.features_at(at))


def told(head: Head, row: list[float], column: int) -> list[Reason]:
    """Whatever is said of one column of a row: as a reason that is shown, and in the list of every term."""
    scored = head.estimator.score(row)
    explanation = head.explainer.explain(row, scored)
    every = [*explanation.raises, *explanation.lowers, *head.explainer.everything(row, scored)]
    name = head.estimator.spec.inputs[column].feature
    return [reason for reason in every if reason.features == (name,)]


def test_the_best_and_the_worst_value(scorer: Scorer) -> None:
    """Of the best value on record nothing is said that would be said of a worse one, nor the other way about."""
    asked = 0
    for head, features in heads(scorer):
        inputs = head.estimator.spec.inputs
        for column, feature in enumerate(features):
            if feature.direction == "none":
                continue
            best, worst = inputs[column].low, inputs[column].high
            if feature.direction == "lowers":
                best, worst = worst, best
            for value, wrong in ((best, feature.raises), (worst, feature.lowers)):
                row = [given.typical for given in inputs]
                row[column] = value
                said = [reason.words for reason in told(head, row, column)]
                assert best == worst or wrong not in said, (feature.name, value, said)
                asked += len(said)
    assert asked > 100


def test_a_reason_pushes_the_way_it_is_listed(scorer: Scorer) -> None:
    """What is listed as raising raises and says so, and what is listed as lowering lowers and says so."""
    for head, features in heads(scorer):
        of = {feature.name: feature for feature in features}
        inputs = head.estimator.spec.inputs
        for column in range(len(features)):
            for value in (inputs[column].low, inputs[column].high, NOT_A_NUMBER):
                row = [given.typical for given in inputs]
                row[column] = value
                explanation = head.explainer.explain(row, head.estimator.score(row))
                for reasons, side in ((explanation.raises, 1), (explanation.lowers, -1)):
                    assert all(reason.contribution * side > 0 for reason in reasons)
                    alone = [reason for reason in reasons if len(reason.features) == 1]
                    words = {r.words for r in alone}
                    wanted = {of[r.features[0]].raises if side > 0 else of[r.features[0]].lowers for r in alone}
                    assert words == wanted
