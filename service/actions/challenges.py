"""
Challenges to scores: raised, shown, and settled by somebody who may correct.

A score that has expired, or was superseded, can still be challenged: what was done with it may go on.
"""

import datetime
import json
from typing import Any

from pydantic_core import to_json

from service.actions.forms import is_id, read_form
from service.actions.once import Once, answered_once, repeatable
from service.actions.recorded import kept_score, note, record_of, theirs, time_told
from service.call import Call, Reply
from service.problems import ALREADY_SETTLED, EXPIRED, NO_SUCH_CHALLENGE, Refused
from service.record.entries import Entry, Written
from service.record.ids import new_id


async def challenge(call: Call) -> Reply:
    """Take a challenge to a score; somebody has to settle it."""
    kept = await kept_score(call, even_expired=True)
    body, said = await read_form(call, "challenge")
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
    raised, outcome = await _challenge(call)
    body, said = await read_form(call, "challenge_outcome")
    record = record_of(call)

    async def work(once: Once | None) -> Reply:
        if outcome is not None:
            raise Refused(ALREADY_SETTLED, "Read the challenge to see what came of it; raise another to go on.")
        now = call.service.now()
        told = to_json({"id": new_id(now), "challenge": raised.id, "at": time_told(now)})
        payload = to_json({"outcome": said["outcome"], "note_ref": said.get("note_ref"), "user": call.caller.user})
        entry = Entry(
            "challenge-outcome",
            call.caller.client,
            payload,
            id=json.loads(told)["id"],
            about=raised.id,
            bundle=raised.bundle,
            subject=raised.subject,
            repeatable=repeatable(once, 201, {}, told),
        )
        await record.append(entry)
        return Reply(told, 201)

    return await answered_once(call, record, body, work)


async def _challenge(call: Call) -> tuple[Written, Written | None]:
    """Return the challenge that the path names, and what came of it; raises Refused (404, 410)."""
    record, id_ = record_of(call), call.given("id")
    raised = await record.one(id_) if is_id(id_) else None
    if raised is None or raised.kind != "challenge" or not theirs(call, raised):
        raise Refused(NO_SUCH_CHALLENGE, "No challenge of this id was raised by this caller.")
    if raised.payload is None:
        raise Refused(EXPIRED, "What the record held of it was erased when its time was up.")
    settled = await record.about(id_, "challenge-outcome")
    return raised, settled[0] if settled else None


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
