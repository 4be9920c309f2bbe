"""What is done about one child, by the caller's reference: excluding it from scores, and telling everything held of it."""

from typing import Any

from pydantic_core import to_json

from service.actions.forms import read_form
from service.actions.once import Once, answered_once, repeatable
from service.actions.recorded import record_of, time_told
from service.call import Call, Reply
from service.record.account import account_of
from service.record.entries import Entry, Kind
from service.record.ids import new_id


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

    return await answered_once(call, record_of(call), body, work)


async def _changed(call: Call, kind: Kind, said: dict[str, Any], once: Once | None) -> Reply:
    service = call.service
    hashed, now = service.references.of(said["subject"]), service.now()
    id_ = new_id(now)
    told = to_json({"id": id_, "at": time_told(now)})
    payload = to_json({"reason": said["reason"], "user": call.caller.user})
    entry = Entry(
        kind,
        call.caller.client,
        payload,
        id=id_,
        subject=hashed,
        repeatable=repeatable(once, 201, {}, told),
    )
    # Nobody reads the list from the record between the entry and its effect here.
    async with service.excluding:
        await record_of(call).append(entry)
        one = frozenset({hashed})
        service.excluded = service.excluded | one if kind == "exclusion" else service.excluded - one
    return Reply(told, 201)


async def give_account(call: Call) -> Reply:
    """Tell everything that is held about a child; that it is told is recorded first."""
    _, said = await read_form(call, "account")
    service, record = call.service, record_of(call)
    told = await account_of(record, service.references, said["subject"], service.now())
    hashed = service.references.of(said["subject"])
    payload = to_json({"user": call.caller.user})
    await record.append(Entry("account", call.caller.client, payload, subject=hashed))
    return Reply(told.model_dump_json().encode())
