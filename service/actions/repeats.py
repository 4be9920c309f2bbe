"""
Answers about children that are told once more, since their request was sent again: the very bytes, put together from the record.

It is a reading like any other: recorded first, and refused to who lacks the purpose, after the score expired, and once the child is
excluded. (A receipt, an id and a time, tells nothing of a child, and is told again as it was.)
"""

import dataclasses
import json
from collections.abc import Sequence

from pydantic_core import to_json

from service.access.caller import check_purpose
from service.actions.once import gone
from service.actions.recorded import Kept, noted, record_of
from service.actions.standing import Standing, made_headers
from service.answers.facts import with_subject
from service.call import Call, Reply
from service.record.entries import Entry, Excluded, Written
from service.turns import in_turns


async def repeated_score(call: Call, before: Sequence[Written], body: bytes) -> Reply:
    """Return once more the answer about one child, whose reference the body has."""
    written = before[0]
    (kept,) = await told_again(call, [written])
    headers = made_headers(kept.id, Standing(), written.about)
    told = with_subject(kept.stored, str(json.loads(body)["subject"]))
    return Reply(told, 201, headers=headers, bundle=written.bundle)


async def told_again(call: Call, scores: Sequence[Written]) -> list[Kept]:
    """Return what is kept of scores that may still be told, once it is recorded that they are; raises Refused (403, 410)."""
    kept = [_may_be_told(call, each) async for each in in_turns(scores)]
    payload = to_json({"user": call.caller.user, "repeat": True})
    try:
        await record_of(call).append(*(_read(call, each, payload) for each in kept))
    except Excluded:
        raise gone() from None
    return kept


def _may_be_told(call: Call, written: Written) -> Kept:
    if written.kind != "score" or written.payload is None:
        raise gone()
    kept = Kept(str(written.id), written, written.payload, [])
    check_purpose(call.caller, kept.rest["asked"]["purpose"])
    if kept.expired(call.service.now()):
        raise gone()
    return kept


def _read(call: Call, kept: Kept, payload: bytes) -> Entry:
    """Return the entry of one reading; of a child who was excluded then there is nothing to keep back now."""
    return dataclasses.replace(noted(call, kept, "read", payload), unless_excluded=kept.rest["record"] is not None)
