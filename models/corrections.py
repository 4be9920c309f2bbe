"""What would change a score: data that could be wrong, or that is missing, and that a family could have put right."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from models.estimator import Estimator
from models.feature import Feature
from models.head import Score
from models.reason_words import Asked
from models.scorer import Scored, Scorer


class Change(NamedTuple):
    """Something on record, or missing from it, that could be put right and would change the score."""

    kind: Literal["not_known", "could_be_wrong"]
    features: tuple[str, ...]
    words: str


class Corrections:
    """Finds what could be put right of the answers of one Scorer: only what its estimators ask about could change them."""

    def __init__(self, scorer: Scorer, asked: Mapping[str, Asked]) -> None:
        self._asked = {name: one for name, one in asked.items() if one.feature.correctable}
        self._missing = {
            (at.name, outcome.name): _all_missing(scorer.estimator(at.name, outcome.name), self._asked)
            for at in scorer.contract.landmarks
            for outcome in scorer.contract.outcomes_at(at)
        }

    def changes(self, answer: Scored, score: Score) -> tuple[Change, ...]:
        """Return what is not known, and then what the reasons shown rest on: what is correctable, each feature once."""
        could_be = self._missing[answer.landmark.name, score.outcome.name]
        missing = [could_be[feature.name] for feature in answer.not_known if feature.name in could_be]
        known = {
            name: value
            for reason in (*score.explanation.raises, *score.explanation.lowers)
            for name, value in zip(reason.features, reason.values, strict=True)
            if value is not None and name in self._asked
        }
        return (*missing, *[_could_be_wrong(self._asked[name], value) for name, value in known.items()])


def _all_missing(estimator: Estimator, asked: Mapping[str, Asked]) -> dict[str, Change]:
    names = [given.feature for column, given in enumerate(estimator.spec.inputs) if column in estimator.asked]
    return {name: _missing(asked[name].feature) for name in names if name in asked}


def _missing(feature: Feature) -> Change:
    return Change("not_known", (feature.name,), f"{feature.not_known}. If it were known, the score could change.")


def _could_be_wrong(asked: Asked, value: float) -> Change:
    words = f"On record: {asked.feature.label}, {asked.say(value)}. If that is wrong, the score could change."
    return Change("could_be_wrong", (asked.feature.name,), words)
