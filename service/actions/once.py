"""
Requests that may be repeated: one Idempotency-Key is answered once, and then again with the very same bytes.

Of the key and of what was asked only HMACs are kept, and no second copy of the answer: it is put together from what the record
holds. A repeated request brings the child's reference along, which the record does not hold.
"""

import re
from collections.abc import Awaitable, Callable, Sequence

from service.actions.asking import asked_bundle
from service.call import Call, Reply
from service.problems import BREAKS_FORM, EXPIRED, Refused
from service.record.entries import Once, Record, Repeated, Written

HEADER = b"idempotency-key"
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


Work = Callable[[Once | None], Awaitable[Reply]]
Again = Callable[[Sequence[Written]], Awaitable[Reply]]


async def answered_once(call: Call, record: Record, body: bytes, work: Work, again: Again) -> Reply:
    """
    Return what `work` answers, or what it answered before to the same key: `again` tells that from the entries it made.

    Raises Refused when the key was used for another request (422) or its first request is not answered yet (409).
    """
    once = _once(call, body)
    if once is None:
        return await work(None)
    try:
        with record.starting(call.caller.client, once.key):
            before = await record.repeated(once)
            if not before:
                return await work(once)
    except Repeated:
        before = await record.repeated(once)
    except Refused:
        # Perhaps only because the first request of the key was answered meanwhile, here or by another process.
        before = await record.repeated(once)
        if not before:
            raise
    if not before:
        raise gone()
    return await again(before)


def gone() -> Refused:
    """Return the refusal of a repeated request whose answer may not be told any more."""
    return Refused(EXPIRED, "Ask anew, with a new Idempotency-Key.")


def never_repeated(call: Call) -> None:
    """Raise Refused where a request has a key and would be done anew each time."""
    if call.header(HEADER) is not None:
        raise Refused(
            BREAKS_FORM, "Leave out Idempotency-Key: every request to this address is done and recorded anew."
        )


def _once(call: Call, body: bytes) -> Once | None:
    key = call.header(HEADER)
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise Refused(BREAKS_FORM, "Idempotency-Key is 1 to 255 visible characters of ASCII.")
    # The ids in a path may be written in capitals.
    asked = (call.scope["method"], call.scope["path"].lower(), asked_bundle(call) or "")
    stands_for = call.service.references.of_request
    return Once(
        stands_for(b"key", call.caller.client.encode(), key.encode()),
        stands_for(b"asked", *(part.encode() for part in asked), body),
    )
