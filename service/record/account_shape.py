"""The shape of an account: everything that the record holds about one child, in plain words."""

import datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from service.turns import in_turns


class Told(BaseModel):
    """Base of every part of an account."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Done(Told):
    """Something that was done, when, and by which system; never by whom, since that is about another person."""

    at: AwareDatetime
    system: str = Field(description="the name of the system that asked, as its sharing agreement has it")
    words: str


class Challenged(Done):
    """A challenge to a score, and what came of it."""

    outcome: str | None = Field(description="null: nobody has settled it yet")
    settled_at: AwareDatetime | None


class OnList(Told):
    """A team's list that a score stood on."""

    at: AwareDatetime
    team: str
    place: int = Field(ge=1)


class OutcomeTold(Told):
    """What was said about one outcome."""

    label: str
    probability: float = Field(ge=0, le=1)
    words: str = Field(description="the probability as children out of 100")
    band: str
    family: str | None = Field(
        description="what a family reads; null: a short answer was asked, and its model is not kept"
    )
    raises: list[str] = Field(
        description="what made it higher; it may touch on somebody else, so a person goes through it"
    )
    lowers: list[str]
    not_known: list[str]


class ScoreTold(Told):
    """One answer about the child: a score, or an honest refusal."""

    id: str
    at: AwareDatetime
    system: str
    purpose: str
    age: str
    words: str
    note: str | None = Field(description="where a short answer was asked for: whether it is told at length here")
    outcomes: list[OutcomeTold]
    model: str
    bundle: str
    allowed_by: list[str] = Field(description="who agreed that the model may be used; empty: nobody did")
    until: AwareDatetime | None = Field(description="until when callers were told")
    corrects: str | None
    corrected_by: str | None
    lists: list[OnList]
    seen: list[Done]
    said: list[Done] = Field(description="what practitioners made of it")
    challenges: list[Challenged]
    facts: int = Field(ge=0, description="how many facts of the child's record it rests on")
    sources: dict[str, int] = Field(description="how many of them are of which source")
    record: Any = Field(description="those facts as they were kept, with ages in days")


class Account(Told):
    """Everything about one child."""

    subject: str = Field(description="the reference that the account was asked by")
    at: AwareDatetime
    scores: list[ScoreTold]
    exclusions: list[Done]
    holds: list[Done]
    accounts: list[Done] = Field(description="accounts that were given before this one")
    other: list[Done] = Field(description="what was recorded about scores that are erased themselves")
    erased: list[str] = Field(description="ids of scores of which retention has erased what was held")
    words: list[str] = Field(description="what a reader must know first")


async def account_json(account: Account) -> bytes:
    """Return an account as JSON, its scores in turns: a child may have hundreds, and all at once would keep other callers waiting."""
    scores = [score.model_dump_json().encode() async for score in in_turns(account.scores)]
    rest = account.model_dump_json(exclude={"scores"}).encode()
    return b'%b,"scores":[%b]}' % (rest[:-1], b",".join(scores))


def moment(microseconds: int) -> datetime.datetime:
    """Return a time of the record."""
    return datetime.datetime.fromtimestamp(microseconds / 1_000_000, datetime.UTC)
