"""
Checks that the decision record is what it was when it was written, entry by entry, against checkpoints kept outside it.

What it finds it locates: an entry that was edited, deleted, inserted, reordered or overwritten, to its number; entries cut off
the end, and a chain written anew, between the last checkpoint that fits and the first that does not. A payload that is gone
must be one that an entry of retention says it erased.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DBAPIError, OperationalError

from models.errors import IntegrityError
from service.problems import RecordUnavailable
from service.record.chain import GENESIS, digest_of
from service.record.checkpoints import Checkpoint
from service.record.clock import SET
from service.record.erasures import Erasures, Runs, erased_by, grow, left_of
from service.record.findings import CHAIN, MOST, Finding, Verified, What, places
from service.record.marks import Marks
from service.record.standing import Standing
from service.record.tables import chain, held
from service.record.walking import Row, Walk

# Rows that are in memory at a time.
_AT_ONCE = 1000
_CHAIN = len(Row._fields)


def verify(engine: Engine, checkpoints: Iterable[Checkpoint]) -> Verified:
    """
    Check the whole record, which may be written to meanwhile: the checkpoints are read before.

    Raises RecordUnavailable when the database cannot be had, and IntegrityError when its file is damaged.
    """
    marks = Marks(checkpoints)
    try:
        with _still(engine) as connection, connection.begin():
            return _Check(connection, marks).run()
    except OperationalError:
        raise RecordUnavailable("the decision record cannot be read: the database cannot be had") from None
    except DBAPIError:
        raise IntegrityError("the database of the decision record is damaged: restore it from a backup") from None


def _still(engine: Engine) -> Connection:
    """Return a connection whose transaction sees the record as it is when it begins."""
    connection = engine.connect()
    if engine.dialect.name == "postgresql":
        return connection.execution_options(isolation_level="REPEATABLE READ")
    return connection


class _Check:
    """One check, in one transaction."""

    def __init__(self, connection: Connection, marks: Marks) -> None:
        self._connection = connection
        self._marks = marks
        self._walk = Walk(self._numbers, marks)
        self._standing, self._erasures = Standing(), Erasures()
        self._missing: Runs = []
        self._found: list[Finding] = []
        self._proven = 0
        self._unfit: tuple[int, int] | None = None  # the first checkpoint that does not fit, after the last that did
        self._head, self._head_hash, self._at, self._entries = 0, GENESIS, 0, 0
        self._told = True  # every entry of retention tells what it erased

    def run(self) -> Verified:
        """Walk the chain, then compare what was seen."""
        for row in self._rows():
            self._take(Row(*row[:_CHAIN]), *row[_CHAIN:])
        found = [*self._walk.findings(), *self._found]
        found += [*self._cut_off(), *self._rewritten(found)]
        # Only whole entries tell what retention erased and who is excluded: else one thing would be found many times.
        whole = not found
        if self._told and not any(one.what in CHAIN for one in found):
            found += self._erased()
        if whole:
            found += self._standing.findings(self._connection)
        found.sort(key=lambda one: one.seq)
        return Verified(
            entries=self._entries,
            head=self._head,
            head_hash=self._head_hash,
            erased=sum(last - first + 1 for first, last in self._missing),
            checkpoints=len(self._marks),
            proven=self._proven,
            findings=tuple(found[:MOST]),
            found=len(found),
        )

    def _rows(self) -> Iterable[Any]:
        both = select(*chain.c, *held.c)
        asked = both.outerjoin_from(chain, held, held.c.seq == chain.c.seq).order_by(chain.c.seq)
        return self._connection.execute(asked, execution_options={"yield_per": _AT_ONCE})

    def _take(self, row: Row, there: int | None, *given: Any) -> None:
        sound = self._walk.take(row)
        marked = self._marks.get(row.seq)
        if marked is not None and marked == row.hash:
            self._proven = row.seq
        elif marked is not None and self._unfit is None:
            self._unfit = (self._proven, row.seq)
        if there is None:
            self._gone(row)
        elif sound:
            self._held(row, given)
        if sound:
            if row.at < self._at and row.kind != SET:
                self._say(row.seq, "misdated", "is dated before the entry before it")
            self._at = row.at
        self._head, self._head_hash = row.seq, row.hash
        self._entries += 1

    def _gone(self, row: Row) -> None:
        grow(self._missing, row.seq)
        if row.kind == "retention":
            self._told = False
            self._say(row.seq, "payload-missing", "what retention did is gone, and retention never erases that")

    def _held(self, row: Row, given: tuple[Any, ...]) -> None:
        """Check what is held of an entry, and note what follows from it."""
        _salt, payload, subject, *_rest = given
        if not _has_digest(row.digest, given):
            self._told = self._told and row.kind != "retention"
            self._say(row.seq, "payload-changed", "what is held of it is not what was recorded")
            return
        self._standing.take(row.seq, row.kind, subject)
        if row.kind == "retention":
            self._erasures.add(row.seq, erased_by(payload))

    def _say(self, seq: int, what: What, words: str) -> None:
        self._found.append(Finding(seq, seq, what, f"entry {seq}: {words}"))

    def _erased(self) -> Iterator[Finding]:
        """Compare what is not held any more with what retention says it erased."""
        erased = self._erasures.all()
        for first, last in left_of(self._missing, erased):
            words = f"{places(first, last)}: what was held is gone, and no entry of retention says that it was erased"
            yield Finding(first, last, "payload-missing", words)
        for first, last in left_of(erased, self._missing):
            words = f"{places(first, last)}: retention erased what was held, and it is there again"
            yield Finding(first, last, "payload-back", words)

    def _cut_off(self) -> Iterator[Finding]:
        """Look beyond the newest entry: checkpoints and held payloads tell of those that were cut off."""
        loose = self._connection.scalar(select(func.max(held.c.seq))) or 0
        last = max(loose, self._marks.last)
        if last > self._head:
            words = f"{places(self._head + 1, last)}: cut off the end; the newest entry is {self._head}"
            yield Finding(self._head + 1, last, "cut-off", words)

    def _rewritten(self, found: Iterable[Finding]) -> Iterator[Finding]:
        """Find the first checkpoint that does not fit, unless something that was found before it explains that."""
        if self._unfit is None:
            return
        fitted, seq = self._unfit
        if not any(fitted < one.seq <= seq and one.what in CHAIN for one in found):
            words = f"{places(fitted + 1, seq)}: written anew, in whole or in part; checkpoint {seq} does not fit"
            yield Finding(fitted + 1, seq, "rewritten", words)

    def _numbers(self, hash_: Any) -> list[int]:
        """Return the first two numbers under which a hash stands in the chain; what is of another type stands nowhere."""
        if not isinstance(hash_, bytes):
            return []
        asked = select(chain.c.seq).where(chain.c.hash == hash_).order_by(chain.c.seq).limit(2)
        return list(self._connection.scalars(asked))


def _has_digest(digest: bytes, given: tuple[Any, ...]) -> bool:
    try:
        return digest_of(*given) == digest
    except (AttributeError, OverflowError, TypeError):
        return False  # of a type that was never written
