"""
Reads the body of a request: JSON only, bounded in size and time, and free of what two decoders would read differently.

Nothing here keeps a value: the scan looks for fields named twice and for numbers that JSON does not have, and forgets
the rest. `service.request_form` is the only decoder of values.
"""

import asyncio
import json
from collections.abc import Mapping
from email.message import Message

from starlette.types import Receive, Scope

from service.problems import CUT_SHORT, DUPLICATE_KEY, NOT_JSON, NOT_JSON_TYPE, TOO_LARGE, TOO_SLOW, Refused

MOST_BYTES = 2**20
MOST_SECONDS = 10.0


# What is left of such a body is not worth reading.
_CLOSE = {"Connection": "close"}


class _DuplicateKeyError(ValueError):
    """An object names one of its fields twice."""


async def read_body(scope: Scope, receive: Receive, most: int = MOST_BYTES, seconds: float = MOST_SECONDS) -> bytes:
    """Return the body; raises Refused when it is not said to be JSON, and as soon as it is too large or too late."""
    _check_headers(dict(scope["headers"]), most)
    try:
        async with asyncio.timeout(seconds):
            return await _received(receive, most)
    except TimeoutError:
        raise Refused(TOO_SLOW, f"Send a whole body within {seconds:g} seconds.", headers=_CLOSE) from None


async def _received(receive: Receive, most: int) -> bytes:
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(CUT_SHORT, "The caller went away.")
        body += message.get("body", b"")
        if len(body) > most:
            raise _too_large(most)
        more = message.get("more_body", False)
    return bytes(body)


def _check_headers(headers: Mapping[bytes, bytes], most: int) -> None:
    content_type = headers.get(b"content-type", b"")
    if content_type != b"application/json" and not _is_json(content_type.decode("latin-1")):
        raise Refused(NOT_JSON_TYPE, "Send Content-Type: application/json.")
    if headers.get(b"content-encoding", b"identity") != b"identity":
        raise Refused(NOT_JSON_TYPE, "Send the body without a Content-Encoding.")
    length = headers.get(b"content-length", b"")
    if length.isdigit() and (len(length) > len(str(most)) or int(length) > most):
        raise _too_large(most)


def _is_json(content_type: str) -> bool:
    said = Message()
    said["content-type"] = content_type
    return said.get_content_type() == "application/json" and said.get_content_charset("utf-8") == "utf-8"


def _too_large(most: int) -> Refused:
    # The connection is not closed at once: a caller that is still sending would be reset before it could read why.
    return Refused(TOO_LARGE, f"A body has at most {most} bytes.")


def check_json(body: bytes) -> None:
    """Raise Refused unless the body is JSON in UTF-8 in which no object names a field twice."""
    try:
        _SCAN.decode(body.decode())
    except _DuplicateKeyError:
        raise _duplicate() from None
    except (ValueError, RecursionError):
        raise _not_json() from None


def piece_end(text: str, start: int) -> int:
    """Return where the JSON that starts there ends, leading white space passed over; raises Refused as `check_json` does."""
    while start < len(text) and text[start] in " \t\n\r":
        start += 1
    try:
        return _SCAN.raw_decode(text, start)[1]
    except _DuplicateKeyError:
        raise _duplicate() from None
    except (ValueError, RecursionError):
        raise _not_json() from None


def _duplicate() -> Refused:
    return Refused(DUPLICATE_KEY, "Name every field of an object once.")


def _not_json() -> Refused:
    return Refused(NOT_JSON, "Send one JSON object in UTF-8, without a byte order mark, NaN or infinities.")


def _no_duplicates(pairs: list[tuple[str, object]]) -> None:
    if len(dict(pairs)) != len(pairs):
        raise _DuplicateKeyError


def _no_constant(_name: str) -> None:
    raise ValueError


# Driven in C: it costs less than the decoding that follows it.
_SCAN = json.JSONDecoder(object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
