"""One child's score: `POST /v1/scores`."""

import json

from service.actions.asking import live_of
from service.actions.once import Once, answered_once, repeatable
from service.actions.scored import asked_of, scored_child, unrecorded
from service.actions.standing import Standing, made_headers
from service.answers.facts import with_subject
from service.body import check_json, read_body
from service.call import Call, Reply
from service.live import Live
from service.record.entries import Record


async def score(call: Call) -> Reply:
    """Answer one scoring request; where there is a record, once the answer is recorded."""
    live = live_of(call)
    body = await read_body(call.scope, call.receive)
    check_json(body)
    record = call.service.record
    if record is None:
        return _unrecorded(call, live, body)

    async def work(once: Once | None) -> Reply:
        return await _recorded(call, record, live, body, once)

    return await answered_once(call, record, body, work, lambda response: with_subject(response, subject_in(body)))


def subject_in(body: bytes) -> str:
    """Return the reference in a request that was answered before, so that it is known to be good."""
    return str(json.loads(body)["subject"])


def _unrecorded(call: Call, live: Live, body: bytes) -> Reply:
    asked = asked_of(call, live, body)
    answer = unrecorded(call, live, asked)
    return Reply(answer.told(asked.subject), bundle=answer.bundle, outcomes=(answer.code or "scored",))


async def _recorded(call: Call, record: Record, live: Live, body: bytes, once: Once | None) -> Reply:
    child = scored_child(call, live, asked_of(call, live, body))
    headers = made_headers(child.id, Standing())
    await record.append(child.entry(repeatable(once, 201, headers, child.answer.stored)))
    return Reply(child.told, 201, headers=headers, bundle=child.answer.bundle, outcomes=(child.outcome,))
