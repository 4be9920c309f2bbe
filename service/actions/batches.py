"""Many children at once: `POST /v1/scores/batch`. Each is answered or refused by itself; all answers are recorded together."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic_core import to_json

from models.errors import EarlyidError
from service.actions.asking import live_of
from service.actions.elements import elements
from service.actions.once import answered_once, gone
from service.actions.repeats import told_again
from service.actions.scored import ScoredChild, asked_of, scored_child, unrecorded
from service.answers.facts import Answered, with_subject
from service.body import read_body
from service.call import Call, Reply
from service.live import Live
from service.problems import kind_of, problem_of
from service.record.entries import Excluded, Once, Record, Written
from service.request_record import Asked
from service.turns import in_turns

MOST_BYTES = 2**23
_ANSWER, _PROBLEM = b'{"answer":', b'{"problem":'


@dataclass(frozen=True, slots=True)
class _Item:
    """What became of one request; `child` is None where there is nothing to record, `asked` where it asks nothing."""

    subject: str | None
    stored: bytes
    outcome: str
    child: ScoredChild | None = None
    asked: Asked | None = None


async def batch(call: Call) -> Reply:
    """Answer up to 500 scoring requests, in their order; each counts as one that the caller makes."""
    body = await read_body(call.scope, call.receive, MOST_BYTES)
    requests = [each async for each in in_turns(elements(body))]
    rate = await call.service.access.admit_batch(call.caller, len(requests))
    reply = await _batch(call, body, requests)
    return replace(reply, headers={**reply.headers, **rate})


async def _batch(call: Call, body: bytes, requests: Sequence[bytes]) -> Reply:
    """Answer all; where there is a record, once all answers are recorded."""
    live, record = live_of(call), call.service.record
    if record is None:
        return _reply(live, await _items(call, live, requests))

    async def work(once: Once | None) -> Reply:
        items = await _items(call, live, requests)
        while True:
            try:
                await _append(record, items, once)
            except Excluded as found:
                items = [_withheld(call, live, item, found.subjects) for item in items]
            else:
                return _reply(live, items)

    async def again(before: Sequence[Written]) -> Reply:
        return await _again(call, before, body)

    return await answered_once(call, record, body, work, again)


async def _items(call: Call, live: Live, requests: Sequence[bytes]) -> list[_Item]:
    items = []
    for each in requests:
        items.append(_item(call, live, each))
        # Others are answered between two children.
        await asyncio.sleep(0)
    return items


def _item(call: Call, live: Live, request: bytes) -> _Item:
    try:
        asked = asked_of(call, live, request)
        if call.service.record is None:
            return _answered(asked, unrecorded(call, live, asked), None)
        child = scored_child(call, live, asked)
    except EarlyidError as error:
        return _Item(None, problem_of(error).model_dump_json().encode(), kind_of(error).name)
    return _answered(asked, child.answer, child)


def _answered(asked: Asked, answer: Answered, child: ScoredChild | None) -> _Item:
    return _Item(asked.subject, answer.stored, answer.code or "scored", child, asked)


def _withheld(call: Call, live: Live, item: _Item, excluded: frozenset[bytes]) -> _Item:
    """Return what becomes of a request about a child who was excluded meanwhile; of another's, what did."""
    if item.child is None or item.asked is None or item.child.hashed not in excluded:
        return item
    child = scored_child(call, live, item.asked, withheld=True)
    return _answered(item.asked, child.answer, child)


async def _append(record: Record, items: list[_Item], once: Once | None) -> None:
    """Record all answers together; of a batch in which nobody was answered about there is nothing to record, nor to repeat."""
    children = [item.child for item in items if item.child is not None]
    if not children:
        return
    first, *others = children
    beside = b"" if once is None else b',"batch":' + _layout(items)
    await record.append(first.entry(once, beside), *(child.entry(once) for child in others))


def _layout(items: list[_Item]) -> bytes:
    """Return what else it takes to tell a batch again: how many requests it had, and the problems, by their place."""
    problems = {str(place): item.stored.decode() for place, item in enumerate(items) if item.child is None}
    return to_json({"of": len(items), "problems": problems})


def _kept(item: _Item) -> bytes:
    return (_PROBLEM if item.subject is None else _ANSWER) + item.stored


def _told(kept: bytes, subject: str | None) -> bytes:
    """Return one element of the answer, with the child's reference where there is an answer."""
    if kept.startswith(_PROBLEM):
        return kept + b"}"
    return _ANSWER + with_subject(kept[len(_ANSWER) :], subject) + b"}"


async def _again(call: Call, before: Sequence[Written], body: bytes) -> Reply:
    """Return the answer to a batch once more, from the entries that it made."""
    layout = json.loads(before[0].payload or b"{}").get("batch")
    if layout is None or len(before) + len(layout["problems"]) != layout["of"]:
        raise gone()
    kept = iter(await told_again(call, before))
    told = []
    async for place, asked in in_turns(enumerate(json.loads(body)["requests"])):
        problem = layout["problems"].get(str(place))
        one = _ANSWER + next(kept).stored if problem is None else _PROBLEM + problem.encode()
        told.append(_told(one, asked["subject"] if problem is None else None))
    return Reply(_joined(told), bundle=before[0].bundle)


def _joined(told: list[bytes]) -> bytes:
    return b'{"answers":[' + b",".join(told) + b"]}"


def _reply(live: Live, items: list[_Item]) -> Reply:
    told = _joined([_told(_kept(item), item.subject) for item in items])
    return Reply(told, bundle=live.bundle.id, outcomes=tuple(item.outcome for item in items))
