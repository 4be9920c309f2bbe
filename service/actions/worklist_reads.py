"""Worklists that were made: read again, and what the next one is compared with."""

import datetime
import json
from collections.abc import Mapping, Sequence

from pydantic_core import to_json

from service.access.caller import check_purpose, check_team
from service.actions.forms import is_id
from service.actions.once import gone
from service.actions.recorded import Kept, microseconds, record_of
from service.call import Call, Reply
from service.exclusions import NOT_AVAILABLE
from service.loaded.changes import Before, Left
from service.loaded.kept_list import KeptList, read_list, series
from service.loaded.told_list import Row, ToldList
from service.loaded.worklist_form import Wanted
from service.problems import EXPIRED, NO_SUCH_WORKLIST, Refused
from service.record.entries import Entry, Record, Written
from service.turns import in_turns

CSV = "text/csv; charset=utf-8"


async def read(call: Call) -> Reply:
    """Read a list again as JSON."""
    return await _read(call, as_csv=False)


async def read_csv(call: Call) -> Reply:
    """Read a list again as CSV."""
    return await _read(call, as_csv=True)


async def _read(call: Call, *, as_csv: bool) -> Reply:
    record = record_of(call)
    written, kept = await _kept(call, record)
    told = await _told(call, record, kept)
    await record.append(_entry(call, written, {}))
    if not as_csv:
        return Reply(told.json(), bundle=written.bundle)
    # The name of a file is seen where the file is not: it names no team, and no child.
    saved = {"Content-Disposition": f'attachment; filename="worklist-{kept.head["day"]}.csv"'}
    return Reply(await told.csv(), media_type=CSV, headers=saved, bundle=written.bundle)


async def repeated_list(call: Call, record: Record, before: Sequence[Written]) -> Reply:
    """
    Return a list once more, since its request was sent again: from the entries that it made, the list's own first.

    Raises Refused: 403 without its purpose or its team, 410 once it has expired, a child on it is excluded, or something of it was erased.
    """
    written, *scores = before
    if written.kind != "worklist" or written.payload is None or _expired(call, written):
        raise gone()
    check_purpose(call.caller, json.loads(written.payload)["asked"]["purpose"])
    kept = read_list(written.payload)
    check_team(call.caller, kept.head["team"])
    if len(scores) != len(kept.rows) or any(each.subject in call.service.excluded for each in scores):
        raise gone()
    told = await _told(call, record, kept)
    await record.append(_entry(call, written, {"repeat": True}))
    return Reply(told.json(), 201, headers=list_headers(str(written.id)), bundle=written.bundle)


def list_headers(id_: str) -> dict[str, str]:
    """Return the header that tells where a new list is read."""
    return {"Location": f"/v1/worklists/{id_}"}


def _entry(call: Call, written: Written, more: Mapping[str, bool]) -> Entry:
    payload = to_json({"user": call.caller.user, **more})
    return Entry("read", call.caller.client, payload, about=written.id, bundle=written.bundle)


async def _told(call: Call, record: Record, kept: KeptList) -> ToldList:
    """
    Return a list with its scores, and the references of those children who are still loaded.

    Children on it who were excluded since are left out, but for those who audit.
    """
    scores = await record.ones([*(row.score for row in kept.rows), *(one.score for one in kept.gone)])
    references = await _references(call, kept)
    excluded = frozenset[bytes]() if call.caller.may("audit") else call.service.excluded
    out = {id_ for id_, score in scores.items() if score.subject in excluded}
    rows = [
        Row(_of(scores, row.score, references), row.place, row.change, row.moved_from, _stored(scores.get(row.score)))
        async for row in in_turns(kept.rows)
        if row.score not in out
    ]
    left = [
        Left(_of(scores, one.score, references), one.score, one.place, NOT_AVAILABLE if one.score in out else one.why)
        for one in kept.gone
    ]
    return ToldList(kept.head, rows, left)


async def last_list(record: Record, client: str, wanted: Wanted, today: datetime.date) -> KeptList | None:
    """
    Return the list that a new one is compared with: the last that was made on an earlier day.

    So asking once more on one day, perhaps since the answer was lost, tells the same changes.
    """
    made = await record.about(series(client, wanted))
    lists = (read_list(each.payload) for each in reversed(made) if each.payload is not None)
    return next((each for each in lists if each.head["day"] < today.isoformat()), None)


async def standing_before(record: Record, last: KeptList | None) -> dict[bytes, Before]:
    """Return where children stood on the last list, by what the record keeps of their references."""
    if last is None:
        return {}
    scores = await record.ones([row.score for row in last.rows])
    found = ((scores.get(row.score), row.before) for row in last.rows)
    return {each.subject: before for each, before in found if each is not None and each.subject is not None}


async def _kept(call: Call, record: Record) -> tuple[Written, KeptList]:
    id_ = call.given("id")
    written = await record.one(id_) if is_id(id_) else None
    audits = call.caller.may("audit")
    if written is None or written.kind != "worklist" or (written.client != call.caller.client and not audits):
        raise Refused(NO_SUCH_WORKLIST, "No worklist of this id was made for this caller.")
    if written.payload is None or (_expired(call, written) and not audits):
        raise Refused(EXPIRED, "Ask for a new worklist.")
    kept = read_list(written.payload)
    check_team(call.caller, kept.head["team"])
    return written, kept


def _expired(call: Call, written: Written) -> bool:
    return written.expires is not None and microseconds(call.service.now()) >= written.expires


async def _references(call: Call, kept: KeptList) -> dict[bytes, str]:
    """Return the references of the team's children who are loaded now, by what the record keeps of them."""
    loaded, references = call.service.loaded, call.service.references
    load = loaded.newest if loaded is not None else None
    if load is None:
        return {}
    return {references.of(one): one async for one in in_turns(load.references(kept.head["team"]))}


def _of(scores: Mapping[str, Written], id_: str, references: Mapping[bytes, str]) -> str | None:
    score = scores.get(id_)
    return references.get(score.subject) if score is not None and score.subject is not None else None


def _stored(score: Written | None) -> bytes | None:
    return (
        Kept(str(score.id), score, score.payload, []).stored
        if score is not None and score.payload is not None
        else None
    )
