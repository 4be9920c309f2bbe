"""
Erases what the record holds of children once the authority's time for keeping it is over.

The payload of an entry, its salt, the index of its child and what tells a repeated request go together, in one transaction
with an entry that says what was erased; the chain stays, and verifies without them. Kept whatever their age are:
all about a child under legal hold, all about a score that is challenged until that is settled, standing exclusions, what has
not yet expired, releases, what retention itself did, and that the clock was set.
"""

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, delete, func, or_, select
from sqlalchemy.exc import DBAPIError

from service.record.clock import SET, set_before
from service.record.database import head, writing
from service.record.entries import Entry
from service.record.erasures import Runs, grow
from service.record.kept import kept
from service.record.tables import chain, exclusions, held, legal_holds
from service.record.writer import append_entries

# Entries erased in one transaction: while it lasts nothing else is recorded.
_PIECE = 500
# Chosen at a time, while others go on writing: it takes long where many are kept.
_AT_ONCE = 50_000
# What is recorded of these kinds has older entries kept.
_KEEPING = ("legal-hold", "challenge", "exclusion")
# Who waits for a database in SQLite looks again every tenth of a second at most, and must find it free.
_PAUSE_SECONDS = 0.12
# While somebody who reads is waited for nobody can write, or in PostgreSQL read: no longer than anybody notices.
_HELD_UP_MILLISECONDS = 50
_SHORT_WAITS = f"PRAGMA busy_timeout = {_HELD_UP_MILLISECONDS}"
_SHORT_LOCKS = f"SET lock_timeout = {_HELD_UP_MILLISECONDS}"
_LOCK_NOT_AVAILABLE, _NOT_THE_OWNER = "55P03", "42501"
PATIENCE_SECONDS = 10.0
_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Due:
    """What retention would erase, in entries by kind, and what it keeps though it is as old, by why."""

    erase: dict[str, int]
    held: int
    not_expired: int


@dataclass(frozen=True, slots=True)
class Erased:
    """What retention has erased; `gone`: its bytes are in no file of the database any more."""

    entries: int
    gone: bool


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Entries that were due when `head` was the number of the newest."""

    head: int
    seqs: list[int]


@dataclass(frozen=True, slots=True)
class Term:
    """
    How long the authority keeps what is recorded, as of a moment.

    `clock_set` is the newest old entry that set the clock right: what stands before it is as old, however far ahead it is dated.
    """

    days: int
    now: datetime
    clock_set: int = 0

    @property
    def before(self) -> int:
        """What was recorded before this is old enough, in microseconds since 1970."""
        return _microseconds(self.now - timedelta(days=self.days))

    @property
    def old(self) -> ColumnElement[bool]:
        """The condition of entries that are old enough, and of a kind that is erased at all."""
        old = or_(chain.c.at < self.before, chain.c.seq < self.clock_set)
        return and_(old, chain.c.kind.not_in(("retention", SET)), ~chain.c.kind.startswith("release-"))

    @property
    def expired(self) -> ColumnElement[bool]:
        """The condition of entries that callers are not answered with any more."""
        lasts = held.c.expires - chain.c.at
        misdated = and_(chain.c.seq < self.clock_set, lasts <= self.days * _DAY)
        return or_(held.c.expires.is_(None), held.c.expires <= _microseconds(self.now), misdated)

    def of(self, connection: Connection) -> "Term":
        """Return the term as it is counted in a record whose clock may have been set."""
        return replace(self, clock_set=set_before(connection, self.before))


def due(engine: Engine, term: Term) -> Due:
    """Return what would be erased; nothing is changed."""
    with engine.connect() as connection, connection.begin():
        term = term.of(connection)
        erase = _select(term, chain.c.kind, func.count()).group_by(chain.c.kind).order_by(chain.c.kind)
        old = select(func.count()).join_from(chain, held, held.c.seq == chain.c.seq).where(term.old)
        return Due(
            erase={row[0]: row[1] for row in connection.execute(erase)},
            held=connection.scalar(old.where(chain.c.seq.in_(kept()))) or 0,
            not_expired=connection.scalar(old.where(~term.expired)) or 0,
        )


def retain(engine: Engine, term: Term, user: str, patience: float = PATIENCE_SECONDS) -> Erased:
    """
    Erase what is due, in pieces, so that the service goes on recording between them; `user` is who has it done.

    For so many seconds it waits for others who still read, since at the end the files are rid of what was erased. In PostgreSQL
    they are not where a transaction that began before still sees it, or `engine` connects as a role that does not own the database.
    """
    entries = sum(_pieces(engine, term, user))
    return Erased(entries, gone=_empty(engine, patience))


def _pieces(engine: Engine, term: Term, user: str) -> Iterator[int]:
    """Erase piece after piece; yields how many entries each had."""
    while chosen := _choose(engine, term):
        for start in range(0, len(chosen.seqs), _PIECE):
            with writing(engine) as connection:
                outdated = _kept_since(connection, chosen.head)
                found = [] if outdated else _still_held(connection, chosen.seqs[start : start + _PIECE])
                if found:
                    _erase(connection, term, found, user)
            yield len(found)
            time.sleep(_PAUSE_SECONDS)
            if outdated:
                break


def _choose(engine: Engine, term: Term) -> _Chosen | None:
    """Return entries that are due, as many as one likes to choose at once; None when there are none any more."""
    with engine.connect() as connection, connection.begin():
        newest = head(connection).seq
        due_now = _select(term.of(connection), chain.c.seq).order_by(chain.c.seq).limit(_AT_ONCE)
        seqs = list(connection.scalars(due_now))
    return _Chosen(newest, seqs) if seqs else None


def _kept_since(connection: Connection, seq: int) -> bool:
    """Whether anything was recorded after an entry for which older ones are kept."""
    found = select(chain.c.seq).where(chain.c.kind.in_(_KEEPING), chain.c.seq > seq).limit(1)
    return connection.scalar(found) is not None


def _still_held(connection: Connection, seqs: list[int]) -> list[tuple[int, str]]:
    """Return which of some entries somebody else has not erased meanwhile, with their kinds."""
    joined = select(chain.c.seq, chain.c.kind).join_from(chain, held, held.c.seq == chain.c.seq)
    found = connection.execute(joined.where(chain.c.seq.in_(seqs)).order_by(chain.c.seq))
    return [(row.seq, row.kind) for row in found]


def _erase(connection: Connection, term: Term, found: list[tuple[int, str]], user: str) -> None:
    seqs = [seq for seq, _ in found]
    connection.execute(delete(held).where(held.c.seq.in_(seqs)))
    append_entries(connection, [[Entry("retention", "earlyid", _told(term, found, user))]], term.now)


def _told(term: Term, found: list[tuple[int, str]], user: str) -> bytes:
    """Return the payload of the entry that says what was erased: the numbers of the entries, by which the chain verifies."""
    runs: Runs = []
    kinds: dict[str, int] = {}
    for seq, kind in found:
        grow(runs, seq)
        kinds[kind] = kinds.get(kind, 0) + 1
    before = datetime.fromtimestamp(term.before / 1e6, term.now.tzinfo).isoformat()
    told = {"older_than_days": term.days, "before": before, "erased": runs, "kinds": kinds, "user": user}
    return json.dumps(told, separators=(",", ":")).encode()


def _select(term: Term, *columns: ColumnElement[Any]) -> Select[Any]:
    """Select from the entries that are due."""
    spared = kept().subquery("spared")
    joined = select(*columns).join_from(chain, held, held.c.seq == chain.c.seq)
    joined = joined.outerjoin(spared, spared.c.seq == chain.c.seq)
    return joined.where(term.old, term.expired, spared.c.seq.is_(None))


def _empty(engine: Engine, patience: float) -> bool:
    """Take what was erased out of the files; False when that could not be done, or not wholly."""
    # Deleted rows of SQLite are overwritten where they stood (secure_delete); the log still has the pages as they were.
    prepare, steps = (
        (_SHORT_LOCKS, _REWRITING) if engine.dialect.name == "postgresql" else (_SHORT_WAITS, (_log_emptied,))
    )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # It waits for locks otherwise than others do, so nobody else gets it.
        connection.detach()
        connection.exec_driver_sql(prepare)
        until = time.monotonic() + patience
        return all(_done(step, connection, until) for step in steps)


def _done(step: "_Step", connection: Connection, until: float) -> bool:
    """Try a step until nobody is in its way; the steps before it are not done again."""
    while (done := step(connection)) is None:
        if time.monotonic() > until:
            return False
        time.sleep(_PAUSE_SECONDS)
    return done


def _log_emptied(connection: Connection) -> bool | None:
    return None if connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0] else True


def _rewritten(options: str, table: str, connection: Connection) -> bool | None:
    """Write a table anew in PostgreSQL; False when rows that are gone were copied too, or nothing was done."""
    # Neither is an error: an old snapshot, of whatever kind, still sees those rows; and who owns neither database nor table
    # is only warned. What others see is shown to few roles, so the server's own count is read: it is told of each table that
    # was rewritten, and in every language it is the first number of the only detail.
    left: list[str] = []

    def heed(notice: Any) -> None:
        left.extend(re.findall(r"\d+", notice.message_detail or "")[:1])

    driver: Any = connection.connection.dbapi_connection
    driver.add_notice_handler(heed)
    try:
        # Without FULL the old rows stay in the file until others overwrite them.
        return _asked(f"VACUUM (FULL, VERBOSE{options}) {table}", connection) and left == ["0"]
    finally:
        driver.remove_notice_handler(heed)


def _asked(statement: str, connection: Connection) -> bool | None:
    """Have PostgreSQL do something; None when somebody is in its way, False when this role may not."""
    try:
        connection.exec_driver_sql(statement)
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None)
        if state not in (_LOCK_NOT_AVAILABLE, _NOT_THE_OWNER):
            raise
        return None if state == _LOCK_NOT_AVAILABLE else False
    return True


# True when it is done, False when it could not be, None when somebody is in its way for the moment.
_Step = Callable[[Connection], bool | None]
# Every table that children stand in, and what the planner of queries knows of them: it keeps values of rows that are gone.
_REWRITING: tuple[_Step, ...] = (
    # Of a table that has become empty ANALYZE leaves what was known before; a column that is given its type anew loses it.
    *(partial(_asked, f"ALTER TABLE {one.name} ALTER COLUMN subject TYPE bytea") for one in (exclusions, legal_holds)),
    *(partial(_rewritten, ", ANALYZE", one.name) for one in (held, exclusions, legal_holds)),
    partial(_rewritten, "", "pg_catalog.pg_statistic"),
)


def _microseconds(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)
