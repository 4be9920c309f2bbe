"""
The shape of an answer: what the published schema shows, and what every rendered answer is tested against.

Rendering is `service.rendering`'s; nothing is computed here.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.scope import Code


class Part(BaseModel):
    """Base of every part of an answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AtLandmark(Part):
    """The age that the record was cut at: nothing that became known later is in the score."""

    name: str
    label: str
    age: int = Field(description="in days")


class ReasonGiven(Part):
    """One term's push on the log-odds, in plain words; a pair of features has one term together."""

    features: list[str]
    labels: list[str]
    values: list[float | None] = Field(description="null: not known")
    units: list[str | None]
    words: str
    contribution: float
    direction: Literal["raises", "lowers"]
    correctable: bool = Field(description="whether a family could check or correct what it rests on")


class OutOf100(Part):
    """The probability as children out of 100."""

    about: int | Literal["fewer than 1", "more than 99"]
    words: str


class ScoreGiven(Part):
    """The score for one outcome: baseline + the contributions of the reasons + everything_else = log_odds."""

    outcome: str
    label: str
    probability: float = Field(ge=0, le=1)
    log_odds: float
    baseline: float = Field(description="the log-odds of the average child")
    base_rate: float = Field(ge=0, le=1, description="the share of the children in the calibration")
    reasons: list[ReasonGiven] = Field(description="the largest each way, largest first")
    everything_else: float = Field(description="the sum of every push that is not shown")
    out_of_100: OutOf100


class NotKnown(Part):
    """A feature that was not known at the landmark."""

    feature: str
    label: str
    words: str


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
    not_known: list[NotKnown]
    limits: list[str] = Field(description="what a reader must know before using the score, in plain sentences")


class NotScoredAnswer(Answer):
    """An honest refusal: an ordinary answer."""

    status: Literal["not-scored"]
    landmark: AtLandmark | None = Field(description="null: the age lies outside every landmark's window")
    code: Code
    words: str


AnyAnswer = Annotated[ScoredAnswer | NotScoredAnswer, Field(discriminator="status")]
