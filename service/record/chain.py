"""
The chain: what an entry's digest and hash are made of. Pure: values in, bytes out.

Every part is told with its length, so that no two different entries make the same bytes.
"""

import hashlib
import struct
from functools import lru_cache
from typing import NamedTuple

GENESIS = bytes(32)

_NUMBERS = struct.Struct(">QQ")
_LENGTH = struct.Struct(">I")
# No text is as long as this, so it can stand for "there is none".
_NONE = b"\xff\xff\xff\xff"
_ENTRY = b"earlyid-record-entry-1\x00"


class Head(NamedTuple):
    """The newest entry: its number, its time in microseconds since 1970, and its hash."""

    seq: int
    at: int
    hash: bytes


EMPTY = Head(0, 0, GENESIS)


def digest_of(
    salt: bytes,
    payload: bytes,
    subject: bytes | None,
    expires: int | None,
    key: bytes | None = None,
    asked: bytes | None = None,
) -> bytes:
    """Return the digest of what is held of an entry, 32 bytes; a salt has 16 bytes."""
    held = hashlib.sha256(salt)
    held.update(_bytes(subject))
    held.update(_NONE if expires is None else _LENGTH.pack(8) + expires.to_bytes(8, "big", signed=True))
    held.update(_bytes(key) + _bytes(asked))
    held.update(payload)
    return held.digest()


def _bytes(given: bytes | None) -> bytes:
    return _NONE if given is None else _LENGTH.pack(len(given)) + given


def hash_of(
    seq: int,
    at: int,
    kind: str,
    id_: str | None,
    about: str | None,
    client: str,
    bundle: str | None,
    digest: bytes,
    previous: bytes,
) -> bytes:
    """Return the hash of an entry, 32 bytes: of all that stands in its row of `chain`."""
    texts = (_often(kind), _told(id_), _told(about), _often(client), _often(bundle))
    return hashlib.sha256(b"".join((_ENTRY, _NUMBERS.pack(seq, at), *texts, digest, previous))).digest()


@lru_cache(maxsize=256)
def _often(text: str | None) -> bytes:
    """Tell a text that stands in many entries."""
    return _told(text)


def _told(text: str | None) -> bytes:
    if text is None:
        return _NONE
    spelled = text.encode()
    return _LENGTH.pack(len(spelled)) + spelled
