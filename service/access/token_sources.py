"""
Where the keys of an issuer come from: a file, or an address that is asked again when a token names a key nobody knows.

Keys from an address are asked for again after ten minutes, and by the tokens that come after a longer silence before they are
trusted, so that one taken back is not trusted for long. While the issuer is down the last good copy is used for a day, be the service
started anew meanwhile; then no token is taken.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from models.errors import BadInput
from service.access.file_watch import FileWatch
from service.access.issuer_fetch import SECONDS, fetched
from service.access.kept_keys import KeptKeys, keep, read_kept
from service.access.refusals import NotKnown
from service.access.token_keys import TokenKey, token_keys

# In seconds: how soon we ask again, after how long in any case, and how long a copy is good while the issuer is down.
AGAIN, FRESH, GOOD = 60.0, 600.0, 86_400.0
# So many requests may wait to see whether the issuer has new keys: anybody can send a token that names a key which nobody knows.
MOST_WAITING = 32


class KeySource(Protocol):
    """Knows the keys of an issuer."""

    async def key(self, kid: str) -> TokenKey | None:
        """Return the key of that name; raises NotKnown when no keys can be had at all."""


class KeysOfFile:
    """The keys of a file, which may change while they are used."""

    def __init__(self, path: Path, clock: Callable[[], float], trouble: Callable[[BadInput], None]) -> None:
        self._keys = FileWatch(path, _read, clock, trouble)

    async def key(self, kid: str) -> TokenKey | None:
        """Return the key of that name."""
        return self._keys().get(kid)

    def behind(self) -> bool:
        """Whether the file was changed to what cannot be read, so that the keys before still hold."""
        return self._keys.behind()


class KeysOfAddress:
    """
    The keys at an address, asked for in a thread, by one at a time; `clock` counts seconds and never goes back.

    `kept` is the file of the last good copy, None for none; `now` is in seconds since 1970.
    """

    def __init__(
        self,
        address: str,
        clock: Callable[[], float],
        trouble: Callable[[BadInput], None],
        fetch: Callable[[str], bytes] = fetched,
        kept: Path | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._address, self._clock, self._trouble, self._fetch = address, clock, trouble, fetch
        self._kept, self._now = kept, now
        self._keys: Mapping[str, TokenKey] = {}
        self._got: float | None = None
        self._asked: float | None = None
        self._tried: float | None = None
        self._asking: asyncio.Task[None] | None = None
        self._waiting = 0
        self._failed = False
        self._begin_with_kept()

    async def key(self, kid: str) -> TokenKey | None:
        """Return the key of that name, asking for the keys again where it is not among them; raises NotKnown."""
        if not self._good() or kid not in self._keys or self._long_unasked():
            await self._ask()
        elif self._age() >= FRESH:
            self._start()
        if not self._good():
            raise NotKnown("no-token-keys")
        return self._keys.get(kid)

    def behind(self) -> bool:
        """Whether the issuer's keys could not be had when they were last asked for."""
        return self._failed

    def _long_unasked(self) -> bool:
        """Whether the keys are old and nobody has tried to have newer ones: not so during an outage, which must hold nobody up."""
        tried = float("inf") if self._tried is None else self._clock() - self._tried
        return min(self._age(), tried) >= FRESH

    def _age(self) -> float:
        return float("inf") if self._got is None else self._clock() - self._got

    def _good(self) -> bool:
        return self._age() < GOOD

    async def _ask(self) -> None:
        """Ask for the keys, or wait for whoever does; to give up waiting does not stop who asks."""
        asking = self._start()
        spared = self._good() and not self._long_unasked()
        if asking is None or (spared and self._waiting >= MOST_WAITING):
            return
        self._waiting += 1
        try:
            await asyncio.wait({asking}, timeout=SECONDS)
        finally:
            self._waiting -= 1

    def _start(self) -> "asyncio.Task[None] | None":
        """Return who asks for the keys; None when they were asked for too short a while ago."""
        now = self._clock()
        if self._asking is None and (self._asked is None or now - self._asked >= AGAIN):
            self._asked = now
            self._asking = asyncio.create_task(self._fetched())
        return self._asking

    async def _fetched(self) -> None:
        had = False
        try:
            got = await asyncio.to_thread(self._fetch, self._address)
            self._keys = token_keys(got)
            self._got, had = self._clock(), True
            if self._kept is not None:
                copy = KeptKeys(address=self._address, at=self._now(), keys=got.decode())
                await asyncio.to_thread(keep, self._kept, copy)
        except BadInput as error:
            self._trouble(error)
        finally:
            # Keys that could not be kept on the disk hold none the less.
            self._failed = not had
            self._asking, self._tried = None, self._clock()

    def _begin_with_kept(self) -> None:
        """Take the last good copy, as old as it is, where it is of this address."""
        try:
            kept = None if self._kept is None else read_kept(self._kept)
            age = 0.0 if kept is None else self._now() - kept.at
            # A copy from the future is of a clock that was wrong: nobody knows how old it is.
            if kept is not None and kept.address == self._address and 0 <= age < GOOD:
                self._keys, self._got = token_keys(kept.keys.encode()), self._clock() - age
        except BadInput as error:
            self._trouble(error)


def _read(path: Path) -> Mapping[str, TokenKey]:
    try:
        mode, text = path.stat().st_mode, path.read_bytes()
    except OSError:
        raise BadInput(f"{path.name}: there is no such file of the issuer's keys") from None
    if mode & 0o022:
        raise BadInput(
            f"others can change {path.name}, the keys of the issuer; take that away with: chmod go-w {path.name}"
        )
    return token_keys(text)
