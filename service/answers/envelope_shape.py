"""The shape of what stands around a score: whose answer it is, what it may be used for, and where to turn."""

import datetime
import uuid
from typing import Annotated, Literal

from pydantic import AwareDatetime, ConfigDict, Field

from models.gates import Verdict
from service.answers.override_reasons import OverrideCode
from service.answers.score_shape import Part

Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class RequestedBy(Part):
    """Who asked: the system, and its own opaque reference of the person it asked for."""

    client: str
    user: str | None


class Links(Part):
    """
    Where the answer is found again, and what can be done about it.

    What `model.page` and `governance.pack` lead to is of the bundle that is live, unless the header Earlyid-Bundle names the
    answer's own `bundle`: send it to read of the model that answered.
    """

    self: str
    fhir: str
    replay: str
    feedback: str
    challenges: str


class HumanReview(Part):
    """A score decides nothing: a person does, who can come to another view."""

    required: Literal[True]
    must_not_be_sole_basis: Literal[True]
    decision_maker: str | None = Field(description="the role of whoever decides")
    own_view_first: bool | None = Field(description="practitioners note their own view before they see a score")


class OverrideReasonGiven(Part):
    """Why a practitioner may come to another view; feedback is given in these codes."""

    code: OverrideCode
    words: str


class Responsibility(Part):
    """Who answers for the score; null: not said."""

    controller: str | None
    owner: str | None = Field(description="a role, never a name")
    enquiries: str | None
    data_protection_contact: str | None


class Rights(Part):
    """Where a family reads about it, challenges it, talks to a person, or objects; null: not said."""

    privacy_notice: str | None
    challenge: str | None
    human_contact: str | None
    how_to_object: str | None


class ModelGiven(Part):
    """The model that answered."""

    name: str
    label: str
    bundle: Digest
    signed_by: str | None = Field(description="the id of the key that signed the bundle; null: it is not signed")
    released_on: datetime.date | None = Field(description="the day on which it went live; null: it is only evaluated")
    page: str = Field(description="of the live bundle: send `bundle` as the header Earlyid-Bundle to read of this one")
    review_due: datetime.date | None = Field(description="the day by which it must be looked at again")


class FairnessGiven(Part):
    """What a gate found of the errors of groups of children."""

    outcome: str | None
    label: str
    verdict: Verdict
    words: str


class Governance(Part):
    """What a board saw before anybody could approve the model."""

    pack: str = Field(description="of the live bundle: send `bundle` as the header Earlyid-Bundle to read of this one")
    fairness: list[FairnessGiven]
    atrs: str | None = Field(description="where the algorithmic transparency record is found")
    dpia: str | None = Field(description="the data protection impact assessment")
    eqia: str | None = Field(description="the equality impact assessment")


class Provenance(Part):
    """What the answer was worked out from."""

    contract: Digest = Field(description="the SHA-256 of the contract that the bundle was made by")
    record: Digest | None = Field(description="the SHA-256 of what was kept of the child's record; null: nothing was")
    replayable: bool


class ChallengesCounted(Part):
    """How many challenges to an answer there were, by what came of them."""

    open: int = Field(ge=0, description="nobody has settled them yet")
    upheld: int = Field(ge=0)
    not_upheld: int = Field(ge=0)
    withdrawn: int = Field(ge=0)


class Now(Part):
    """How a stored answer stands now."""

    standing: Literal["current", "superseded", "expired"]
    superseded_by: uuid.UUID | None
    challenges: ChallengesCounted


class Envelope(Part):
    """What every answer says of itself; null: not known."""

    model_config = ConfigDict(serialize_by_alias=True)

    subject: str | None = Field(description="your own reference for the child; null: the record does not hold it")
    schema_: Literal["1.0"] = Field(alias="schema")
    id: uuid.UUID | None = Field(description="null: the answer is not recorded")
    supersedes: uuid.UUID | None = Field(description="the answer that this one corrects")
    requested_by: RequestedBy | None
    scored_at: AwareDatetime | None
    valid_until: AwareDatetime | None = Field(description="after this, ask again: callers are no longer told")
    trace: str | None = Field(pattern="^[0-9a-f]{32}$", description="the W3C trace that the request belongs to")
    links: Links | None
    stamp: Literal["not approved, not for use"] | None
    standing: Literal["evaluation", "final"]
    bundle: Digest = Field(description="the id of the bundle that answered")
    human_review: HumanReview
    now: Now | None = Field(default=None, description="only where a stored answer is read again")


class LongEnvelope(Envelope):
    """What an answer longer than a summary says of itself."""

    override_reasons: list[OverrideReasonGiven]
    responsibility: Responsibility
    rights: Rights
    model: ModelGiven
    governance: Governance
    provenance: Provenance
