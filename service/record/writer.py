"""
Writes entries within one transaction: reads the head, chains a whole batch to it, and refuses what must not be written.

Each table gets its rows in as few statements as can be: every statement of SQLite gives up the interpreter's lock, and while
requests are being answered each takes milliseconds to come by again.
"""

import datetime
import itertools
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection, Table, delete, insert, select

from service.record.before import Before, Refusal, begun
from service.record.chain import Head, digest_of, hash_of
from service.record.entries import Entry
from service.record.tables import chain, exclusions, held, legal_holds

Outcome = int | Refusal

SALT_BYTES = 16
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
    states: list[tuple[Entry, int]] = field(default_factory=list)

    def add(self, entry: Entry, salt: bytes) -> None:
        """Chain one entry to the head."""
        seq, previous = self.head.seq + 1, self.head.hash
        key, asked = (None, None) if entry.once is None else (entry.once.key, entry.once.asked)
        digest = digest_of(salt, entry.payload, entry.subject, entry.expires, key, asked)
        row = (seq, self.at, entry.kind, entry.id, entry.about, entry.client, entry.bundle, digest, previous)
        self.head = Head(seq, self.at, hash_of(*row))
        self.chain.append((*row, self.head.hash))
        self.held.append((seq, salt, entry.payload, entry.subject, entry.expires, key, asked))
        if entry.subject is not None and (entry.kind in _BEGUN or entry.kind in _ENDED):
            self.states.append((entry, seq))


def append_entries(connection: Connection, groups: Sequence[Sequence[Entry]], now: datetime.datetime) -> Appended:
    """
    Write groups of entries within a transaction of `database.writing`; all of a group are written, or none.

    The outcome of a group is the number of its last entry, or why it was not written: its key was used before, what it settles
    is settled, or a child it tells of is excluded. What is returned holds once the transaction is committed. The clock may go
    back; the times of entries do not.
    """
    newest, excluding = begun(connection)
    batch = _Batch(newest, max(microseconds(now), newest.at))
    before = Before.of(connection, groups, batch.at, excluding=excluding)
    salts = _salts(sum(map(len, groups)))
    outcomes = [before.refusal(group) or _add(batch, group, salts, before) for group in groups]
    for table, rows in ((chain, batch.chain), (held, batch.held)):
        _insert(connection, table, rows)
    for entry, seq in batch.states:
        _keep_state(connection, entry, seq)
    return Appended(outcomes, batch.head)


def _add(batch: _Batch, group: Sequence[Entry], salts: Iterator[bytes], before: Before) -> int:
    for entry in group:
        batch.add(entry, next(salts))
        before.add(entry)
    return batch.head.seq


def _salts(count: int) -> Iterator[bytes]:
    drawn = os.urandom(count * SALT_BYTES)
    return (drawn[start : start + SALT_BYTES] for start in range(0, len(drawn), SALT_BYTES))


def _insert(connection: Connection, table: Table, rows: Sequence[tuple[object, ...]]) -> None:
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        some = rows[start : start + _ROWS_AT_ONCE]
        values = tuple(itertools.chain.from_iterable(some))
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


def microseconds(now: datetime.datetime) -> int:
    """Return a time as the record writes it: microseconds since 1970."""
    return round(now.timestamp() * 1_000_000)
