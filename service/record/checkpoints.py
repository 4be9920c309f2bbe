"""
Checkpoints: signed lines in a file outside the database that say what the chain's head was at a time.

Who changes the database cannot change them without the key, so that an end that was cut off, or a whole chain that was
written anew, is found. Lines are only ever added.
"""

import errno
import fcntl
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, BinaryIO, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.canonical import canonical, digest
from models.errors import IntegrityError
from models.signature import Hex64, Hex128, key_id, load_key, new_key
from service.record.chain import Head

# Longer than any line.
_TAIL = 4096

Positive = Annotated[int, Field(ge=1)]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The chain's head as it was once, and the id of the key that says so."""

    head: Head
    key_id: str


class _Line(BaseModel):
    """One line of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seq: Positive
    at: Positive
    hash: Hex64
    key_id: Hex64
    public_key: Hex64
    signature: Hex128

    @classmethod
    def of(cls, head: Head, key: Ed25519PrivateKey) -> Self:
        """Sign a head."""
        public = key.public_key()
        return cls(
            seq=head.seq,
            at=head.at,
            hash=head.hash.hex(),
            key_id=key_id(public),
            public_key=public.public_bytes_raw().hex(),
            signature=key.sign(_signed(head)).hex(),
        )

    def checked(self) -> Checkpoint:
        """Return what the line says; raises ValueError or InvalidSignature when its signature does not fit."""
        head, raw = Head(self.seq, self.at, bytes.fromhex(self.hash)), bytes.fromhex(self.public_key)
        if digest(raw) != self.key_id:
            raise ValueError
        Ed25519PublicKey.from_public_bytes(raw).verify(bytes.fromhex(self.signature), _signed(head))
        return Checkpoint(head, self.key_id)


def checkpoint_key(checkpoints: Path) -> Ed25519PrivateKey:
    """Return the key that signs the checkpoints of a file: `keys/checkpoint.key` beside it, made when there is none."""
    path = checkpoints.parent / "keys" / "checkpoint.key"
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        new_key(path)
    return load_key(path)


def write_checkpoint(checkpoints: Path, head: Head, key: Ed25519PrivateKey) -> None:
    """Add a line, durably; raises OSError, and then leaves what was there."""
    line = canonical(_Line.of(head, key).model_dump())
    descriptor = os.open(checkpoints, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        # Several processes may keep one file.
        fcntl.flock(file, fcntl.LOCK_EX)
        _add(file, line)


def read_checkpoints(checkpoints: Path, trusted: Collection[str] | None = None) -> Iterator[Checkpoint]:
    """
    Yield the checkpoints of a file in the order they were written; none where there is no file.

    Raises IntegrityError for a line that was altered, or that none of the `trusted` key ids signed, where they are given.
    A last line that was never finished is passed over.
    """
    try:
        file = checkpoints.open("rb")
    except FileNotFoundError:
        return
    with file:
        for number, line in enumerate(file, 1):
            if line.endswith(b"\n"):
                yield _read(line[:-1], f"the {number}.", trusted)


def last_checkpoint(checkpoints: Path) -> Checkpoint | None:
    """Return the newest checkpoint without reading the others; raises IntegrityError when it was altered."""
    try:
        with checkpoints.open("rb") as file:
            end = _end_of_lines(file)
            file.seek(max(0, end - _TAIL))
            *_, last, _after = (b"\n" + file.read(min(end, _TAIL))).split(b"\n")
    except FileNotFoundError:
        return None
    return _read(last, "the last", None) if last else None


def _read(line: bytes, which: str, trusted: Collection[str] | None) -> Checkpoint:
    try:
        found = _Line.model_validate_json(line).checked()
    except (ValidationError, InvalidSignature, ValueError):
        raise IntegrityError(f"{which} line of the checkpoints was altered") from None
    if trusted is not None and found.key_id not in trusted:
        raise IntegrityError(f"{which} line of the checkpoints was signed with a key that is not trusted")
    return found


def _add(file: BinaryIO, line: bytes) -> None:
    """Write at the end of the last whole line: a process that ended amid one never relied on it."""
    end = _end_of_lines(file)
    file.truncate(end)
    file.seek(end)
    try:
        written = file.write(line)
        os.fsync(file.fileno())
    except OSError:
        file.truncate(end)
        raise
    if written != len(line):
        file.truncate(end)
        raise OSError(errno.ENOSPC, "the disk is full")


def _end_of_lines(file: BinaryIO) -> int:
    """Return where the last whole line ends."""
    size = file.seek(0, os.SEEK_END)
    start = max(0, size - _TAIL)
    file.seek(start)
    return start + file.read().rfind(b"\n") + 1


def _signed(head: Head) -> bytes:
    """Return what a checkpoint's signature is over."""
    return canonical({"at": head.at, "hash": head.hash.hex(), "seq": head.seq, "what": "earlyid-record-checkpoint-1"})
