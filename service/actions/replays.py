"""A recorded score, worked out again from what was kept of the record, by the bundle that answered then."""

import json

from pydantic_core import to_json

from models.record import ChildRecord
from service.actions.once import never_repeated
from service.actions.recorded import Kept, kept_score, noted, record_of
from service.answers.answering import Replayed, replayed
from service.answers.kept_record import read_kept
from service.call import Call, Reply
from service.live import Live
from service.request_record import Asked


async def replay(call: Call) -> Reply:
    """Tell whether the score comes out the same to the byte, and how it comes out; recorded first."""
    never_repeated(call)
    kept = await kept_score(call)
    live = await bundle_of_then(call, str(kept.written.bundle))
    found = _replayed(live, kept)
    await record_of(call).append(noted(call, kept, "replay", to_json({"same": found.same, "user": call.caller.user})))
    told = b'{"same":%b,"answer":%b}' % (to_json(found.same), found.answer)
    return Reply(told, bundle=live.bundle.id)


async def bundle_of_then(call: Call, id_: str) -> Live:
    """Return a bundle that answered once, from what answers now or from the folder of releases; raises Refused (410)."""
    held = call.service.current.held
    now = [held.live] if isinstance(held.live, Live) else []
    for each in (*now, *held.kept.values()):
        if each.bundle.id == id_:
            return each
    return await call.service.old_bundles.bundle(call.service.releases, id_)


def _replayed(live: Live, kept: Kept) -> Replayed:
    said, record = kept.rest["asked"], kept.rest["record"]
    # Of a child of whom no score is given nothing was looked at, so nothing was kept.
    child = ChildRecord() if record is None else read_kept(json.dumps(record).encode())
    return replayed(live, Asked("", said["purpose"], said["as_of"], child, said["detail"]), kept.stored)
