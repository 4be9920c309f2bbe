"""Reads the record; every function takes a connection, so that commands read as the service does."""

from collections.abc import Sequence
from typing import Any, get_args

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select, union_all

from service.record.before import REPEATABLE_MICROSECONDS, key_used
from service.record.entries import Kind, Once, Written
from service.record.tables import chain, exclusions, held

# Databases take so many values in a statement, and no more; one statement for all of a list spares a thousand.
_IDS_AT_ONCE = 500
_WRITTEN = select(
    chain.c.seq,
    chain.c.at,
    chain.c.kind,
    chain.c.client,
    chain.c.id,
    chain.c.about,
    chain.c.bundle,
    held.c.payload,
    held.c.subject,
    held.c.expires,
).join_from(chain, held, chain.c.seq == held.c.seq, isouter=True)


def one(connection: Connection, id_: str) -> Written | None:
    """Return the entry that made something, by its id."""
    found = connection.execute(_WRITTEN.where(chain.c.id == id_)).first()
    return None if found is None else _written(found)


def ones(connection: Connection, ids: Sequence[str]) -> dict[str, Written]:
    """Return the entries that made some things, by their ids."""
    pieces = (ids[start : start + _IDS_AT_ONCE] for start in range(0, len(ids), _IDS_AT_ONCE))
    found = (row for piece in pieces for row in connection.execute(_WRITTEN.where(chain.c.id.in_(piece))))
    return {row.id: _written(row) for row in found}


def about(connection: Connection, id_: str, *only: Kind) -> list[Written]:
    """Return every entry about something, or those of some kinds only, oldest first."""
    found = chain.c.about == id_
    return _entries(connection, and_(found, chain.c.kind.in_(only)) if only else found)


def of_subject(connection: Connection, subject: bytes) -> list[Written]:
    """Return every entry about a child that is still held, oldest first."""
    return _entries(connection, held.c.subject == subject)


def releases(connection: Connection, after: int = 0) -> list[Written]:
    """Return every entry of the ledger whose number is above `after`, oldest first."""
    return _entries(connection, and_(chain.c.kind.in_(kinds("release-")), chain.c.seq > after))


def excluded(connection: Connection) -> frozenset[bytes]:
    """Return the HMACs of the references of all children who are excluded."""
    return frozenset(connection.execute(select(exclusions.c.subject)).scalars())


def last(connection: Connection, kind: Kind, before: int) -> Written | None:
    """Return the newest entry of a kind that was written before the entry of that number."""
    asked: Select[Any] = (
        _WRITTEN.where(chain.c.kind == kind, chain.c.seq < before).order_by(chain.c.seq.desc()).limit(1)
    )
    return next((Written(*row) for row in connection.execute(asked)), None)


def newest(connection: Connection, prefix: str) -> int:
    """Return the number of the newest entry whose kind begins so; 0 when there is none."""
    # One look at the end of the index for each kind, however many entries there are.
    ends = [select(func.max(chain.c.seq).label("seq")).where(chain.c.kind == kind) for kind in kinds(prefix)]
    return connection.execute(select(func.max(union_all(*ends).subquery().c.seq))).scalar() or 0


def again(connection: Connection, once: Once, now: int) -> list[Written]:
    """
    Return the entries that the request of a key made, in their order, now being in microseconds; none when the key is new.

    Raises Refused (422) when it was used for something else.
    """
    since = now - REPEATABLE_MICROSECONDS
    made = _WRITTEN.add_columns(held.c.asked).where(held.c.key == once.key, chain.c.at >= since)
    rows = connection.execute(made.order_by(chain.c.seq)).all()
    if any(row[-1] != once.asked for row in rows):
        raise key_used()
    return [Written(*row[:-1]) for row in rows]


def kinds(prefix: str) -> Sequence[str]:
    """Return the kinds of entries that begin so; there must be one."""
    return [kind for kind in get_args(Kind) if kind.startswith(prefix)]


def _entries(connection: Connection, which: ColumnElement[Any]) -> list[Written]:
    return [_written(row) for row in connection.execute(_WRITTEN.where(which).order_by(chain.c.seq))]


def _written(row: Any) -> Written:
    return Written(*row)
