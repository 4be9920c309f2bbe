"""
What the record holds of one score, as a route sees it: found by its id, or refused.

A score of another client does not exist for a caller who may not audit, unless it corrects one of the caller's own. An expired one is
gone for callers, and one whose payload retention has erased is gone for everybody.
"""

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic_core import to_json

from service.actions.forms import is_id
from service.actions.once import answered_once
from service.actions.other_references import check_user
from service.call import Call, Reply
from service.problems import EXPIRED, NO_SUCH_SCORE, NOT_RECORDED_HERE, Refused
from service.record.entries import Entry, Kind, Once, Record, Written
from service.record.ids import made_at, new_id

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
    def challenges(self) -> list[Written]:
        """The challenges to this score, settled or not."""
        return [each for each in self.about if each.kind == "challenge"]

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


async def kept_score(call: Call, *, writing: bool = False, challenge: str | None = None) -> Kept:
    """
    Return the score that the path names; raises Refused: 404, or 410 once it has expired and the caller may not audit.

    Whoever is `writing` something about a score may do so after it has expired too, but not since they audit. Whoever names a
    `challenge` to it is answered about a score of any client.
    """
    record, id_ = record_of(call), call.given("id")
    written = await record.one(id_) if is_id(id_) else None
    if (
        written is None
        or written.kind != "score"
        or not (await _open_to(call, written, challenge) or (not writing and call.caller.may("audit")))
    ):
        raise Refused(NO_SUCH_SCORE, "No score of this id was given to this caller.")
    if written.payload is None:
        raise Refused(EXPIRED, "What the record held of it was erased when its time was up.")
    check_user(call, written.subject)
    kept = Kept(id_, written, written.payload, await record.about(id_, "score", "challenge"))
    if kept.expired(call.service.now()) and not writing and not call.caller.may("audit"):
        raise Refused(EXPIRED, "Ask for a new score; those who audit can still read this one.")
    return kept


def theirs(call: Call, written: Written) -> bool:
    """Whether an entry is of the caller's client."""
    return written.client == call.caller.client


async def _open_to(call: Call, written: Written, challenge: str | None) -> bool:
    return theirs(call, written) or await _corrects_theirs(call, written) or await _is_of(call, challenge, written)


async def _corrects_theirs(call: Call, written: Written) -> bool:
    """Whether a score corrects one of the caller's, at once or by way of others: whoever was told the old one is told the new."""
    newer: Written | None = written
    while newer is not None and newer.about is not None:
        newer = await record_of(call).one(newer.about)
        if newer is not None and newer.client == call.caller.client:
            return True
    return False


async def _is_of(call: Call, challenge: str | None, written: Written) -> bool:
    """Whether there is a challenge of that id to a score."""
    raised = await record_of(call).one(challenge) if challenge is not None else None
    return raised is not None and raised.kind == "challenge" and raised.about == written.id


def noted(
    call: Call, kept: Kept, kind: Kind, payload: bytes, id_: str | None = None, once: Once | None = None
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
        once=once,
    )


async def note(call: Call, kept: Kept, kind: Kind, body: bytes, payload: Mapping[str, Any], status: int) -> Reply:
    """Record something that a caller says about a score, and answer with its id; once for each Idempotency-Key."""
    record = record_of(call)

    async def work(once: Once | None) -> Reply:
        id_ = new_id(call.service.now())
        said = to_json({**payload, "user": call.caller.user})
        await record.append(noted(call, kept, kind, said, id_, once))
        return told(id_)

    async def again(before: Sequence[Written]) -> Reply:
        return told(str(before[0].id))

    def told(id_: str) -> Reply:
        headers = {"Location": f"/v1/challenges/{id_}"} if kind == "challenge" else {}
        return Reply(receipt(id_, score=kept.id), status, headers=headers, bundle=kept.written.bundle)

    return await answered_once(call, record, body, work, again)


def receipt(id_: str, **about: str | None) -> bytes:
    """Return what is told of something that was recorded: its id, what it is about, and when that was."""
    return to_json({"id": id_, **about, "at": time_told(made_at(id_))})


def time_told(at: datetime.datetime) -> str:
    """Return a time in UTC as RFC 3339 writes it."""
    return at.astimezone(datetime.UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
