"""
Renders answers as JSON, fast: whatever the contract fixes is put together once, and each request adds its numbers.

Floats are written in full, so that a caller reads the very number the Scorer gave.
"""

from typing import Any

from pydantic_core import to_json

from models.bundle import Bundle
from models.feature import Feature
from models.plain_words import STAMP, limits, natural_frequency, out_of_100
from models.reasons import Reason
from models.scope import NotScored
from models.scorer import Score, Scored
from service.request_record import Asked


class Renderer:
    """Renders the answers of one bundle."""

    def __init__(self, bundle: Bundle) -> None:
        contract = bundle.contract
        features = {feature.name: feature for feature in contract.features}
        self._contract = contract
        self._bundle = bundle.id
        self._landmarks = {at.name: {"name": at.name, "label": at.label, "age": at.age} for at in contract.landmarks}
        self._not_known = {name: _not_known(feature) for name, feature in features.items()}
        self._reasons = {names: _of_reason([features[name] for name in names]) for names in _explained(bundle)}

    def render(self, asked: Asked, answer: Scored | NotScored) -> bytes:
        """Return the JSON of an answer."""
        if isinstance(answer, NotScored):
            status, said = "not-scored", self._not_scored(asked, answer)
        else:
            status, said = "scored", self._scored(answer)
        head = {"status": status, "stamp": STAMP, "bundle": self._bundle}
        return to_json({**head, "subject": asked.subject, "purpose": asked.purpose, "as_of": asked.age, **said})

    def _not_scored(self, asked: Asked, answer: NotScored) -> dict[str, Any]:
        landmark = self._contract.landmark_for(asked.age)
        at = self._landmarks[landmark.name] if landmark is not None else None
        return {"landmark": at, "code": answer.code, "words": answer.words}

    def _scored(self, answer: Scored) -> dict[str, Any]:
        return {
            "landmark": self._landmarks[answer.landmark.name],
            "scores": [self._score(score) for score in answer.scores],
            "not_known": [self._not_known[feature.name] for feature in answer.not_known],
            "limits": limits(answer),
        }

    def _score(self, score: Score) -> dict[str, Any]:
        outcome, scored, explanation = score.outcome, score.scored, score.explanation
        return {
            "outcome": outcome.name,
            "label": outcome.label,
            "probability": scored.probability,
            "log_odds": scored.log_odds,
            "baseline": scored.baseline,
            "base_rate": score.base_rate,
            "reasons": [self._reason(reason) for reason in explanation.reasons],
            "everything_else": explanation.everything_else,
            "out_of_100": {"about": _about(scored.probability), "words": natural_frequency(score)},
        }

    def _reason(self, reason: Reason) -> dict[str, Any]:
        return {
            **self._reasons[reason.features],
            "values": reason.values,
            "words": reason.words,
            "contribution": reason.contribution,
            "direction": "raises" if reason.contribution > 0 else "lowers",
        }


def _about(probability: float) -> int | str:
    """Return the count of 100 children as a number, where it is one."""
    count = out_of_100(probability).removeprefix("about ")
    return int(count) if count.isdecimal() else count


def _not_known(feature: Feature) -> dict[str, Any]:
    return {"feature": feature.name, "label": feature.label, "words": feature.not_known}


def _explained(bundle: Bundle) -> set[tuple[str, ...]]:
    """Return the features of every term that may be given as a reason."""
    contract = bundle.contract
    pairs = [(at.name, outcome.name) for at in contract.landmarks for outcome in contract.outcomes_at(at)]
    return {term.features for pair in pairs for term in bundle.scorer.estimator(*pair).spec.terms}


def _of_reason(features: list[Feature]) -> dict[str, Any]:
    return {
        "features": [feature.name for feature in features],
        "labels": [feature.label for feature in features],
        "units": [feature.units for feature in features],
        "correctable": any(feature.correctable for feature in features),
    }
