"""
Watches the ledger while a service runs: what goes live, is rolled back or runs out is picked up within seconds.

A bundle is read and checked beside the answering, and then replaces what answers in one step: a request that took the old one
is answered by the old one, whole. One that is refused does not go live: what it was to replace goes on answering, and the trouble is told.
"""

import asyncio
import datetime
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from models.errors import EarlyidError, IntegrityError
from models.exceptions import still_blocked
from service.current import Current, Held
from service.ledger.releases import Releases, check_gates, gates_of
from service.ledger.state import Release, State, fold, relied_on
from service.ledger.trusted import read_trusted
from service.ledger.went_live import went_live
from service.live import Live, Standby
from service.record.entries import Record, Written
from service.released import Released

# How often the ledger is looked at, in seconds, more or less; and how often a bundle that was refused is tried again.
EVERY = 1.0
AGAIN = 30.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look rests on: while none of it changes, nothing need be read again."""

    newest: int
    trusted: tuple[int, int]
    today: datetime.date
    attempt: int


class Watch:
    """
    Keeps what answers (`current`) at what the ledger says, by the keys that are trusted (a file).

    `trouble` is a sentence while the ledger cannot be followed; `not_counted` how many of its entries count for nothing.
    `changed` is told of what answers whenever that was replaced.
    """

    def __init__(
        self,
        record: Record,
        releases: Path,
        trusted: Path,
        current: Current,
        *,
        today: Callable[[], datetime.date] = datetime.date.today,
        changed: Callable[[Held], None] = lambda _: None,
        every: float = EVERY,
    ) -> None:
        self.trouble: str | None = None
        self.not_counted = 0
        self._record, self._releases, self._trusted = record, Releases(releases), trusted
        self._current, self._today, self._changed, self._every = current, today, changed, every
        self._seen: Seen | None = None
        self._entries: list[Written] = []
        self._until: Mapping[str, datetime.date] = {}

    async def keep(self) -> None:
        """Look again and again, until cancelled; whatever goes wrong, what answers goes on answering."""
        while True:
            await asyncio.sleep(self._every * random.uniform(0.8, 1.2))  # noqa: S311 - so that processes take turns
            await self.look()

    async def look(self) -> None:
        """Look at the ledger once, and follow it; raises nothing."""
        try:
            await self._follow()
        except EarlyidError as error:
            self.trouble = f"The ledger cannot be followed: {error}."
        except Exception as error:  # noqa: BLE001 - the service must not stop following for an error nobody foresaw
            self.trouble = f"The ledger cannot be followed: {type(error).__name__}."
        self._end_what_is_over()

    def _end_what_is_over(self) -> None:
        """Keep no old bundle past the day that was signed, and none past its exceptions, also while the ledger cannot be followed."""
        held, today = self._current.held, self._today()
        kept = {
            name: live
            for name, live in held.kept.items()
            if today <= self._until.get(name, today) and not _excepted_no_more(live, today)
        }
        live = Standby("An exception has ended.") if _excepted_no_more(held.live, today) else held.live
        if len(kept) < len(held.kept) or live is not held.live:
            self._current.held = replace(held, live=live, kept=kept)
            self._changed(self._current.held)

    async def _follow(self) -> None:
        seen = await self._look()
        if seen == self._seen:
            return
        # Of what was read already nothing changes: while requests are answered, every row that is read takes its time.
        self._entries += await self._record.releases(self._entries[-1].seq if self._entries else 0)
        before = self._current.held
        state, held, troubles = await asyncio.to_thread(self._wanted, tuple(self._entries), before, seen.today)
        self.not_counted, self.trouble = len(state.not_counted), " ".join(troubles) or None
        self._seen, self._until = replace(seen, attempt=self._attempt()), state.kept
        if held != before:
            self._current.held = held
            self._changed(held)

    async def _look(self) -> Seen:
        newest = await self._record.newest("release-")
        return Seen(newest, await asyncio.to_thread(_changed_at, self._trusted), self._today(), self._attempt())

    def _attempt(self) -> int:
        return 0 if self.trouble is None else int(time.monotonic() / AGAIN)

    def _wanted(self, entries: Sequence[Written], before: Held, today: datetime.date) -> tuple[State, Held, list[str]]:
        """Return what the ledger says, what is to answer, and what is wrong; takes from what answers now whatever stays."""
        trusted = read_trusted(self._trusted, relied_on=relied_on(entries))
        state = fold(entries, trusted)
        loaded = dict(before.kept) | ({before.live.bundle.id: before.live} if isinstance(before.live, Live) else {})
        asked = [*state.kept_on(today), *state.line[-1:]]
        ready = {release.bundle: self._ready(release, loaded, today) for release in asked}
        kept = {name: found for name, found in ready.items() if isinstance(found, Live) and name != state.live_bundle}
        troubles = [found.why for found in ready.values() if isinstance(found, Standby)]
        if (turn := state.unheeded) is not None:
            troubles.append(f"Entry {turn.seq} was to change what is live, and does not count: {turn.why}.")
        held = Held(self._answering(state, before, ready, today), kept)
        return state, _told(held, went_live(state, trusted)), troubles

    def _answering(
        self, state: State, before: Held, ready: Mapping[str, Live | Standby], today: datetime.date
    ) -> Live | Standby:
        """Return what answers where no bundle is named: where what is live was refused, what answers now, if people agree."""
        if state.live is None:
            return Standby("No release is live: none was promoted, or it was rolled back to no score.")
        found = ready[state.live.bundle]
        if isinstance(found, Standby) and isinstance(old := before.live, Live):
            # What was rolled back, or withdrawn, is in the line no more.
            before_it = [release for release in state.line[:-1] if release.bundle == old.bundle.id]
            return self._ready(before_it[-1], {old.bundle.id: old}, today) if before_it else found
        return found

    def _ready(self, release: Release, loaded: Mapping[str, Live], today: datetime.date) -> Live | Standby:
        """Return a bundle that may answer on a day, read unless it is loaded already; or why it may not."""
        try:
            found = loaded.get(release.bundle)
            if found is None:
                return self._releases.load(release.offered.proposal, today)
            check_gates(found.bundle, release.offered.proposal, today)
            return found.checked(today)
        except EarlyidError as error:
            return Standby(f"Bundle {release.bundle[:12]} is refused: {str(error).rstrip('.')}.")


def _excepted_no_more(found: Live | Standby, today: datetime.date) -> bool:
    """Whether a bundle was released by an exception that has ended, without which its gates say no."""
    if not isinstance(found, Live) or found.released is None:
        return False
    excepted = found.released.exceptions
    # The gates are read only where that can be: this is asked every second.
    if not any(each.expires < today for each in excepted):
        return False
    try:
        return bool(still_blocked(gates_of(found.bundle), excepted, found.bundle.id, today))
    except IntegrityError:
        # What the gates say is not known any more: no score is the safe side.
        return True


def _told(held: Held, past: Mapping[str, Released]) -> Held:
    """Return what answers, with how each bundle came to be live."""
    live = held.live.released_as(past.get(held.live.bundle.id)) if isinstance(held.live, Live) else held.live
    kept = {name: each.released_as(past.get(name)) for name, each in held.kept.items()}
    return Held(live, kept, past)


def _changed_at(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return (0, 0)
    return status.st_mtime_ns, status.st_ino
