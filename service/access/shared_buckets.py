"""
Buckets that several processes share through the database of the record.

A process takes a share of a client's bucket at a time, about what it fills by in twenty milliseconds, by one statement, and lives on
it: the hot route does not go to the database each time. A bucket that was found empty is not asked again before it has filled.
All times are the database's, so that the clocks of several machines need not agree.
"""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection, Double, Engine, case, cast, extract, func, insert, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.sql.elements import ColumnElement

from service.access.agreements import Client
from service.access.buckets import Taken
from service.problems import RecordUnavailable
from service.record.tables import buckets

SHARE_SECONDS = 0.02
# A database that does not answer by then cannot be had, and is left alone for a while.
SECONDS, ALONE = 0.8, 0.5


def database_time() -> ColumnElement[float]:
    """Return the time of PostgreSQL, in seconds since 1970: one for the whole statement."""
    return cast(extract("epoch", func.now()), Double)


@dataclass(slots=True)
class _Share:
    """
    What a process holds of a bucket.

    `beyond` is what was left for all when it was last asked. Until `empty_until` there is no use in asking for more, until
    `down_until` nobody answers; `waiting` is how many requests wait for whoever asks.
    """

    held: int = 0
    beyond: int = 0
    empty_until: float = 0.0
    down_until: float = 0.0
    waiting: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class SharedBuckets:
    """The buckets in a database; `clock` counts this process's seconds, `time` is the database's."""

    def __init__(
        self, engine: Engine, clock: Callable[[], float], time: Callable[[], ColumnElement[float]] = database_time
    ) -> None:
        self._engine, self._clock, self._time = engine, clock, time
        self._of: dict[str, _Share] = {}

    async def take(self, client: Client) -> Taken:
        """Count one request of a client; raises RecordUnavailable."""
        share = self._of.setdefault(client.name, _Share())
        if (taken := self._held(share)) is not None:
            return taken
        share.waiting += 1
        try:
            async with share.lock:
                # Whoever had the lock before may have brought enough for all.
                return self._held(share) or await self._leased(share, client)
        finally:
            share.waiting -= 1

    def _held(self, share: _Share) -> Taken | None:
        """Return one of the requests that are held, or that there is none; None where the database may have more."""
        if share.held > 0:
            share.held -= 1
            return Taken(share.held + share.beyond)
        now = self._clock()
        if now < share.down_until:
            raise RecordUnavailable("the buckets of the clients cannot be had")
        return Taken(0, share.empty_until - now) if now < share.empty_until else None

    async def _leased(self, share: _Share, client: Client) -> Taken:
        """Take a share of the bucket, enough for all that wait, and one request out of it."""
        rate, wait = client.per_minute / 60, 0.0
        wanted = min(client.burst, max(1, math.ceil(rate * SHARE_SECONDS), share.waiting))
        share.held, left = await self._asked(share, client, wanted)
        share.beyond = math.floor(left)
        if share.held < wanted:
            # Long enough to be worth asking again, and never so long that a full bucket would spill.
            wait = max((1 - left) / rate, min(SHARE_SECONDS, client.burst / rate / 2))
            share.empty_until = self._clock() + wait
        return self._held(share) or Taken(0, wait)

    async def _asked(self, share: _Share, client: Client, wanted: int) -> tuple[int, float]:
        try:
            async with asyncio.timeout(SECONDS):
                return await asyncio.to_thread(self._update, client, wanted)
        except (SQLAlchemyError, TimeoutError):
            share.down_until = self._clock() + ALONE
            raise RecordUnavailable("the buckets of the clients cannot be had") from None

    def _update(self, client: Client, wanted: int) -> tuple[int, float]:
        """Take so many requests from a bucket, or all there are; returns how many, and what is left."""
        with self._engine.begin() as connection:
            if (found := self._taken(connection, client, wanted)) is not None:
                return found
        try:
            with self._engine.begin() as connection:
                full = {"client": client.name, "tokens": client.burst, "at": self._time(), "granted": 0}
                connection.execute(insert(buckets).values(full))
        except IntegrityError:
            # Another process was first: there is a bucket now, which is all we wanted.
            pass
        return self._update(client, wanted)

    def _taken(self, connection: Connection, client: Client, wanted: int) -> tuple[int, float] | None:
        kept, now = buckets.c, self._time()
        # Whoever waited for the row may be of an earlier time than the row is: that fills nothing.
        later = case((now > kept.at, now), else_=kept.at)
        full = kept.tokens + (later - kept.at) * (client.per_minute / 60)
        filled = case((full > client.burst, float(client.burst)), else_=full)
        granted = case((filled >= wanted, float(wanted)), else_=func.floor(filled))
        changed = (
            update(buckets)
            .where(kept.client == client.name)
            .values(tokens=filled - granted, at=later, granted=granted)
            .returning(kept.granted, kept.tokens, *_unhurried(connection))
        )
        found = connection.execute(changed).one_or_none()
        return None if found is None else (int(found[0]), float(found[1]))


def _unhurried(connection: Connection) -> tuple[ColumnElement[str], ...]:
    """Return what keeps PostgreSQL from waiting for its disk, in this transaction alone: a bucket may be lost with the machine."""
    off = func.set_config("synchronous_commit", "off", True)
    return (off,) if connection.dialect.name == "postgresql" else ()
