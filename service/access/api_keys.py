"""Knows clients by their API keys."""

import datetime
import hmac
from collections.abc import Callable, Mapping
from pathlib import Path

from models.errors import BadInput
from service.access.file_watch import FileWatch
from service.access.key_file import PREFIX, Key, digest_of, read_keys
from service.access.refusals import NotKnown

_BEGINS = f"{PREFIX}_".encode()
# What an id that nobody has stands for, so that it takes as long: no secret has this digest.
_NOBODY = Key(id="0" * 12, client="nobody", digest="0" * 64, created=datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC))


def is_key(credential: bytes) -> bool:
    """Whether a credential is meant as an API key."""
    return credential.startswith(_BEGINS)


class ApiKeys:
    """The keys of a file, which may change while they are used."""

    def __init__(
        self,
        path: Path,
        now: Callable[[], datetime.datetime],
        clock: Callable[[], float],
        trouble: Callable[[BadInput], None],
    ) -> None:
        self._keys = FileWatch(path, _by_id, clock, trouble)
        self._now = now

    def __bool__(self) -> bool:
        """Whether anybody could be known by a key."""
        return any(key.revoked is None and not self._ended(key) for key in self._keys().values())

    def behind(self) -> bool:
        """Whether the file was changed to what cannot be read, so that the keys before still hold."""
        return self._keys.behind()

    def client(self, credential: bytes) -> str:
        """Return the name of the client whose key it is; raises NotKnown."""
        _, id_, secret = (*credential.split(b"_", 2), b"", b"")[:3]
        key = self._keys().get(id_, _NOBODY)
        if not hmac.compare_digest(digest_of(secret), key.digest):
            raise NotKnown("unknown-key" if key is _NOBODY else "wrong-secret")
        if key.revoked is not None:
            raise NotKnown("revoked-key")
        if self._ended(key):
            raise NotKnown("expired-key")
        return key.client

    def _ended(self, key: Key) -> bool:
        return key.expires is not None and key.expires <= self._now()


def _by_id(path: Path) -> Mapping[bytes, Key]:
    return {key.id.encode(): key for key in read_keys(path).keys}
