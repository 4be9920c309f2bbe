"""Worklists that were made: read again, and what the next one is compared with."""

import asyncio
import datetime
from collections.abc import Iterable, Mapping

from pydantic_core import to_json

from service.actions.forms import is_id
from service.actions.recorded import Kept, microseconds, record_of
from service.call import JSON, Call, Reply
from service.loaded.changes import Before, Left
from service.loaded.kept_list import KeptList, read_list, series
from service.loaded.told_list import Row, ToldList
from service.loaded.turns import in_turns
from service.loaded.worklist_form import Wanted
from service.problems import EXPIRED, NO_SUCH_WORKLIST, Refused
from service.record.entries import Entry, Record, Written

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
    scores = await _scores(record, [*(row.score for row in kept.rows), *(one.score for one in kept.gone)])
    references = await _references(call, kept)
    rows = [
        Row(_of(scores, row.score, references), row.place, row.change, row.moved_from, _stored(scores[row.score]))
        for row in kept.rows
    ]
    gone = [Left(_of(scores, one.score, references), one.score, one.place, one.why) for one in kept.gone]
    payload = to_json({"user": call.caller.user})
    await record.append(Entry("read", call.caller.client, payload, about=written.id, bundle=written.bundle))
    told = ToldList(kept.head, rows, gone)
    body, media_type = (told.csv(), CSV) if as_csv else (told.json(), JSON)
    return Reply(body, media_type=media_type, bundle=written.bundle)


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
    scores = await _scores(record, [row.score for row in last.rows])
    found = ((scores[row.score], row.before) for row in last.rows)
    return {each.subject: before for each, before in found if each is not None and each.subject is not None}


async def _kept(call: Call, record: Record) -> tuple[Written, KeptList]:
    id_ = call.given("id")
    written = await record.one(id_) if is_id(id_) else None
    audits = call.caller.may("audit")
    if written is None or written.kind != "worklist" or (written.client != call.caller.client and not audits):
        raise Refused(NO_SUCH_WORKLIST, "No worklist of this id was made for this caller.")
    gone = written.expires is not None and microseconds(call.service.now()) >= written.expires
    if written.payload is None or (gone and not audits):
        raise Refused(EXPIRED, "Ask for a new worklist.")
    return written, read_list(written.payload)


async def _scores(record: Record, ids: Iterable[str]) -> dict[str, Written | None]:
    asked = list(dict.fromkeys(ids))
    return dict(zip(asked, await asyncio.gather(*(record.one(id_) for id_ in asked)), strict=True))


async def _references(call: Call, kept: KeptList) -> dict[bytes, str]:
    """Return the references of the team's children who are loaded now, by what the record keeps of them."""
    loaded, references = call.service.loaded, call.service.references
    load = loaded.newest if loaded is not None else None
    if load is None:
        return {}
    return {references.of(one): one async for one in in_turns(load.references(kept.head["team"]))}


def _of(scores: Mapping[str, Written | None], id_: str, references: Mapping[bytes, str]) -> str | None:
    score = scores[id_]
    return references.get(score.subject) if score is not None and score.subject is not None else None


def _stored(score: Written | None) -> bytes | None:
    return (
        Kept(str(score.id), score, score.payload, []).stored
        if score is not None and score.payload is not None
        else None
    )
