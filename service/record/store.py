"""The decision record, open: writes through one thread, reads through a few, and keeps its checkpoints."""

import asyncio
import datetime
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import SQLAlchemyError

from models.errors import IntegrityError
from service.problems import RecordUnavailable
from service.record import reading
from service.record.checkpointing import Checkpointing
from service.record.checkpoints import last_checkpoint
from service.record.clock import ahead
from service.record.database import file_of, head, open_engine, place_of
from service.record.entries import Entry, Kind, Once, Written
from service.record.group_commit import PATIENCE_SECONDS, Figures, GroupCommit
from service.record.in_flight import InFlight
from service.record.process_lock import ProcessLock
from service.record.refusals import RecordRefused
from service.record.schema import VERSIONS, make_or_check, version
from service.record.tables import chain
from service.record.writer import microseconds
from service.record.writing import Writing
from service.threads import Threads

Got = TypeVar("Got")
Given = ParamSpec("Given")
_READERS = 4
# A service that is busy lets a command in between two of its batches, which may take longer than any caller would wait.
COMMAND_SECONDS = 10.0
_CLOSING_SECONDS = 3
_LAST_READS_SECONDS = 1
_UNANSWERED = "the database of the record does not answer as one; see that it runs and lets us in"


def open_record(
    record: str | Path,
    *,
    checkpoints: Path,
    now: Callable[[], datetime.datetime],
    alone: bool = False,
    patience: float = PATIENCE_SECONDS,
) -> "Store":
    """
    Open a record, by a path (SQLite) or a URL, and make what is missing; `alone` is for the service: SQLite bears one.

    Nobody waits for it longer than `patience`, in seconds: a caller of the service less long than a person at a command.
    The key that signs checkpoints is `keys/checkpoint.key` beside their file. Raises RecordRefused for a record that cannot
    be used as it is, RecordUnavailable when its server does not answer, IntegrityError when it lacks what a checkpoint saw.
    """
    file = file_of(place_of(record))
    with ExitStack() as undone:
        lock = ProcessLock.of(file) if alone and file is not None else None
        if lock is not None:
            undone.callback(lock.release)
        engine = open_engine(record, statement_seconds=3)
        undone.callback(engine.dispose)
        checkpointing = _checked(engine, checkpoints, now())
        undone.pop_all()
    commit = GroupCommit(Writing(engine, checkpointing, now), patience)
    return Store(engine, commit, checkpointing, lock, now)


def _checked(engine: Engine, checkpoints: Path, now: datetime.datetime) -> Checkpointing:
    """Return what keeps the checkpoints, once tables, chain and clock are seen to agree."""
    try:
        make_or_check(engine)
        with engine.connect() as connection:
            _check_end(connection, checkpoints)
            newest = head(connection)
            if (why := ahead(newest.at, now)) is not None:
                raise RecordRefused(why)
            return Checkpointing(checkpoints, newest.seq)
    except SQLAlchemyError:
        raise RecordUnavailable(_UNANSWERED) from None


def _check_end(connection: Connection, checkpoints: Path) -> None:
    """Raise IntegrityError unless the chain has the entry that the last checkpoint saw."""
    last = last_checkpoint(checkpoints)
    if last is None:
        return
    found = connection.execute(select(chain.c.hash).where(chain.c.seq == last.head.seq)).scalar()
    if found != last.head.hash:
        raise IntegrityError(
            f"the record does not have entry {last.head.seq} as its last checkpoint saw it: it was cut off, or is another "
            f"record; restore the right one, or, for a new record, put {checkpoints.name} aside"
        )


class Store:
    """The record, open (`service.record.entries.Record`); `engine` is for what else is kept in its database."""

    def __init__(
        self,
        engine: Engine,
        commit: GroupCommit,
        checkpointing: Checkpointing,
        lock: ProcessLock | None,
        now: Callable[[], datetime.datetime],
    ) -> None:
        self.engine = engine
        self._lock = lock
        self._checkpointing = checkpointing
        self._now = now
        self._commit = commit
        self._readers = Threads(_READERS, "record-reading")
        self._in_flight = InFlight()
        self._commit.start()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.close()

    @property
    def figures(self) -> Figures:
        """What the writing of the record did since it was opened."""
        return self._commit.figures

    @property
    def failing(self) -> bool:
        """Whether the last that was to be recorded could not be."""
        return self._commit.failing

    @property
    def trouble(self) -> str | None:
        """Why the last checkpoint could not be written; None when it could."""
        return self._checkpointing.trouble

    @property
    def clock_trouble(self) -> str | None:
        """What to do where the newest entry that was written here is well ahead of the clock; None when it is not."""
        return ahead(self._checkpointing.newest_at, self._now())

    @property
    def waiting(self) -> int:
        """How many requests wait to be recorded."""
        return self._commit.waiting

    async def append(self, *entries: Entry) -> int:
        """See Record."""
        return await self._commit.append(entries)

    def starting(self, client: str, key: bytes) -> AbstractContextManager[None]:
        """See Record."""
        return self._in_flight.starting(client, key)

    async def repeated(self, once: Once) -> list[Written]:
        """See Record."""
        return await self._read(reading.again, once, microseconds(self._now()))

    async def one(self, id_: str) -> Written | None:
        """See Record."""
        return await self._read(reading.one, id_)

    async def ones(self, ids: Sequence[str]) -> dict[str, Written]:
        """See Record."""
        return await self._read(reading.ones, ids)

    async def about(self, id_: str, *kinds: Kind) -> list[Written]:
        """See Record."""
        return await self._read(reading.about, id_, *kinds)

    async def of_subject(self, subject: bytes) -> list[Written]:
        """See Record."""
        return await self._read(reading.of_subject, subject)

    async def excluded(self) -> frozenset[bytes]:
        """See Record."""
        return await self._read(reading.excluded)

    async def last(self, kind: Kind, before: int) -> Written | None:
        """See Record."""
        return await self._read(reading.last, kind, before)

    async def newest(self, prefix: str) -> int:
        """See Record."""
        return await self._read(reading.newest, prefix)

    async def releases(self, after: int = 0) -> list[Written]:
        """See Record."""
        return await self._read(reading.releases, after)

    async def check(self) -> None:
        """See Record. Where the last batch could not be written, it tries whether one could be now."""
        if await self._read(version) != VERSIONS[-1]:
            raise RecordUnavailable("the tables of the record are of another version")
        if self._commit.failing:
            await self._commit.append(())

    async def close(self) -> None:
        """See Record."""
        await asyncio.to_thread(self._commit.close, _CLOSING_SECONDS)
        # A server that stands still keeps the connections of those who read.
        await asyncio.to_thread(self._readers.close, _LAST_READS_SECONDS)
        self.engine.dispose()
        if self._lock is not None:
            self._lock.release()

    async def _read(
        self, read: Callable[Concatenate[Connection, Given], Got], *given: Given.args, **named: Given.kwargs
    ) -> Got:
        """Read in a thread, on a connection of its own; what takes too long goes on there with nobody waiting."""
        working = self._readers.do(lambda: self._connected(read, *given, **named))
        try:
            # `asyncio.wait_for` would not hear of being cancelled at the moment at which it is done.
            async with asyncio.timeout(self._commit.patience):
                return await working
        except (SQLAlchemyError, TimeoutError):
            raise RecordUnavailable("the record could not be read") from None

    def _connected(
        self, read: Callable[Concatenate[Connection, Given], Got], *given: Given.args, **named: Given.kwargs
    ) -> Got:
        with self.engine.connect() as connection:
            return read(connection, *given, **named)
