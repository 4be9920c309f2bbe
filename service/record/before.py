"""
What a batch must know before it is written: which requests were answered, what is settled, and who is excluded.

It is looked up within the transaction that writes, and kept up with each entry of the batch, so that what is asked at one
moment, by whatever process, is decided in one order.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Self

from sqlalchemy import Connection, Select, exists, select

from service.problems import ALREADY_SETTLED, KEY_USED, Refused
from service.record.chain import EMPTY, Head
from service.record.entries import Entry, Excluded, Repeated
from service.record.tables import chain, exclusions, held

Refusal = Repeated | Refused | Excluded
# What something settles: the id of what it is about, and its kind.
Matter = tuple[str | None, str]

# Callers are promised a day.
REPEATABLE_MICROSECONDS = 26 * 3600 * 1_000_000
# Whether anybody is excluded is asked along: most batches then need no statement more.
_HEAD = (
    select(chain.c.seq, chain.c.at, chain.c.hash, exists(select(exclusions.c.subject)))
    .order_by(chain.c.seq.desc())
    .limit(1)
)


class Before(NamedTuple):
    """By its key what each request asked, which matters are settled, and which of the children told of are excluded."""

    asked: dict[bytes, bytes]
    settled: set[Matter]
    excluded: set[bytes]

    @classmethod
    def of(cls, connection: Connection, groups: Sequence[Sequence[Entry]], at: int, *, excluding: bool) -> Self:
        """Look up what these groups need, which are written at a time; without `excluding` nobody is excluded."""
        entries = [entry for group in groups for entry in group]
        excluded = _excluded(connection, entries) if excluding else set()
        return cls(_asked(connection, entries, at), _settled(connection, entries), excluded)

    def refusal(self, group: Sequence[Entry]) -> Refusal | None:
        """Return why a group must not be written; None when it may."""
        for entry in group:
            if entry.once is not None and (asked := self.asked.get(entry.once.key)) is not None:
                return Repeated() if asked == entry.once.asked else key_used()
            if entry.settles and (entry.about, entry.kind) in self.settled:
                return Refused(ALREADY_SETTLED, "Read it again to see what came of it.")
        if not self.excluded:
            return None
        hit = {entry.subject for entry in group if entry.unless_excluded and entry.subject in self.excluded}
        return Excluded(frozenset(one for one in hit if one is not None)) if hit else None

    def add(self, entry: Entry) -> None:
        """Take note of an entry that is written."""
        if entry.once is not None:
            self.asked[entry.once.key] = entry.once.asked
        if entry.settles:
            self.settled.add((entry.about, entry.kind))
        if entry.subject is not None and entry.kind == "exclusion":
            self.excluded.add(entry.subject)
        elif entry.subject is not None and entry.kind == "exclusion-ended":
            self.excluded.discard(entry.subject)


def begun(connection: Connection) -> tuple[Head, bool]:
    """Return the newest entry, and whether anybody is excluded."""
    found = connection.execute(_HEAD).first()
    return (EMPTY, False) if found is None else (Head(*found[:3]), bool(found[3]))


def settling(matters: Sequence[Matter]) -> Select[Any]:
    """
    Return the query of what settles some matters, and perhaps others.

    To ask for pairs would be closer, but SQLite does not see by them that the index of what is about something will do.
    """
    abouts, kinds = {about for about, _ in matters}, {kind for _, kind in matters}
    return select(chain.c.about, chain.c.kind).where(chain.c.about.in_(abouts), chain.c.kind.in_(kinds))


def key_used() -> Refused:
    """Return the refusal of a request whose key was used for another."""
    return Refused(KEY_USED, "Use a new Idempotency-Key for each new request.")


def _asked(connection: Connection, entries: Iterable[Entry], at: int) -> dict[bytes, bytes]:
    keys = {entry.once.key for entry in entries if entry.once is not None}
    if not keys:
        return {}
    asked = select(held.c.key, held.c.asked).join_from(held, chain, chain.c.seq == held.c.seq)
    asked = asked.where(held.c.key.in_(keys), chain.c.at >= at - REPEATABLE_MICROSECONDS)
    return dict(connection.execute(asked).all())


def _settled(connection: Connection, entries: Iterable[Entry]) -> set[Matter]:
    matters = [(entry.about, entry.kind) for entry in entries if entry.settles]
    if not matters:
        return set()
    return {(about, kind) for about, kind in connection.execute(settling(matters))}


def _excluded(connection: Connection, entries: Iterable[Entry]) -> set[bytes]:
    subjects = {entry.subject for entry in entries if entry.unless_excluded}
    if not subjects:
        return set()
    return set(connection.scalars(select(exclusions.c.subject).where(exclusions.c.subject.in_(subjects))))
