"""
The chain: what an entry's digest and hash are made of. Pure: values in, bytes out.

Every part is told with its length, so that no two different entries make the same bytes.
"""

import hashlib
import struct
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


def digest_of(salt: bytes, payload: bytes, subject: bytes | None, expires: int | None) -> bytes:
    """Return the digest of what is held of an entry, 32 bytes; a salt has 16 bytes."""
    held = hashlib.sha256(salt)
    held.update(_NONE if subject is None else _LENGTH.pack(len(subject)) + subject)
    held.update(_NONE if expires is None else _LENGTH.pack(8) + expires.to_bytes(8, "big", signed=True))
    held.update(payload)
    return held.digest()


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
    texts = [_told(text) for text in (kind, id_, about, client, bundle)]
    return hashlib.sha256(b"".join((_ENTRY, _NUMBERS.pack(seq, at), *texts, digest, previous))).digest()


def _told(text: str | None) -> bytes:
    if text is None:
        return _NONE
    spelled = text.encode()
    return _LENGTH.pack(len(spelled)) + spelled
