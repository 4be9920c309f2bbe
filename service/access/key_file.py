"""
The file of API keys: of each key what proves it, whose it is and until when; never the key itself.

A key is 256 random bits, so a plain SHA-256 keeps it: there is nothing to guess. The file is only its owner's to read, and is
replaced whole, so that a running service sees it as it was before a change or after.
"""

import fcntl
import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from models.errors import KeyFileError
from models.signature import Hex64
from service.access.agreements import Name

# How a key begins, so that it is found where it should not be.
PREFIX = "eid"


class Key(BaseModel):
    """What is kept of a key: `digest` is of its secret; it ends when it `expires` or was `revoked`, whichever is first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]
    client: Name
    digest: Hex64
    created: AwareDatetime
    expires: AwareDatetime | None = None
    revoked: AwareDatetime | None = None


class Keys(BaseModel):
    """What stands in the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    keys: tuple[Key, ...] = ()

    def one(self, id_: str) -> Key:
        """Return a key by its id; raises KeyFileError when there is none."""
        for key in self.keys:
            if key.id == id_:
                return key
        raise KeyFileError("there is no key of that id; see: earlyid access key list")

    def changed(self, key: Key) -> "Keys":
        """Return them with one changed or added."""
        return Keys(keys=(*(each for each in self.keys if each.id != key.id), key))


def digest_of(secret: bytes) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret).hexdigest()


def made(client: str, created: AwareDatetime, expires: AwareDatetime | None) -> tuple[Key, str]:
    """Return a new key as it is kept, and as its client is given it once."""
    id_, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    kept = Key(id=id_, client=client, digest=digest_of(secret.encode()), created=created, expires=expires)
    return kept, f"{PREFIX}_{id_}_{secret}"


def read_keys(path: Path) -> Keys:
    """Read the keys, none where there is no file; raises KeyFileError when others can read it, or when it is not such a file."""
    try:
        mode, text = path.stat().st_mode, path.read_bytes()
    except FileNotFoundError:
        return Keys()
    except OSError:
        raise KeyFileError(f"the file of API keys {path.name} cannot be read; make it yours again") from None
    if mode & 0o077:
        raise KeyFileError(
            f"others can read the file of API keys {path.name}; take that away with: chmod 600 {path.name}"
        )
    try:
        return Keys.model_validate_json(text)
    except ValidationError:
        raise KeyFileError(f"{path.name} is not a file of API keys; bring back a copy, or make new keys") from None


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Keep every other command from changing the file meanwhile; raises KeyFileError when it cannot be written there."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path.with_name(f".{path.name}.lock"), os.O_WRONLY | os.O_CREAT, 0o600)
    except OSError as error:
        raise KeyFileError(f"{path.name} cannot be written there: {error.strerror}") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def write_keys(path: Path, keys: Keys) -> None:
    """Replace the file whole, readable by its owner only; raises KeyFileError when it cannot."""
    try:
        descriptor, aside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(keys.model_dump_json(indent=1) + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(aside).replace(path)
    except OSError as error:
        raise KeyFileError(f"{path.name} cannot be written there: {error.strerror}") from None
