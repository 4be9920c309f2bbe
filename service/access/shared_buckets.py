"""
Buckets that several processes share through the database of the record.

A process takes a share of a client's bucket at a time, about what it fills by in twenty milliseconds, by one statement, and lives on
it; the next share is taken before the last is used up, so that no request waits for the database while there is more in the bucket. A
bucket that was found empty is not asked again before it has filled. All times are the database's, so that the clocks of several
machines need not agree.
"""

import asyncio
import contextlib
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
from service.threads import Threads

SHARE_SECONDS = 0.02
# What a process holds ahead of need is kept from the others: where so few shares are all of a bucket, none is.
LEAST_SHARES = 20
# A database that does not answer by then cannot be had, and is left alone for a while.
SECONDS, ALONE = 0.8, 0.5
# How many buckets are asked for at one time.
_AT_ONCE = 4


def database_time() -> ColumnElement[float]:
    """Return the time of PostgreSQL, in seconds since 1970: one for the whole statement."""
    return cast(extract("epoch", func.now()), Double)


@dataclass(slots=True)
class _Share:
    """
    What a process holds of a bucket.

    `beyond` is what was left for all when it was last asked. Until `empty_until` there is no use in asking for more, until
    `down_until` nobody answers; `waiting` is how many requests wait for whoever asks, `ahead` who asks before anybody waits.
    """

    held: int = 0
    beyond: int = 0
    empty_until: float = 0.0
    down_until: float = 0.0
    waiting: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    ahead: "asyncio.Task[None] | None" = None


class SharedBuckets:
    """The buckets in a database; `clock` counts this process's seconds, `time` is the database's."""

    def __init__(
        self, engine: Engine, clock: Callable[[], float], time: Callable[[], ColumnElement[float]] = database_time
    ) -> None:
        self._engine, self._clock, self._time = engine, clock, time
        self._threads = Threads(_AT_ONCE, "rates")
        self._of: dict[str, _Share] = {}

    async def take(self, client: Client, count: int = 1) -> Taken:
        """Count requests of a client, all of them or none; raises RecordUnavailable."""
        share = self._of.setdefault(client.name, _Share())
        taken = self._held(share, client, count) or await self._waited(share, client, count)
        self._look_ahead(share, client)
        return taken

    async def close(self) -> None:
        """Let go of the database, once nobody asks it any more."""
        asking = [share.ahead for share in self._of.values() if share.ahead is not None]
        await asyncio.gather(*asking, return_exceptions=True)
        await asyncio.to_thread(self._threads.close, SECONDS)
        self._engine.dispose()

    async def _waited(self, share: _Share, client: Client, count: int) -> Taken:
        share.waiting += count
        try:
            async with share.lock:
                # Whoever had the lock before may have brought enough for all.
                return self._held(share, client, count) or await self._leased(share, client, count)
        finally:
            share.waiting -= count

    def _held(self, share: _Share, client: Client, count: int) -> Taken | None:
        """Return that so many that are held are taken, or that there are not as many; None where the database may have more."""
        if share.held >= count:
            share.held -= count
            return Taken(share.held + share.beyond)
        now = self._clock()
        if now < share.down_until:
            raise RecordUnavailable("the buckets of the clients cannot be had")
        if now >= share.empty_until:
            return None
        more = (count - share.held - 1) * 60 / client.per_minute
        return Taken(share.held, share.empty_until - now + more)

    async def _leased(self, share: _Share, client: Client, count: int) -> Taken:
        """Take a share of the bucket, enough for all that wait, and so many requests out of it."""
        least = count - share.held
        await self._lease(
            share, client, min(client.burst, max(_usual(client), share.waiting - share.held, least)), least
        )
        if (taken := self._held(share, client, count)) is not None:
            return taken
        return Taken(share.held + share.beyond, (count - share.held - share.beyond) * 60 / client.per_minute)

    def _look_ahead(self, share: _Share, client: Client) -> None:
        """Begin to take the next share where this one is half used up, unless the bucket is so small that others would miss it."""
        usual = _usual(client)
        if share.held > usual // 2 or share.ahead is not None or usual * LEAST_SHARES > client.burst:
            return
        if self._clock() >= max(share.empty_until, share.down_until):
            share.ahead = asyncio.create_task(self._taken_ahead(share, client, usual))

    async def _taken_ahead(self, share: _Share, client: Client, usual: int) -> None:
        try:
            async with share.lock:
                # Nobody waits for it yet; the next request hears that nobody answers.
                with contextlib.suppress(RecordUnavailable):
                    await self._lease(share, client, usual, 1)
        finally:
            share.ahead = None

    async def _lease(self, share: _Share, client: Client, wanted: int, least: int) -> None:
        """Take so many requests out of the bucket, or all there are; none where they are fewer than the least."""
        granted, left = await self._asked(share, client, wanted, least)
        share.held += granted
        share.beyond = math.floor(left)
        if granted < wanted and (granted or least == 1):
            # Long enough to be worth asking again, and never so long that a full bucket would spill.
            rate = client.per_minute / 60
            share.empty_until = self._clock() + max((1 - left) / rate, min(SHARE_SECONDS, client.burst / rate / 2))

    async def _asked(self, share: _Share, client: Client, wanted: int, least: int) -> tuple[int, float]:
        try:
            async with asyncio.timeout(SECONDS):
                return await self._threads.do(lambda: self._update(client, wanted, least))
        except (SQLAlchemyError, TimeoutError):
            share.down_until = self._clock() + ALONE
            raise RecordUnavailable("the buckets of the clients cannot be had") from None

    def _update(self, client: Client, wanted: int, least: int) -> tuple[int, float]:
        """Take requests from a bucket; returns how many, and what is left."""
        with self._engine.begin() as connection:
            if (found := self._taken(connection, client, wanted, least)) is not None:
                return found
        try:
            with self._engine.begin() as connection:
                full = {"client": client.name, "tokens": client.burst, "at": self._time(), "granted": 0}
                connection.execute(insert(buckets).values(full))
        except IntegrityError:
            # Another process was first: there is a bucket now, which is all we wanted.
            pass
        return self._update(client, wanted, least)

    def _taken(self, connection: Connection, client: Client, wanted: int, least: int) -> tuple[int, float] | None:
        kept, now = buckets.c, self._time()
        # Whoever waited for the row may be of an earlier time than the row is: that fills nothing.
        later = case((now > kept.at, now), else_=kept.at)
        full = kept.tokens + (later - kept.at) * (client.per_minute / 60)
        filled = case((full > client.burst, float(client.burst)), else_=full)
        granted = case((filled >= wanted, float(wanted)), (filled >= least, func.floor(filled)), else_=0.0)
        changed = (
            update(buckets)
            .where(kept.client == client.name)
            .values(tokens=filled - granted, at=later, granted=granted)
            .returning(kept.granted, kept.tokens, *_unhurried(connection))
        )
        found = connection.execute(changed).one_or_none()
        return None if found is None else (int(found[0]), float(found[1]))


def _usual(client: Client) -> int:
    """Return how many requests a share has."""
    return max(1, math.ceil(client.per_minute / 60 * SHARE_SECONDS))


def _unhurried(connection: Connection) -> tuple[ColumnElement[str], ...]:
    """Return what keeps PostgreSQL from waiting for its disk, in this transaction alone: a bucket may be lost with the machine."""
    off = func.set_config("synchronous_commit", "off", True)
    return (off,) if connection.dialect.name == "postgresql" else ()
