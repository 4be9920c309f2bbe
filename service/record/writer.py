"""
Writes entries within one transaction: reads the head, chains a whole batch to it, and answers repeated requests.

Each table gets its rows in as few statements as can be: every statement of SQLite gives up the interpreter's lock, and while
requests are being answered each takes milliseconds to come by again.
"""

import datetime
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, delete, insert, select, tuple_

from service.problems import KEY_USED, Refused
from service.record.chain import Head, digest_of, hash_of
from service.record.database import head
from service.record.entries import Entry, Repeatable, Repeated
from service.record.tables import chain, exclusions, held, legal_holds, repeats

Outcome = int | Repeated | Refused
Key = tuple[str, bytes]

SALT_BYTES = 16
# Callers are promised a day.
REPEATABLE_MICROSECONDS = 26 * 3600 * 1_000_000
# SQLite takes 32,766 values in a statement, PostgreSQL 65,535.
_ROWS_AT_ONCE = 128
_BEGUN = {"exclusion": exclusions, "legal-hold": legal_holds}
_ENDED = {"exclusion-ended": exclusions, "legal-hold-ended": legal_holds}


class Appended(NamedTuple):
    """What became of each group of entries, and the newest entry after them."""

    outcomes: list[Outcome]
    head: Head


@dataclass(slots=True)
class _Batch:
    """The rows of one transaction; `head` moves on with each."""

    head: Head
    at: int
    chain: list[tuple[object, ...]] = field(default_factory=list)
    held: list[tuple[object, ...]] = field(default_factory=list)
    repeats: list[tuple[object, ...]] = field(default_factory=list)
    states: list[tuple[Entry, int]] = field(default_factory=list)

    def add(self, entry: Entry, salt: bytes) -> None:
        """Chain one entry to the head."""
        seq, previous = self.head.seq + 1, self.head.hash
        digest = digest_of(salt, entry.payload, entry.subject, entry.expires)
        row = (seq, self.at, entry.kind, entry.id, entry.about, entry.client, entry.bundle, digest, previous)
        self.head = Head(seq, self.at, hash_of(*row))
        self.chain.append((*row, self.head.hash))
        self.held.append((seq, salt, entry.payload, entry.subject, entry.expires))
        if entry.repeatable is not None:
            self.repeats.append(_repeat_row(entry.client, entry.repeatable, seq, self.at))
        if entry.subject is not None and (entry.kind in _BEGUN or entry.kind in _ENDED):
            self.states.append((entry, seq))


def append_entries(connection: Connection, groups: Sequence[Sequence[Entry]], now: datetime.datetime) -> Appended:
    """
    Write groups of entries within a transaction of `database.writing`; all of a group are written, or none.

    The outcome of a group is the number of its last entry, or Repeated or Refused where its key was used before. What is
    returned holds once the transaction is committed. The clock may go back; the times of entries do not.
    """
    begun = head(connection)
    batch = _Batch(begun, max(_microseconds(now), begun.at))
    known = _known(connection, groups)
    salts = _salts(sum(map(len, groups)))
    outcomes = [_add(batch, group, salts, known) for group in groups]
    for table, rows in ((chain, batch.chain), (held, batch.held), (repeats, batch.repeats)):
        _insert(connection, table, rows)
    for entry, seq in batch.states:
        _keep_state(connection, entry, seq)
    if batch.repeats:
        _purge(connection, batch.at, 2 * len(batch.repeats))
    return Appended(outcomes, batch.head)


def _add(batch: _Batch, group: Sequence[Entry], salts: Iterator[bytes], known: dict[Key, Repeatable]) -> Outcome:
    for entry in group:
        if entry.repeatable is not None:
            before = known.setdefault((entry.client, entry.repeatable.key), entry.repeatable)
            if before is not entry.repeatable:
                return repeated(before, entry.repeatable.asked)
    for entry in group:
        batch.add(entry, next(salts))
    return batch.head.seq


def repeated(before: Repeatable, asked: bytes) -> Repeated | Refused:
    """Return what becomes of a request whose key was used before."""
    if before.asked == asked:
        return Repeated(before)
    return Refused(KEY_USED, "Use a new Idempotency-Key for each new request.")


def repeatable_of(row: Any) -> Repeatable:
    """Return what stands in a row of `repeats`."""
    return Repeatable(row.key, row.asked, row.status, json.loads(row.headers), row.response)


def _known(connection: Connection, groups: Sequence[Sequence[Entry]]) -> dict[Key, Repeatable]:
    """Return what the keys of a batch were answered with before."""
    keys = [(entry.client, entry.repeatable.key) for group in groups for entry in group if entry.repeatable is not None]
    if not keys:
        return {}
    rows = connection.execute(select(repeats).where(tuple_(repeats.c.client, repeats.c.key).in_(keys)))
    return {(row.client, row.key): repeatable_of(row) for row in rows}


def _repeat_row(client: str, kept: Repeatable, seq: int, at: int) -> tuple[object, ...]:
    headers = json.dumps(dict(kept.headers)).encode()
    return client, kept.key, kept.asked, seq, kept.status, headers, kept.response, at + REPEATABLE_MICROSECONDS


def _salts(count: int) -> Iterator[bytes]:
    drawn = os.urandom(count * SALT_BYTES)
    return (drawn[start : start + SALT_BYTES] for start in range(0, len(drawn), SALT_BYTES))


def _insert(connection: Connection, table: Table, rows: Sequence[tuple[object, ...]]) -> None:
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        some = rows[start : start + _ROWS_AT_ONCE]
        values = tuple(value for row in some for value in row)
        connection.exec_driver_sql(_statement(connection, table, len(some)), values)


def _statement(connection: Connection, table: Table, rows: int) -> str:
    """Return the SQL that inserts so many rows, all columns in their order."""
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    row = f"({', '.join([mark] * len(table.c))})"
    return f"INSERT INTO {table.name} ({', '.join(table.c.keys())}) VALUES {', '.join([row] * rows)}"


def _keep_state(connection: Connection, entry: Entry, seq: int) -> None:
    """Keep beside the chain what follows from an entry: who is excluded, whose entries are held."""
    table = _BEGUN.get(entry.kind)
    ended = _ENDED.get(entry.kind)
    if ended is not None:
        connection.execute(delete(ended).where(ended.c.subject == entry.subject))
    elif table is not None and not _stands(connection, table, entry.subject):
        connection.execute(insert(table).values(subject=entry.subject, seq=seq))


def _stands(connection: Connection, table: Table, subject: bytes | None) -> bool:
    return connection.execute(select(table.c.seq).where(table.c.subject == subject)).first() is not None


def _purge(connection: Connection, at: int, most: int) -> None:
    """Forget a few answers that need not be repeated any more: more than came, so that they cannot pile up."""
    old = select(repeats.c.seq).where(repeats.c.until < at).order_by(repeats.c.until).limit(most)
    connection.execute(delete(repeats).where(repeats.c.seq.in_(old)))


def _microseconds(now: datetime.datetime) -> int:
    return round(now.timestamp() * 1_000_000)
