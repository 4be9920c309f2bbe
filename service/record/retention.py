"""
Erases what the record holds of children once the authority's time for keeping it is over.

The payload of an entry, its salt, the index of its child and what tells a repeated request go together, in one transaction
with an entry that says what was erased; the chain stays, and verifies without them. Kept whatever their age are:
all about a child under legal hold, all about a score that is challenged until that is settled, standing exclusions, what has
not yet expired, releases, and what retention itself did.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, delete, func, or_, select, text

from service.record.database import writing
from service.record.entries import Entry
from service.record.erasures import Runs, grow
from service.record.kept import kept
from service.record.tables import chain, held
from service.record.writer import append_entries

# Entries erased in one transaction: while it lasts nothing else is recorded.
_PIECE = 500
# Who waits for a database in SQLite looks again every tenth of a second at most, and must find it free.
_PAUSE_SECONDS = 0.12
_HELD_UP_MILLISECONDS = 50
PATIENCE_SECONDS = 10.0


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
class Term:
    """How long the authority keeps what is recorded, as of a moment."""

    days: int
    now: datetime

    @property
    def before(self) -> int:
        """What was recorded before this is old enough, in microseconds since 1970."""
        return _microseconds(self.now - timedelta(days=self.days))

    @property
    def old(self) -> ColumnElement[bool]:
        """The condition of entries that are old enough, and of a kind that is erased at all."""
        return and_(chain.c.at < self.before, chain.c.kind != "retention", ~chain.c.kind.startswith("release-"))

    @property
    def expired(self) -> ColumnElement[bool]:
        """The condition of entries that callers are not answered with any more."""
        return or_(held.c.expires.is_(None), held.c.expires <= _microseconds(self.now))


def due(engine: Engine, term: Term) -> Due:
    """Return what would be erased; nothing is changed."""
    with engine.connect() as connection, connection.begin():
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

    For so many seconds it waits for others who still read the log of a database in SQLite, which is emptied at the end.
    """
    entries = sum(_pieces(engine, term, user))
    return Erased(entries, gone=_empty(engine, patience))


def _pieces(engine: Engine, term: Term, user: str) -> Iterator[int]:
    """Erase piece after piece; yields how many entries each had."""
    after = 0
    while True:
        with writing(engine) as connection:
            piece = (
                _select(term, chain.c.seq, chain.c.kind).where(chain.c.seq > after).order_by(chain.c.seq).limit(_PIECE)
            )
            found = [(row.seq, row.kind) for row in connection.execute(piece)]
            if not found:
                return
            _erase(connection, term, found, user)
            after = found[-1][0]
        yield len(found)
        if len(found) < _PIECE:
            return
        time.sleep(_PAUSE_SECONDS)


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
    joined = select(*columns).join_from(chain, held, held.c.seq == chain.c.seq)
    return joined.where(term.old, term.expired, chain.c.seq.not_in(kept()))


def _empty(engine: Engine, patience: float) -> bool:
    """Take what was erased out of the files; False when readers kept the log from being emptied."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":
            # Without FULL the old rows stay in the file until others overwrite them.
            connection.execute(text("VACUUM (FULL) held"))
            return True
        # Deleted rows are overwritten where they stood (secure_delete); the log still has the pages as they were.
        # While a reader is waited for nobody can write: no longer than anybody notices.
        connection.detach()
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {_HELD_UP_MILLISECONDS}")
        until = time.monotonic() + patience
        while connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]:
            if time.monotonic() > until:
                return False
            time.sleep(0.1)
        return True


def _microseconds(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)
