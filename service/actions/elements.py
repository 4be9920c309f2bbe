"""
The requests of a batch, one after another, each as the bytes that were sent.

A body of many requests is read piece by piece, so that other callers are answered between; only at its end is it known to be
whole, and nothing is recorded before.
"""

import re
from collections.abc import Iterator

from service.body import piece_end
from service.problems import NOT_JSON, Fault, Refused, refused

MOST_REQUESTS = 500
_RULE = f"must be an object with one field, requests: a list of 1 to {MOST_REQUESTS} requests"
_OPENS = re.compile(r'[ \t\n\r]*\{[ \t\n\r]*"requests"[ \t\n\r]*:[ \t\n\r]*\[[ \t\n\r]*')
_NEXT = re.compile(r"[ \t\n\r]*(?:(,)[ \t\n\r]*|\][ \t\n\r]*\}[ \t\n\r]*\Z)")


def elements(body: bytes) -> Iterator[bytes]:
    """Yield every request of a batch; raises Refused (400, 422) where the body is no batch, as soon as that is seen."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise _not_json() from None
    found = _OPENS.match(text)
    if found is None or text.startswith("]", found.end()):
        # What is well formed breaks the rule; what is not is told so.
        if piece_end(text, 0) != len(text.rstrip(" \t\n\r")):
            raise _not_json()
        raise refused([Fault(pointer="", code="wrong-value", detail=_RULE)])
    yield from _from(text, found.end())


def _from(text: str, start: int) -> Iterator[bytes]:
    for count in range(1, MOST_REQUESTS + 2):
        if count > MOST_REQUESTS:
            raise refused([Fault(pointer="/requests", code="too-many", detail=_RULE)])
        end = piece_end(text, start)
        found = _NEXT.match(text, end)
        if found is None:
            raise _not_json_or_more(text, end)
        yield text[start:end].encode()
        if found[1] is None:
            return
        start = found.end()


def _not_json_or_more(text: str, end: int) -> Refused:
    """Return the refusal of what follows a request: another field beside `requests` breaks the rule, anything else is no JSON."""
    closes = re.compile(r"[ \t\n\r]*\][ \t\n\r]*,").match(text, end)
    if closes is not None and piece_end(text, 0) == len(text.rstrip(" \t\n\r")):
        return refused([Fault(pointer="", code="unknown-field", detail=_RULE)])
    return _not_json()


def _not_json() -> Refused:
    return Refused(NOT_JSON, "Send one JSON object in UTF-8, without a byte order mark, NaN or infinities.")
