"""
Challenges to scores: raised, shown, and settled by somebody who may correct, of whichever client.

A score that has expired, or was superseded, can still be challenged: what was done with it may go on.
"""

import datetime
import json
from collections.abc import Sequence
from typing import Any

from pydantic_core import to_json

from service.actions.forms import is_id, read_form
from service.actions.once import answered_once
from service.actions.other_references import check_text, check_user
from service.actions.recorded import kept_score, note, receipt, record_of, theirs, time_told
from service.call import Call, Reply
from service.problems import ALREADY_SETTLED, EXPIRED, NO_SUCH_CHALLENGE, Refused
from service.record.entries import Entry, Once, Written
from service.record.ids import new_id


async def challenge(call: Call) -> Reply:
    """Take a challenge to a score; somebody has to settle it."""
    kept = await kept_score(call, writing=True)
    body, said = await read_form(call, "challenge")
    check_text(call, "challenge", "text_ref", said, kept.written.subject)
    return await note(
        call, kept, "challenge", body, {name: said.get(name) for name in ("raised_by", "ground", "text_ref")}, 202
    )


async def show_challenge(call: Call) -> Reply:
    """Tell a challenge and what came of it; the reading is recorded first."""
    raised, outcome = await _challenge(call)
    entry = Entry(
        "read", call.caller.client, to_json({"user": call.caller.user}), about=raised.id, subject=raised.subject
    )
    await record_of(call).append(entry)
    return Reply(to_json(_shown(raised, outcome)))


async def settle(call: Call) -> Reply:
    """Record what came of a challenge; it is settled once."""
    raised, outcome = await _challenge(call, settling=True)
    body, said = await read_form(call, "challenge_outcome")
    check_text(call, "challenge_outcome", "note_ref", said, raised.subject)
    record = record_of(call)

    async def work(once: Once | None) -> Reply:
        if outcome is not None:
            raise Refused(ALREADY_SETTLED, "Read the challenge to see what came of it; raise another to go on.")
        id_ = new_id(call.service.now())
        payload = to_json({"outcome": said["outcome"], "note_ref": said.get("note_ref"), "user": call.caller.user})
        entry = Entry(
            "challenge-outcome",
            call.caller.client,
            payload,
            id=id_,
            about=raised.id,
            bundle=raised.bundle,
            subject=raised.subject,
            once=once,
            settles=True,
        )
        await record.append(entry)
        return Reply(receipt(id_, challenge=raised.id), 201)

    async def again(before: Sequence[Written]) -> Reply:
        return Reply(receipt(str(before[0].id), challenge=raised.id), 201)

    return await answered_once(call, record, body, work, again)


async def _challenge(call: Call, *, settling: bool = False) -> tuple[Written, Written | None]:
    """Return the challenge that the path names, and what came of it; raises Refused (404, 410)."""
    record, id_ = record_of(call), call.given("id")
    raised = await record.one(id_) if is_id(id_) else None
    may = raised is not None and (theirs(call, raised) or await _open_to(call, raised, settling=settling))
    if raised is None or raised.kind != "challenge" or not may:
        raise Refused(NO_SUCH_CHALLENGE, "No challenge of this id was raised by this caller.")
    if raised.payload is None:
        raise Refused(EXPIRED, "What the record held of it was erased when its time was up.")
    check_user(call, raised.subject)
    settled = await record.about(id_, "challenge-outcome")
    return raised, settled[0] if settled else None


async def _open_to(call: Call, raised: Written, *, settling: bool) -> bool:
    """Whether the challenge of another is open to the caller: to read it, whoever audits; to settle it, whoever has its purpose."""
    return await _of_a_purpose_of_theirs(call, raised) if settling else call.caller.may("audit")


async def _of_a_purpose_of_theirs(call: Call, raised: Written) -> bool:
    """Whether a score that was challenged was for a purpose of the caller's, who then may settle the challenge of another."""
    score = await record_of(call).one(raised.about) if raised.about is not None else None
    payload = score.payload if score is not None and score.kind == "score" else None
    purposes = call.caller.purposes
    return payload is not None and (purposes is None or json.loads(payload)["asked"]["purpose"] in purposes)


def _shown(raised: Written, outcome: Written | None) -> dict[str, Any]:
    said = json.loads(raised.payload or b"{}")
    came = None
    if outcome is not None:
        settled = json.loads(outcome.payload or b"{}")
        came = {"outcome": settled.get("outcome"), "note_ref": settled.get("note_ref"), "at": _at(outcome)}
    named = {name: said.get(name) for name in ("raised_by", "ground", "text_ref")}
    return {"id": raised.id, "score": raised.about, "at": _at(raised), **named, "outcome": came}


def _at(written: Written) -> str:
    return time_told(datetime.datetime.fromtimestamp(written.at / 1_000_000, datetime.UTC))
