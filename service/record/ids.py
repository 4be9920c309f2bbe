"""Ids of scores, challenges and worklists: UUIDs of version 7 (RFC 9562), which sort by when they were made."""

import datetime
import os

_VERSION = 7 << 76
_VARIANT = 2 << 62
_RANDOM_BITS = (1 << 12) - 1 << 64 | (1 << 62) - 1


def new_id(now: datetime.datetime) -> str:
    """Return a new id: 48 bits of the time in milliseconds, and 74 random bits, which nobody guesses."""
    milliseconds = int(now.timestamp() * 1000)
    random = int.from_bytes(os.urandom(10), "big") & _RANDOM_BITS
    text = f"{milliseconds << 80 | _VERSION | _VARIANT | random:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def made_at(id_: str) -> datetime.datetime:
    """Return the time in an id that this service gave, in UTC, to the millisecond."""
    return _EPOCH + datetime.timedelta(milliseconds=int(id_.replace("-", "")[:12], 16))


_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
