"""The shape of a worklist: what the published document shows, and what every list that is told is tested against."""

import datetime
from typing import Literal

from pydantic import Field

from models.scope import Code
from service.answers.score_shape import Part
from service.answers.shape import AnyAnswer
from service.exclusions import Unavailable
from service.loaded.changes import What, Why


class Listed(Part):
    """One child of the list. Children of equal score share a place."""

    subject: str | None = Field(description="null: nobody who is loaded has that reference any more")
    place: int = Field(description="1 is the highest score")
    change: What = Field(description="since the last list of an earlier day")
    moved_from: int | None = Field(description="the place on the last list, where it was another")
    answer: AnyAnswer | None = Field(description="recorded under its own id; null: its time is up and it was erased")


class LeftList(Part):
    """A child who was on the last list and is not on this one."""

    subject: str | None = Field(description="null: nobody who is loaded has that reference any more")
    score: str = Field(description="the id of the score on the last list")
    place: int = Field(description="on the last list")
    why: Why
    words: str


class NotScoredHere(Part):
    """Children of the team who have no score, counted by why not."""

    code: Code | Unavailable
    words: str
    children: int


class Counted(Part):
    """What became of the children of the team."""

    listed: int
    tied: int = Field(description="of the next score, who together would have been too many")
    below: int = Field(description="those who have a score and are not listed, the tied among them")
    could_be_listed: int = Field(
        description="of those below, of whom so little is known that it could lift them into a band that is offered earlier"
    )
    outside_windows: int = Field(description="those who are in no landmark's window now")


class ListBefore(Part):
    """The list that this one is compared with: the last one of an earlier day."""

    id: str
    day: datetime.date
    same_bundle: bool = Field(description="false: another bundle scored then, which alone may have moved children")


class Worklist(Part):
    """The children of a month for a team, highest score first, and what changed since the last list."""

    id: str
    stamp: Literal["not approved, not for use"] | None
    team: str
    purpose: str
    outcome: str
    landmark: str | None = Field(description="null: all that the outcome is foreseen from")
    bundle: str
    day: datetime.date
    extracted: datetime.date = Field(description="the day of the extracts that are loaded")
    asked_for: int = Field(description="how many at most")
    most: int = Field(description="how many the bands' policy lets the team see")
    limits: list[str] = Field(description="what a reader must know before using the list, in plain sentences")
    counted: Counted
    not_scored: list[NotScoredHere]
    compared_with: ListBefore | None
    children: list[Listed]
    left: list[LeftList]
