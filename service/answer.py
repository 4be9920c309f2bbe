"""
The shape of an answer: what the published schema shows, and what every rendered answer is tested against.

Rendering is `service.rendering`'s; nothing is computed here. A score is a shape of its own, in `service.answer_score`.
"""

from typing import Annotated, Literal

from pydantic import Field

from models.scope import Code
from service.answer_score import Part, ScoreGiven
from service.exclusions import Unavailable


class AtLandmark(Part):
    """The age that the record was cut at: nothing that became known later is in the score."""

    name: str
    label: str
    age: int = Field(description="in days")


class SourceGiven(Part):
    """One agency's extract."""

    name: str
    label: str
    agency: str


class Answer(Part):
    """What every answer says."""

    stamp: Literal["not approved, not for use"]
    subject: str
    purpose: str
    as_of: int = Field(description="the age in days that was asked at")
    bundle: str = Field(description="the id of the bundle that answered")


class ScoredAnswer(Answer):
    """An explained score for every outcome of the landmark."""

    status: Literal["scored"]
    landmark: AtLandmark
    scores: list[ScoreGiven]
    sources_not_known: list[SourceGiven] = Field(
        description="sources of which nothing at all is known: no record, and no proof that there was none"
    )
    limits: list[str] = Field(description="what a reader must know before using the score, in plain sentences")
    not_considered: list[str] = Field(description="what is never looked at, of any child")


class NotScoredAnswer(Answer):
    """An honest refusal: an ordinary answer."""

    status: Literal["not-scored"]
    landmark: AtLandmark | None = Field(
        description="null: the age lies outside every landmark's window, or no score is available for the child"
    )
    code: Code | Unavailable
    words: str


AnyAnswer = Annotated[ScoredAnswer | NotScoredAnswer, Field(discriminator="status")]
