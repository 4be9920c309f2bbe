"""One child, answered about: what was asked is read and scored, and made into an answer and the entry that records it."""

from dataclasses import dataclass
from typing import NamedTuple

from pydantic_core import to_json

from service.access.caller import check_purpose
from service.actions.other_references import check_user
from service.actions.recorded import microseconds, payload_of
from service.actions.references import by_reference, lacks_sources
from service.answers.answering import answered, unavailable
from service.answers.facts import NOTHING, Answered, Facts
from service.answers.kept_record import kept_of
from service.call import Call
from service.exclusions import NOT_AVAILABLE
from service.live import Live
from service.problems import Refused
from service.record.entries import Entry, Excluded, Once, Record
from service.record.ids import new_id
from service.request_record import Asked


@dataclass(frozen=True, slots=True)
class Correction:
    """What a new score corrects: the id of the old one, and of the challenge that led to it."""

    score: str
    challenge: str | None = None


class ScoredChild(NamedTuple):
    """An answer about a child with its id; `entry` records it."""

    id: str
    subject: str
    answer: Answered
    payload: bytes
    hashed: bytes
    client: str
    about: str | None

    @property
    def told(self) -> bytes:
        """The JSON that is told to whoever asked."""
        return self.answer.told(self.subject)

    @property
    def outcome(self) -> str:
        """How the child was answered about: `scored`, or why not."""
        return self.answer.code or "scored"

    def entry(self, once: Once | None = None, beside: bytes = b"") -> Entry:
        """Return the entry that records the answer, and JSON fields `beside` it, each after a comma."""
        until = self.answer.valid_until
        return Entry(
            "score",
            self.client,
            self.payload[:-1] + beside + b"}" if beside else self.payload,
            id=self.id,
            about=self.about,
            bundle=self.answer.bundle,
            subject=self.hashed,
            expires=None if until is None else microseconds(until),
            once=once,
            settles=self.about is not None,
            unless_excluded=self.answer.code != NOT_AVAILABLE,
        )


def asked_of(call: Call, live: Live, body: bytes) -> Asked:
    """
    Return what the JSON of a request asks, its purpose being one of the caller's.

    A request without a record is about the one that is loaded. Raises Refused.
    """
    try:
        given = live.form.decode(body)
    except Refused as wrong:
        if call.service.loaded is None or not lacks_sources(wrong):
            raise
        return by_reference(call, call.service.loaded, live, body)
    check_purpose(call.caller, given["purpose"])
    return live.reader.read(given)


def unrecorded(call: Call, live: Live, asked: Asked) -> Answered:
    """Return the answer where nothing is recorded: it has no id, and cannot be read again."""
    hashed = call.service.references.of(asked.subject)
    return (unavailable if _excluded(call, live, asked, hashed) else answered)(live, asked, NOTHING)


async def recorded_child(
    call: Call, record: Record, live: Live, asked: Asked, once: Once | None, correction: Correction | None = None
) -> ScoredChild:
    """Return the answer about a child once it is recorded; of one who is excluded by then there is no score."""
    child = scored_child(call, live, asked, correction)
    try:
        await record.append(child.entry(once))
    except Excluded:
        child = scored_child(call, live, asked, correction, withheld=True)
        await record.append(child.entry(once))
    return child


def scored_child(
    call: Call, live: Live, asked: Asked, correction: Correction | None = None, *, withheld: bool = False
) -> ScoredChild:
    """
    Return the answer about a child; nobody may see it before its entry is durable.

    It is `withheld` where the record says that the child is excluded, though this process does not know it yet.
    """
    service = call.service
    now, hashed = service.now(), service.references.of(asked.subject)
    check_user(call, hashed)
    supersedes = None if correction is None else correction.score
    facts = Facts(
        id=new_id(now),
        scored_at=now,
        client=call.caller.client,
        user=call.caller.user,
        trace=call.trace,
        supersedes=supersedes,
        stamp=service.evaluation,
        authority=service.authority,
    )
    if withheld or _excluded(call, live, asked, hashed):
        kept, answer = b"null", unavailable(live, asked, facts)
    else:
        kept = kept_of(live.bundle.contract, asked.record, asked.age)
        answer = answered(live, asked, facts, kept)
    payload = payload_of(_asked(call, asked, correction), kept, answer.stored)
    return ScoredChild(str(facts.id), asked.subject, answer, payload, hashed, call.caller.client, supersedes)


def _excluded(call: Call, live: Live, asked: Asked, hashed: bytes) -> bool:
    return hashed in call.service.excluded or asked.subject in live.excluded


def _asked(call: Call, asked: Asked, correction: Correction | None) -> bytes:
    said = {"purpose": asked.purpose, "as_of": asked.age, "detail": asked.detail, "user": call.caller.user}
    return to_json(said if correction is None else said | {"challenge": correction.challenge})
