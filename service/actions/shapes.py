"""The shapes of what routes answer with besides scores: what the published document shows."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from service.answers.shape import AnyAnswer
from service.loaded.worklist_shape import Worklist
from service.probes import Alive, Ready
from service.problems import Problem
from service.record.account_shape import Account

Id = Annotated[str, Field(json_schema_extra={"format": "uuid"})]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Noted(_Part):
    """Something about a score was recorded, under an id of its own."""

    id: Id
    score: Id
    at: AwareDatetime


class Settled(_Part):
    """What came of a challenge was recorded."""

    id: Id
    challenge: Id
    at: AwareDatetime


class Changed(_Part):
    """Whether a child is excluded was changed, and that was recorded."""

    id: Id
    at: AwareDatetime


class Outcome(_Part):
    """What came of a challenge."""

    outcome: Literal["upheld", "not-upheld", "withdrawn"]
    note_ref: str | None
    at: AwareDatetime


class ChallengeShown(_Part):
    """A challenge to a score."""

    id: Id
    score: Id
    at: AwareDatetime
    raised_by: str
    ground: str
    text_ref: str | None = Field(description="where the caller's own system keeps what was written")
    outcome: Outcome | None = Field(description="null: nobody has settled it yet")


class ReplayTold(_Part):
    """A score worked out again: the part of it that the record and the bundle decide."""

    same: bool = Field(description="whether it came out as it was answered, to the byte")
    answer: dict[str, Any]


class AnswerOrProblem(_Part):
    """What became of one request of a batch: one of the two."""

    answer: AnyAnswer | None = None
    problem: Problem | None = None


class BatchTold(_Part):
    """What became of every request of a batch, in their order."""

    answers: list[AnswerOrProblem]


SHAPES: dict[str, Any] = {
    "answer": AnyAnswer,
    "batch": BatchTold,
    "noted": Noted,
    "settled": Settled,
    "changed": Changed,
    "challenge_shown": ChallengeShown,
    "replay": ReplayTold,
    "account_told": Account,
    "worklist": Worklist,
    "alive": Alive,
    "ready": Ready,
    "problem": Problem,
}
