"""
Renders answers as JSON, fast: whatever the contract fixes is put together once, and each request adds its numbers.

Floats are written in full, so that a caller reads the very number the Scorer gave.
"""

from typing import Any

from pydantic_core import to_json

from models.bundle import Bundle
from models.plain_words import NOT_CONSIDERED, STAMP
from models.scope import NotScored
from models.scorer import Scored
from models.telling import Teller
from service.exclusions import NOT_AVAILABLE, WORDS
from service.request_record import Asked
from service.score_rendering import ScoreRenderer


class Renderer:
    """Renders the answers of one bundle."""

    def __init__(self, bundle: Bundle) -> None:
        contract, scorer = bundle.contract, bundle.scorer
        self._contract = contract
        self._head = {"stamp": STAMP, "bundle": bundle.id}
        self._teller = Teller(scorer)
        self._landmarks = {at.name: {"name": at.name, "label": at.label, "age": at.age} for at in contract.landmarks}
        self._sources = {s.name: {"name": s.name, "label": s.label, "agency": s.agency} for s in contract.sources}
        self._scores = {
            at.name: [ScoreRenderer(scorer, self._teller, at.name, o.name) for o in contract.outcomes_at(at)]
            for at in contract.landmarks
        }

    def render(self, asked: Asked, answer: Scored | NotScored) -> bytes:
        """Return the JSON of an answer."""
        said = self._not_scored(asked, answer) if isinstance(answer, NotScored) else self._scored(asked, answer)
        return to_json({**self._head, "subject": asked.subject, "purpose": asked.purpose, "as_of": asked.age, **said})

    def unavailable(self, asked: Asked) -> bytes:
        """Return the JSON of the neutral answer about a child of whom no score is given; it is of no landmark."""
        said = {"status": "not-scored", "landmark": None, "code": NOT_AVAILABLE, "words": WORDS}
        return to_json({**self._head, "subject": asked.subject, "purpose": asked.purpose, "as_of": asked.age, **said})

    def _not_scored(self, asked: Asked, answer: NotScored) -> dict[str, Any]:
        landmark = self._contract.landmark_for(asked.age)
        at = self._landmarks[landmark.name] if landmark is not None else None
        return {"status": "not-scored", "landmark": at, "code": answer.code, "words": answer.words}

    def _scored(self, asked: Asked, answer: Scored) -> dict[str, Any]:
        at = answer.landmark.name
        return {
            "status": "scored",
            "landmark": self._landmarks[at],
            "scores": [each.render(answer, k, full=asked.full) for k, each in enumerate(self._scores[at])],
            "sources_not_known": [self._sources[source.name] for source in answer.unknown_sources],
            "limits": self._teller.limits(answer),
            "not_considered": NOT_CONSIDERED,
        }
