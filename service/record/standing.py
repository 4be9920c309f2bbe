"""
What follows from entries and is kept beside them: who is excluded, and who is under legal hold.

It is worked out here from the entries alone, and compared with what the tables say.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, Table, select

from service.record.findings import Finding
from service.record.tables import chain, exclusions, held, legal_holds

_STATES: dict[str, tuple[Table, str]] = {
    "exclusion": (exclusions, "the list of excluded children"),
    "legal-hold": (legal_holds, "the list of legal holds"),
}
_ENDS = {f"{kind}-ended": kind for kind in _STATES}


class Standing:
    """Follows the entries that exclude and hold, in their order."""

    def __init__(self) -> None:
        self._by: dict[str, dict[bytes, list[int]]] = {kind: {} for kind in _STATES}

    def take(self, seq: int, kind: str, subject: bytes | None) -> None:
        """Take the next entry; those of other kinds, and those that retention has erased, change nothing."""
        if subject is None:
            return
        if kind in _STATES:
            self._by[kind].setdefault(subject, []).append(seq)
        elif kind in _ENDS:
            self._by[_ENDS[kind]].pop(subject, None)

    def findings(self, connection: Connection) -> Iterator[Finding]:
        """Yield where the tables do not say what follows from the entries."""
        for kind, (table, name) in _STATES.items():
            yield from _differences(self._by[kind], _kept(connection, table), name)
        yield from _loose(connection)


def _kept(connection: Connection, table: Table) -> dict[bytes, int]:
    return {row.subject: row.seq for row in connection.execute(select(table.c.subject, table.c.seq))}


def _differences(follows: dict[bytes, list[int]], kept: dict[bytes, int], name: str) -> Iterator[Finding]:
    for subject, seqs in follows.items():
        if subject not in kept:
            yield Finding(seqs[-1], seqs[-1], "state-wrong", f"entry {seqs[-1]}: the child is missing from {name}")
    for subject, seq in kept.items():
        if seq not in follows.get(subject, []):
            yield Finding(seq, seq, "state-wrong", f"entry {seq} does not put a child on {name} who is on it")


def _loose(connection: Connection) -> Iterator[Finding]:
    """Find what is held of entries that never were."""
    asked = select(held.c.seq).outerjoin(chain, held.c.seq == chain.c.seq).where(chain.c.seq.is_(None))
    for seq in connection.scalars(asked.order_by(held.c.seq)):
        yield Finding(seq, seq, "state-wrong", f"entry {seq}: something is held of it, and there is no such entry")
