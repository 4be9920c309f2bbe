"""The shape of one score in an answer: the number, how sure it is, what may be offered, and why."""

import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.reliability import Code, Level

Probability = Annotated[float, Field(ge=0, le=1)]
Period = Annotated[
    tuple[int, int], Field(description="the ages in days between which the outcome is observed, both included")
]
Strength = Annotated[
    Literal[1, 2, 3], Field(description="1 slight, 2 changes the odds by a fifth or more, 3 by a half")
]


class Part(BaseModel):
    """Base of every part of an answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class IntervalGiven(Part):
    """Where the event rate among children with this score lies, given this fitted model."""

    low: Probability
    high: Probability
    level: Probability = Field(description="the nominal level")
    widened: bool = Field(description="a source is not known, and the interval is wider than its nominal level asks")
    words: str
    does_not_cover: list[str]


class BandGiven(Part):
    """What a team may offer next; people own the thresholds."""

    code: str
    label: str
    offer: str
    floor: Literal["established", "not established"] = Field(
        description="not established: what is not known could lift the child into a band that is offered earlier"
    )
    near_threshold: bool = Field(description="a threshold lies within the interval")
    words: str
    capacity: Probability = Field(description="the share of children that the team can see")
    team: str
    owner: str | None = Field(description="null: nobody has agreed to these bands yet")
    agreed: datetime.date | None
    changes_on_refit: Probability | None = Field(
        description="the share of this band's children who would be in another after learning again; null: not worked out"
    )


class GroundGiven(Part):
    """One ground on which a score is not fully reliable."""

    code: Code
    about: list[str] = Field(description="labels of the sources or features it is about")
    words: str


class ReliabilityGiven(Part):
    """How far the score can be relied on, and why not further."""

    level: Level
    words: str
    reasons: list[GroundGiven]
    share_not_known: Probability = Field(
        description="the share of all that is asked at this landmark that is not known"
    )
    oldest: int | None = Field(
        description="the age in days of the oldest fact that a reason shown rests on; null: of no day"
    )
    outside_range: bool = Field(description="a value lies outside what was seen in training")


class ExplainedBy(Part):
    """How the reasons were worked out: they are the model's own terms, so that they add up and nothing is estimated."""

    method: Literal["logistic", "glass box"]
    additive: Literal[True]
    sum_check: float = Field(
        ge=0, le=1e-9, description="how far baseline, reasons and everything else are from log_odds"
    )


class ReasonGiven(Part):
    """One term's push on the log-odds, in plain words; a pair of features has one term together."""

    features: list[str]
    labels: list[str]
    words: str
    direction: Literal["raises", "lowers", "none"]
    strength: Strength
    contribution: float
    values: list[float | None] = Field(description="null: not known")
    value: str = Field(description="the values in words")
    typical: str | None = Field(description="the median of the children of training, in words; null: there is none")
    as_of: int | None = Field(
        description="the age in days of the latest event that it rests on (of a pair, the older of the two); "
        "below 0: before birth; null: of no day"
    )
    as_of_words: str | None
    agencies: list[str] = Field(description="whose records it rests on")
    checkable: bool = Field(description="whether a family could check or correct what it rests on")


class TermGiven(Part):
    """One term's push; that of no feature is what the bound of the log-odds cut off."""

    features: list[str]
    labels: list[str]
    values: list[float | None]
    words: str
    contribution: float


class OutOf100(Part):
    """The probability as children out of 100."""

    about: int | Literal["fewer than 1", "more than 99"]
    words: str


class LinkGiven(Part):
    """The least certain link between the records of agencies, and the band were it taken out."""

    probability: Probability = Field(description="that the link is right, to three places, rounded down")
    agencies: list[str] = Field(description="whose records are another child's if it is wrong")
    band_without: str | None = Field(description="the code of the band; null: there would be no score")
    changes_band: bool
    words: str


class ChangeGiven(Part):
    """What would change the score if it were put right: records that are missing, or that could be wrong."""

    kind: Literal["not_known", "could_be_wrong"]
    features: list[str]
    words: str


class Texts(Part):
    """The score as text, for those who read it."""

    summary: str = Field(max_length=140)
    practitioner: str = Field(max_length=1200)
    family: str = Field(max_length=700)


class ScoreGiven(Part):
    """
    The score for one outcome.

    baseline + the contributions of raises, lowers and not_known + everything_else = log_odds, to 1e-9.
    """

    outcome: str
    label: str
    definition: str = Field(description="the version of what counts as the outcome")
    period: Period
    probability: Probability
    interval: IntervalGiven
    band: BandGiven
    reliability: ReliabilityGiven
    raises: list[ReasonGiven] = Field(description="what raises the score most, largest first")
    lowers: list[ReasonGiven] = Field(description="what lowers the score most, largest first")
    not_known: list[ReasonGiven] = Field(description="every feature that was not known at the landmark")
    everything_else: float = Field(description="the sum of every push that is not shown")
    log_odds: float
    baseline: float = Field(description="the log-odds of the average child")
    base_rate: Probability = Field(description="the share of the children in the calibration")
    explained_by: ExplainedBy
    out_of_100: OutOf100
    link: LinkGiven | None = Field(description="null: nothing in the score was linked, or every link is certain")
    would_change: list[ChangeGiven]
    texts: Texts


class FullScore(ScoreGiven):
    """The score for one outcome, with every term."""

    terms: list[TermGiven] = Field(description="every push, in the order in which baseline + terms add up to log_odds")
