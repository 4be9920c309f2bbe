"""
The shape of an answer: what the published schema shows, and what every rendered answer is tested against.

Rendering is `service.answers.rendering`'s; nothing is computed here. Scores are shapes of their own, in `score_shape` and
`summary_shape`, and so is what stands around them, in `envelope_shape`.
"""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from models.scope import Code
from service.answers.envelope_shape import Envelope, LongEnvelope
from service.answers.score_shape import FullScore, Part, Probability, ScoreGiven
from service.answers.summary_shape import ScoreInShort
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


class DataGiven(SourceGiven):
    """What one source brought to the answer."""

    known: list[str] = Field(description="the features that were known at the landmark")
    not_known: list[str] = Field(description="those that were asked and not known")
    events: int = Field(description="how many facts were known at the landmark")
    latest: int | None = Field(description="the age in days of the latest of them")
    proven: bool = Field(
        description="it is proven that no fact means that nothing happened, in all that some feature asks"
    )
    link: Probability | None = Field(
        description="how probable it is that its records are this child's; null: not linked"
    )


class _Asked(Part):
    """What was asked."""

    purpose: str
    as_of: int = Field(description="the age in days that was asked at")


class _Scored(_Asked):
    """An explained score for every outcome of the landmark."""

    status: Literal["scored"]
    landmark: AtLandmark


class _NotScored(_Asked):
    """An honest refusal: an ordinary answer."""

    status: Literal["not-scored"]
    landmark: AtLandmark | None = Field(
        description="null: the age lies outside every landmark's window, or no score is available for the child"
    )
    code: Code | Unavailable
    words: str


class ScoredInShort(Envelope, _Scored):
    """A short answer: what weighs most, and one amount for everything else."""

    detail: Literal["summary"]
    scores: list[ScoreInShort]


class _ScoredAtLength(LongEnvelope, _Scored):
    sources_not_known: list[SourceGiven] = Field(
        description="sources of which nothing at all is known: no record, and no proof that there was none"
    )
    limits: list[str] = Field(description="what a reader must know before using the score, in plain sentences")
    not_for: list[str] = Field(description="what no score is to be used for")
    not_considered: list[str] = Field(description="what is never looked at, of any child")


class ScoredAnswer(_ScoredAtLength):
    """An explained score for every outcome of the landmark."""

    detail: Literal["standard"]
    scores: list[ScoreGiven]


class FullAnswer(_ScoredAtLength):
    """An explained score for every outcome of the landmark, with every term and all data that was looked at."""

    detail: Literal["full"]
    scores: list[FullScore]
    data_used: list[DataGiven] = Field(description="agency by agency, of every source that is asked at the landmark")


class NotScoredInShort(Envelope, _NotScored):
    """An honest refusal, in short."""

    detail: Literal["summary"]


class NotScoredAnswer(LongEnvelope, _NotScored):
    """An honest refusal: an ordinary answer."""

    detail: Literal["standard", "full"]


def _which(answer: Any) -> str:
    """Return which shape an answer has, by how it stands and in how much detail."""
    told = answer if isinstance(answer, dict) else {"status": answer.status, "detail": answer.detail}
    status, detail = told.get("status"), told.get("detail")
    return f"{status} {'standard' if (status, detail) == ('not-scored', 'full') else detail}"


# Told apart by two fields, which a document of an interface has no word for: each shape pins both.
AnyAnswer = Annotated[
    Annotated[ScoredInShort, Tag("scored summary")]
    | Annotated[ScoredAnswer, Tag("scored standard")]
    | Annotated[FullAnswer, Tag("scored full")]
    | Annotated[NotScoredInShort, Tag("not-scored summary")]
    | Annotated[NotScoredAnswer, Tag("not-scored standard")],
    Discriminator(_which),
]
