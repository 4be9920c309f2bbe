"""What the thread that writes the record does: one connection of its own, one transaction for each batch."""

import datetime
from collections.abc import Callable, Sequence

from sqlalchemy import Connection, Engine, delete, insert

from service.record.checkpointing import Checkpointing
from service.record.database import write
from service.record.entries import Entry
from service.record.tables import legal_holds
from service.record.writer import Outcome, append_entries

# Of no child's, and gone before anyone could see it.
_PROBE = {"subject": b"", "seq": 0}


class Writing:
    """Writes batches, and connects again after an error."""

    def __init__(self, engine: Engine, checkpointing: Checkpointing, now: Callable[[], datetime.datetime]) -> None:
        self._engine = engine
        self._checkpointing = checkpointing
        self._now = now
        self._connection: Connection | None = None

    def write(self, groups: Sequence[Sequence[Entry]]) -> list[Outcome]:
        """Write groups in one transaction, durable once this returns. Without any entry it tries whether it could."""
        connection = self._connection = self._connection or self._engine.connect()
        try:
            with write(connection):
                if not any(groups):
                    _try(connection)
                appended = append_entries(connection, groups, self._now())
        except BaseException:
            self._let_go()
            raise
        self._checkpointing.news(appended.head)
        return appended.outcomes

    def idle(self) -> None:
        """Write a checkpoint when one is due."""
        self._checkpointing.keep()

    def close(self) -> None:
        """Write the last checkpoint and let go of the connection."""
        self._checkpointing.keep(last=True)
        self._let_go()

    def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()


def _try(connection: Connection) -> None:
    """Write a row and take it back: a disk that is full or a server that only reads says so."""
    connection.execute(insert(legal_holds).values(_PROBE))
    connection.execute(delete(legal_holds).where(legal_holds.c.subject == b""))
