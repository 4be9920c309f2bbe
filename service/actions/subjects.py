"""What is done about one child, by the caller's reference: excluding it from scores, and telling everything held of it."""

import asyncio
from collections.abc import Sequence
from typing import Any

from pydantic_core import to_json

from service.actions.forms import read_form
from service.actions.once import answered_once, never_repeated
from service.actions.other_references import check_user
from service.actions.recorded import receipt, record_of
from service.actions.replays import bundle_of_then
from service.call import Call, Reply
from service.live import Live
from service.problems import Refused
from service.record.account import account_of
from service.record.account_shape import account_json
from service.record.entries import Entry, Kind, Once, Written
from service.record.ids import new_id
from service.record.telling import Known


async def exclude(call: Call) -> Reply:
    """Exclude a child: from now on no score of it is given, and nothing says why."""
    return await _change(call, "exclusion")


async def end_exclusion(call: Call) -> Reply:
    """End an exclusion: the child is scored again."""
    return await _change(call, "exclusion-ended")


async def _change(call: Call, kind: Kind) -> Reply:
    body, said = await read_form(call, kind.replace("-", "_"))

    async def work(once: Once | None) -> Reply:
        return await _changed(call, kind, said, once)

    async def again(before: Sequence[Written]) -> Reply:
        return Reply(receipt(str(before[0].id)), 201)

    return await answered_once(call, record_of(call), body, work, again)


async def _changed(call: Call, kind: Kind, said: dict[str, Any], once: Once | None) -> Reply:
    service = call.service
    hashed, id_ = service.references.of(said["subject"]), new_id(service.now())
    check_user(call, hashed)
    payload = to_json({"reason": said["reason"], "user": call.caller.user})
    entry = Entry(kind, call.caller.client, payload, id=id_, subject=hashed, once=once)
    # Nobody reads the list from the record between the entry and its effect here.
    async with service.excluding:
        await record_of(call).append(entry)
        one = frozenset({hashed})
        service.excluded = service.excluded | one if kind == "exclusion" else service.excluded - one
    return Reply(receipt(id_), 201)


async def give_account(call: Call) -> Reply:
    """Tell everything that is held about a child; that it is told is recorded first."""
    never_repeated(call)
    _, said = await read_form(call, "account")
    service, record = call.service, record_of(call)
    hashed = service.references.of(said["subject"])
    check_user(call, hashed)
    trusted = await asyncio.to_thread(service.trusted)
    known = Known(lambda bundle: _model(call, bundle), await asyncio.to_thread(service.labels))
    told = await account_of(record, service.references, said["subject"], service.now(), trusted, known)
    payload = to_json({"user": call.caller.user})
    await record.append(Entry("account", call.caller.client, payload, subject=hashed))
    return Reply(await account_json(told))


async def _model(call: Call, bundle: str) -> Live | None:
    """Return a bundle that answered once; None when it is not kept any more."""
    try:
        return await bundle_of_then(call, bundle)
    except Refused:
        return None
