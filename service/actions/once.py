"""
Requests that may be repeated: one Idempotency-Key is answered once, and then again with the very same bytes.

Of the key and of what was asked only digests are kept. A repeated request brings the child's reference along, so that what is
kept of the answer need not hold it.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from service.actions.asking import asked_bundle
from service.call import Call, Reply
from service.problems import BREAKS_CONTRACT, Refused
from service.record.entries import Record, Repeatable, Repeated

HEADER = b"idempotency-key"
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True, slots=True)
class Once:
    """The digests of a key and of what was asked with it."""

    key: bytes
    asked: bytes


def repeatable(once: Once | None, status: int, headers: Mapping[str, str], response: bytes) -> Repeatable | None:
    """Return what to answer next time, if the request has a key; the response holds no reference of a child."""
    return None if once is None else Repeatable(once.key, once.asked, status, headers, response)


Work = Callable[[Once | None], Awaitable[Reply]]
Again = Callable[[bytes], bytes]


def same(response: bytes) -> bytes:
    """Return a response that holds no reference of a child as it was."""
    return response


async def answered_once(call: Call, record: Record, body: bytes, work: Work, again: Again = same) -> Reply:
    """
    Return what `work` answers, or what it answered before to the same key; `again` puts the child's reference back in.

    Raises Refused when the key was used for another request (422) or its first request is not answered yet (409).
    """
    once = _once(call, body)
    if once is None:
        return await work(None)
    client = call.caller.client
    with record.starting(client, once.key):
        before = await record.repeated(client, once.key, once.asked)
        if before is None:
            try:
                return await work(once)
            except Repeated as repeated:
                before = repeated.answer
    return Reply(again(before.response), before.status, headers=before.headers)


def _once(call: Call, body: bytes) -> Once | None:
    key = call.header(HEADER)
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise Refused(BREAKS_CONTRACT, "Idempotency-Key is 1 to 255 visible characters of ASCII.")
    asked = "\n".join((call.scope["method"], call.scope["path"], asked_bundle(call) or "", ""))
    return Once(hashlib.sha256(key.encode()).digest(), hashlib.sha256(asked.encode() + body).digest())
