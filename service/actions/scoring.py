"""One child's score: `POST /v1/scores`."""

from collections.abc import Sequence

from service.actions.asking import live_of
from service.actions.once import answered_once
from service.actions.repeats import repeated_score
from service.actions.scored import asked_of, recorded_child, unrecorded
from service.actions.standing import Standing, made_headers
from service.body import check_json, read_body
from service.call import Call, Reply
from service.live import Live
from service.record.entries import Once, Record, Written


async def score(call: Call) -> Reply:
    """Answer one scoring request; where there is a record, once the answer is recorded."""
    body = await read_body(call.scope, call.receive)
    live = live_of(call)
    check_json(body)
    record = call.service.record
    if record is None:
        return _unrecorded(call, live, body)

    async def work(once: Once | None) -> Reply:
        return await _recorded(call, record, live, body, once)

    async def again(before: Sequence[Written]) -> Reply:
        return await repeated_score(call, before, body)

    return await answered_once(call, record, body, work, again)


def _unrecorded(call: Call, live: Live, body: bytes) -> Reply:
    asked = asked_of(call, live, body)
    answer = unrecorded(call, live, asked)
    return Reply(answer.told(asked.subject), bundle=answer.bundle, outcomes=(answer.code or "scored",))


async def _recorded(call: Call, record: Record, live: Live, body: bytes, once: Once | None) -> Reply:
    child = await recorded_child(call, record, live, asked_of(call, live, body), once)
    headers = made_headers(child.id, Standing())
    return Reply(child.told, 201, headers=headers, bundle=child.answer.bundle, outcomes=(child.outcome,))
