"""
Group commit: one thread writes whatever waits in one transaction, and tells all who wait once it is durable.

While one batch is being written the next gathers, so that the more requests there are, the fewer commits each one costs.
"""

import asyncio
import contextlib
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from sqlalchemy.exc import OperationalError

from service.problems import RecordUnavailable
from service.record.entries import Entry
from service.record.writer import Outcome

# Far more than are answered at once; what comes on top of it is told so at once.
MOST_WAITING = 2000
# A request is not kept waiting for a database that does not answer.
PATIENCE_SECONDS = 0.8
# A batch that is larger keeps everyone waiting for longer than its commit costs.
_MOST_ENTRIES = 512
_IDLE_SECONDS = 5

Group = Sequence[Entry]


class Writes(Protocol):
    """What the writing thread does; nothing else calls it once the thread has begun."""

    def write(self, groups: Sequence[Group]) -> Sequence[Outcome]:
        """Write groups in one transaction; after an error nothing of them may be relied on."""

    def idle(self) -> None:
        """Do what is due beside writing: called after each batch, and every few seconds without one."""

    def close(self) -> None:
        """End, once everything is written."""


@dataclass(slots=True)
class Figures:
    """What the writing of the record did since it began, for those who operate it."""

    batches: int = 0
    entries: int = 0
    failed: int = 0
    seconds: float = 0.0


class _Work(NamedTuple):
    """Entries that wait to be written, and who waits for them."""

    group: Group
    waits: asyncio.Future[Outcome]


class _Turn(NamedTuple):
    """Who began to wait in one turn of an event loop."""

    loop: asyncio.AbstractEventLoop
    waits: list[asyncio.Future[Outcome]]


@dataclass(slots=True)
class GroupCommit:
    """The thread that writes; `failing` says whether the last batch could not be written, `patience` how long anybody waits."""

    writes: Writes
    patience: float = PATIENCE_SECONDS
    figures: Figures = field(default_factory=Figures)
    failing: bool = False
    _waiting: list[_Work] = field(default_factory=list)
    _news: threading.Condition = field(default_factory=threading.Condition)
    _turn: "_Turn | None" = None
    _closed: bool = False
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to write."""
        self._thread = threading.Thread(target=self._run, name="record-writing", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """How many wait to be written."""
        return len(self._waiting)

    async def append(self, group: Group) -> int:
        """Return the number of the last entry once all are durable; raises as `service.record.entries.Record.append`."""
        loop = asyncio.get_running_loop()
        waits: asyncio.Future[Outcome] = loop.create_future()
        self._put(_Work(group, waits))
        if self._turn is None or self._turn.loop is not loop:
            # Not at once: what else is ready in this turn of the loop is written with it.
            self._turn = _Turn(loop, [])
            loop.call_soon(self._tell_news, self._turn)
        self._turn.waits.append(waits)
        outcome = await waits
        if isinstance(outcome, int):
            return outcome
        raise outcome

    def close(self, seconds: float) -> None:
        """Write what waits, then end; blocks until it is done or `seconds` have passed."""
        with self._news:
            self._closed = True
            self._news.notify()
        if self._thread is not None:
            self._thread.join(seconds)

    def _put(self, work: _Work) -> None:
        with self._news:
            if self._closed:
                raise RecordUnavailable("the record is closed")
            if len(self._waiting) >= MOST_WAITING:
                raise RecordUnavailable("too much waits to be recorded")
            self._waiting.append(work)

    def _tell_news(self, turn: "_Turn") -> None:
        if self._turn is turn:
            self._turn = None
        # One timer for all: to set and stop one for each would cost more than it costs to let it pass.
        turn.loop.call_later(self.patience, _give_up, turn.waits)
        with self._news:
            self._news.notify()

    def _run(self) -> None:
        while (batch := self._take()) is not None:
            if batch:
                self._write(batch)
            self.writes.idle()
        self.writes.close()

    def _take(self) -> list[_Work] | None:
        """Return what waits, nothing after a while without any, None once all is written that ever will be."""
        with self._news:
            if not self._waiting and not self._closed:
                self._news.wait(_IDLE_SECONDS)
            if not self._waiting and self._closed:
                return None
            return self._first()

    def _first(self) -> list[_Work]:
        """Take the first of those that wait, up to so many entries, less those that nobody waits for any more."""
        entries, count = 0, 0
        while count < len(self._waiting) and entries < _MOST_ENTRIES:
            entries += len(self._waiting[count].group)
            count += 1
        taken, self._waiting = self._waiting[:count], self._waiting[count:]
        return [work for work in taken if not work.waits.done()]

    def _write(self, batch: Sequence[_Work]) -> None:
        began = time.perf_counter()
        try:
            outcomes = self.writes.write([work.group for work in batch])
        except Exception as error:  # noqa: BLE001 - whatever it was, nothing is recorded for sure, and who waits must be told
            self._failed(batch, error)
        else:
            self.failing = False
            self._count(batch, time.perf_counter() - began)
            _tell([(work.waits, outcome) for work, outcome in zip(batch, outcomes, strict=True)])

    def _failed(self, batch: Sequence[_Work], error: Exception) -> None:
        if len(batch) > 1 and not isinstance(error, OperationalError):
            # Not the database but an entry is at fault: its neighbours are not to suffer for it.
            for work in batch:
                self._write([work])
            return
        self.failing = True
        self.figures.failed += 1
        _tell([(work.waits, None) for work in batch])

    def _count(self, batch: Sequence[_Work], seconds: float) -> None:
        self.figures.batches += 1
        self.figures.entries += sum(len(work.group) for work in batch)
        self.figures.seconds += seconds


def _tell(told: Sequence[tuple[asyncio.Future[Outcome], Outcome | None]]) -> None:
    """Tell each who waits, in one call for each event loop: None says that nothing was recorded."""
    loops = defaultdict(list)
    for waits, outcome in told:
        loops[waits.get_loop()].append((waits, outcome))
    for loop, some in loops.items():
        # A loop that has ended has nobody left who waits.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(_resolve, some)


def _resolve(told: Sequence[tuple[asyncio.Future[Outcome], Outcome | None]]) -> None:
    for waits, outcome in told:
        if waits.done():
            continue
        if outcome is None:
            waits.set_exception(RecordUnavailable("the record could not be written"))
        else:
            waits.set_result(outcome)


def _give_up(some: Sequence[asyncio.Future[Outcome]]) -> None:
    for waits in some:
        if not waits.done():
            waits.set_exception(RecordUnavailable("the record did not answer in time"))
