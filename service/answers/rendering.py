"""
Renders answers as JSON, fast: whatever the contract fixes is put together once, and each request adds its numbers.

An answer is its envelope (`service.answers.envelope`) and its core, which begins at `purpose`: the part that the record
and the bundle alone decide. Floats are written in full, so that a caller reads the very number the Scorer gave.
"""

import datetime
from typing import Any

from pydantic_core import to_json

from models.bundle import Bundle
from models.plain_words import NOT_CONSIDERED, NOT_FOR
from models.scope import NotScored
from models.scorer import Scored
from models.telling import Teller
from service.answers.data_used import DataUsed
from service.answers.envelope import Envelope
from service.answers.facts import NOTHING, Facts
from service.answers.score_rendering import ScoreRenderer
from service.answers.summary_rendering import SummaryRenderer
from service.exclusions import NOT_AVAILABLE, WORDS
from service.request_record import Asked

_CORE = b',"purpose":'


class Renderer:
    """Renders the answers of one bundle, which went live on that day (None: it is only evaluated)."""

    def __init__(self, bundle: Bundle, released_on: datetime.date | None = None) -> None:
        contract, scorer = bundle.contract, bundle.scorer
        self._contract = contract
        self._envelope = Envelope(bundle, released_on)
        self._teller = Teller(scorer)
        self._landmarks = {at.name: {"name": at.name, "label": at.label, "age": at.age} for at in contract.landmarks}
        self._sources = {s.name: {"name": s.name, "label": s.label, "agency": s.agency} for s in contract.sources}
        self._scores = {
            at.name: [ScoreRenderer(scorer, self._teller, at.name, o.name) for o in contract.outcomes_at(at)]
            for at in contract.landmarks
        }
        self._summaries = {at.name: SummaryRenderer(scorer, self._teller, at) for at in contract.landmarks}
        self._data = {at.name: DataUsed(contract, at) for at in contract.landmarks}

    def render(
        self, asked: Asked, answer: Scored | NotScored, facts: Facts = NOTHING, kept: bytes | None = None
    ) -> bytes:
        """Return the JSON of an answer, without the reference of the child; `kept` is what is kept of its record."""
        landmark = self._contract.landmark_for(asked.age)
        core = self._not_scored(asked, answer) if isinstance(answer, NotScored) else self._scored(asked, answer)
        return b"{%b,%b" % (self._envelope.of(asked, facts, landmark, kept), core[1:])

    def unavailable(self, asked: Asked, facts: Facts = NOTHING) -> bytes:
        """Return the JSON of the neutral answer about a child of whom no score is given; it is of no landmark."""
        said = {"status": "not-scored", "landmark": None, "code": NOT_AVAILABLE, "words": WORDS}
        core = to_json({"purpose": asked.purpose, "as_of": asked.age, **said})
        return b"{%b,%b" % (self._envelope.of(asked, facts, None, None), core[1:])

    def _not_scored(self, asked: Asked, answer: NotScored) -> bytes:
        landmark = self._contract.landmark_for(asked.age)
        at = self._landmarks[landmark.name] if landmark is not None else None
        said = {"status": "not-scored", "landmark": at, "code": answer.code, "words": answer.words}
        return to_json({"purpose": asked.purpose, "as_of": asked.age, **said})

    def _scored(self, asked: Asked, answer: Scored) -> bytes:
        if asked.detail == "summary":
            return self._summaries[answer.landmark.name].render(asked, answer)
        return to_json(
            {"purpose": asked.purpose, "as_of": asked.age, "status": "scored", **self._explained(asked, answer)}
        )

    def _explained(self, asked: Asked, answer: Scored) -> dict[str, Any]:
        at, full = answer.landmark.name, asked.detail == "full"
        told = {
            "landmark": self._landmarks[at],
            "scores": [each.render(answer, k, full=full) for k, each in enumerate(self._scores[at])],
            "sources_not_known": [self._sources[source.name] for source in answer.unknown_sources],
            "limits": self._teller.limits(answer),
            "not_for": NOT_FOR,
            "not_considered": NOT_CONSIDERED,
        }
        return told | {"data_used": self._data[at].used(asked.record, answer)} if full else told


def core_of(answer: bytes) -> bytes:
    """Return the part of an answer that its record and bundle decide; equal answers have it equal to the byte."""
    # No value can hold these bytes: within a text JSON writes its quotes another way.
    _, mark, core = answer.partition(_CORE)
    return mark + core
