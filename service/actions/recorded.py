"""
What the record holds of one score, as a route sees it: found by its id, or refused.

A score of another client does not exist for a caller who may not audit. An expired one is gone for callers, and one whose payload
retention has erased is gone for everybody.
"""

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic_core import to_json

from service.actions.forms import is_id
from service.actions.once import Once, answered_once, repeatable
from service.call import Call, Reply
from service.problems import EXPIRED, NO_SUCH_SCORE, NOT_RECORDED_HERE, Refused
from service.record.entries import Entry, Kind, Record, Repeatable, Written
from service.record.ids import new_id

_START = b'{"answer":'


@dataclass(frozen=True)
class Kept:
    """A score that the record still holds whole, with the corrections of it and the challenges to it, oldest first."""

    id: str
    written: Written
    payload: bytes
    about: list[Written]

    @cached_property
    def _split(self) -> tuple[dict[str, Any], str]:
        text = self.payload[len(_START) :].decode()
        answer, end = json.JSONDecoder().raw_decode(text)
        return answer, text[:end]

    @property
    def answer(self) -> dict[str, Any]:
        """The stored answer, decoded."""
        return self._split[0]

    @property
    def stored(self) -> bytes:
        """The stored answer, byte for byte."""
        return self._split[1].encode()

    @cached_property
    def rest(self) -> dict[str, Any]:
        """What was asked and on what record, as it was kept beside the answer."""
        found: dict[str, Any] = json.loads(self.payload)
        return found

    @property
    def superseded_by(self) -> str | None:
        """The id of the newest score that corrects this one."""
        return next((each.id for each in reversed(self.about) if each.kind == "score"), None)

    @property
    def challenges(self) -> int:
        """How often this score was challenged."""
        return sum(each.kind == "challenge" for each in self.about)

    def expired(self, now: datetime.datetime) -> bool:
        """Whether callers are no longer told."""
        return self.written.expires is not None and microseconds(now) >= self.written.expires


def microseconds(at: datetime.datetime) -> int:
    """Return a time as the record writes it: microseconds since 1970."""
    return (at - _EPOCH) // datetime.timedelta(microseconds=1)


_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def payload_of(asked: bytes, record: bytes, answer: bytes) -> bytes:
    """Return the payload of a score; the answer comes first, so that its very bytes are found again."""
    return b'%b%b,"asked":%b,"record":%b}' % (_START, answer, asked, record)


def record_of(call: Call) -> Record:
    """Return the decision record; raises Refused where a bundle is served for evaluation and nothing is recorded."""
    if call.service.record is None:
        raise Refused(NOT_RECORDED_HERE, "Serve with a decision record to ask for this.")
    return call.service.record


async def kept_score(call: Call, *, even_expired: bool = False) -> Kept:
    """Return the score that the path names; raises Refused: 404, or 410 once it has expired and the caller may not audit."""
    record, id_ = record_of(call), call.given("id")
    written = await record.one(id_) if is_id(id_) else None
    if written is None or written.kind != "score" or not theirs(call, written):
        raise Refused(NO_SUCH_SCORE, "No score of this id was given to this caller.")
    if written.payload is None:
        raise Refused(EXPIRED, "What the record held of it was erased when its time was up.")
    kept = Kept(id_, written, written.payload, await record.about(id_, "score", "challenge"))
    if kept.expired(call.service.now()) and not even_expired and not call.caller.may("audit"):
        raise Refused(EXPIRED, "Ask for a new score; those who audit can still read this one.")
    return kept


def theirs(call: Call, written: Written) -> bool:
    """Whether an entry is of the caller's client, or the caller may audit."""
    return written.client == call.caller.client or call.caller.may("audit")


def noted(
    call: Call, kept: Kept, kind: Kind, payload: bytes, id_: str | None = None, again: Repeatable | None = None
) -> Entry:
    """Return the entry of something that a caller did about a score; it lies beside the score until retention erases both."""
    return Entry(
        kind,
        call.caller.client,
        payload,
        id=id_,
        about=kept.id,
        bundle=kept.written.bundle,
        subject=kept.written.subject,
        repeatable=again,
    )


async def note(call: Call, kept: Kept, kind: Kind, body: bytes, payload: Mapping[str, Any], status: int) -> Reply:
    """Record something that a caller says about a score, and answer with its id; once for each Idempotency-Key."""
    record = record_of(call)

    async def work(once: Once | None) -> Reply:
        now = call.service.now()
        id_ = new_id(now)
        headers = {"Location": f"/v1/challenges/{id_}"} if kind == "challenge" else {}
        told = to_json({"id": id_, "score": kept.id, "at": time_told(now)})
        said = to_json({**payload, "user": call.caller.user})
        await record.append(noted(call, kept, kind, said, id_, repeatable(once, status, headers, told)))
        return Reply(told, status, headers=headers, bundle=kept.written.bundle)

    return await answered_once(call, record, body, work)


def time_told(at: datetime.datetime) -> str:
    """Return a time in UTC as RFC 3339 writes it."""
    return at.astimezone(datetime.UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
