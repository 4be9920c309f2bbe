"""Many children at once: `POST /v1/scores/batch`. Each is answered or refused by itself; all answers are recorded together."""

import asyncio
import json
from dataclasses import dataclass

from models.errors import EarlyidError
from service.actions.asking import live_of
from service.actions.elements import elements
from service.actions.once import Once, answered_once, repeatable
from service.actions.scored import ScoredChild, asked_of, scored_child, unrecorded
from service.answers.facts import Answered, with_subject
from service.body import read_body
from service.call import Call, Reply
from service.live import Live
from service.problems import kind_of, problem_of
from service.record.entries import Entry, Record

MOST_BYTES = 2**23
_ANSWER, _PROBLEM = b'{"answer":', b'{"problem":'


@dataclass(frozen=True, slots=True)
class _Item:
    """What became of one request; `child` is None where there is nothing to record."""

    subject: str | None
    stored: bytes
    outcome: str
    child: ScoredChild | None = None


async def batch(call: Call) -> Reply:
    """Answer up to 500 scoring requests, in their order; where there is a record, once all answers are recorded."""
    live = live_of(call)
    body = await read_body(call.scope, call.receive, MOST_BYTES)
    record = call.service.record
    if record is None:
        return _reply(live, await _items(call, live, body))

    async def work(once: Once | None) -> Reply:
        items = await _items(call, live, body)
        await _append(record, items, once)
        return _reply(live, items)

    return await answered_once(call, record, body, work, lambda response: _again(response, body))


async def _items(call: Call, live: Live, body: bytes) -> list[_Item]:
    items = []
    for each in elements(body):
        items.append(_item(call, live, each))
        # Others are answered between two children.
        await asyncio.sleep(0)
    return items


def _item(call: Call, live: Live, request: bytes) -> _Item:
    try:
        asked = asked_of(call, live, request)
        if call.service.record is None:
            return _answered(asked.subject, unrecorded(call, live, asked), None)
        child = scored_child(call, live, asked)
    except EarlyidError as error:
        return _Item(None, problem_of(error).model_dump_json().encode(), kind_of(error).name)
    return _answered(child.subject, child.answer, child)


def _answered(subject: str, answer: Answered, child: ScoredChild | None) -> _Item:
    return _Item(subject, answer.stored, answer.code or "scored", child)


async def _append(record: Record, items: list[_Item], once: Once | None) -> None:
    """Record all answers together; of a batch in which nobody was answered about there is nothing to record, nor to repeat."""
    children = [item.child for item in items if item.child is not None]
    if not children:
        return
    again = repeatable(once, 200, {}, b"\n".join(_kept(item) for item in items))
    first, *others = children
    entries: list[Entry] = [first.entry(again), *(child.entry() for child in others)]
    await record.append(*entries)


def _kept(item: _Item) -> bytes:
    return (_PROBLEM if item.subject is None else _ANSWER) + item.stored


def _told(kept: bytes, subject: str | None) -> bytes:
    """Return one element of the answer, with the child's reference where there is an answer."""
    if kept.startswith(_PROBLEM):
        return kept + b"}"
    return _ANSWER + with_subject(kept[len(_ANSWER) :], subject) + b"}"


def _again(response: bytes, body: bytes) -> bytes:
    requests = json.loads(body)["requests"]
    kept = response.split(b"\n")
    return _joined(
        [
            _told(each, asked.get("subject") if isinstance(asked, dict) else None)
            for each, asked in zip(kept, requests, strict=True)
        ]
    )


def _joined(told: list[bytes]) -> bytes:
    return b'{"answers":[' + b",".join(told) + b"]}"


def _reply(live: Live, items: list[_Item]) -> Reply:
    told = _joined([_told(_kept(item), item.subject) for item in items])
    return Reply(told, bundle=live.bundle.id, outcomes=tuple(item.outcome for item in items))
