"""
The child records that are loaded, as the service reads them: whole, read-only, and swapped when a newer load is there.

The store is keyed by the reference as a case system gives it, which is a pseudonym of linking, and not by an HMAC: a
team's worklist must show references, so an HMAC would only have to be kept beside them. The file is for its owner alone,
holds no identifier and no date of birth, and is replaced every night; nothing of it reaches the decision record but HMACs.
"""

import datetime
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from models.birth_period import youngest
from models.record import ChildRecord
from service.answers.kept_record import read_kept
from service.loaded.loading import FORMAT, STORE


@dataclass(frozen=True, slots=True)
class LoadedChild:
    """
    One child as it was loaded; `period` is that of its birth (`models.birth_period`).

    `kept` is its record as it stands in the store: it takes longer to read than to find, and not every child found is asked.
    """

    reference: str
    period: int
    kept: bytes

    @property
    def record(self) -> ChildRecord:
        """The child's record."""
        return read_kept(self.kept)

    def youngest(self, today: datetime.date) -> int:
        """Return the least age in days that the child can have."""
        return youngest(self.period, today)


class Load:
    """One load: its id, the form of its records, and the day of the extracts. To be used in one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Open it; raises sqlite3.Error or OSError when it cannot be read, ValueError when it is of another format."""
        # It never changes: the next load is another file.
        self._db = sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True, check_same_thread=False)
        format_, self.id, self.form, extracted = self._db.execute("SELECT * FROM made").fetchone()
        if format_ != FORMAT:
            raise ValueError("a load of another format")
        self.extracted = datetime.date.fromisoformat(extracted)

    def child(self, reference: str) -> LoadedChild | None:
        """Return a child by its reference; None when it is not loaded."""
        found = self._db.execute("SELECT period, record FROM child WHERE reference = ?", (reference,)).fetchone()
        return LoadedChild(reference, *found) if found is not None else None

    def has_team(self, name: str) -> bool:
        """Whether any child is of a team of that name."""
        return self._db.execute("SELECT 1 FROM team WHERE name = ? LIMIT 1", (name,)).fetchone() is not None

    def team(self, name: str) -> Iterator[LoadedChild]:
        """Yield the children of a team, in the order in which they were loaded."""
        sql = "SELECT reference, period, record FROM team JOIN child USING (number) WHERE name = ? ORDER BY number"
        return (LoadedChild(*row) for row in self._db.execute(sql, (name,)))

    def references(self, name: str) -> Iterator[str]:
        """Yield the references of a team's children."""
        sql = "SELECT reference FROM team JOIN child USING (number) WHERE name = ?"
        return (reference for (reference,) in self._db.execute(sql, (name,)))


class LoadedStore:
    """
    What is loaded now.

    Every question looks whether the file was replaced, which costs some microseconds: a new load answers the next request. One that is
    deleted answers no more; one that cannot be read leaves the load before it, and `trouble` tells of it.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / STORE
        self._seen: tuple[int, int, int] | None = None
        self._load: Load | None = None
        self._unread = False

    def now(self) -> Load | None:
        """Return the newest load that can be read; None where nothing is loaded."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            self._seen, self._load, self._unread = None, None, False
            return None
        except OSError:
            self._unread = True
            return self._load
        seen = (found.st_dev, found.st_ino, found.st_mtime_ns)
        if seen != self._seen:
            self._take(seen)
            self._seen = seen
        return self._load

    def trouble(self) -> str | None:
        """Return a sentence while the newest load cannot be read."""
        self.now()
        return (
            f"What was loaded last cannot be read ({self._path.name}); load the records again."
            if self._unread
            else None
        )

    def _take(self, seen: tuple[int, int, int]) -> None:
        """
        Open what is there; the old load is closed by whoever holds it last.

        What cannot be read leaves the load before it, which is still open, unless it was written over that very file.
        """
        try:
            self._load, self._unread = Load(self._path), False
        except (sqlite3.Error, OSError, ValueError, TypeError):
            self._unread = True
            if self._seen is not None and seen[:2] == self._seen[:2]:
                self._load = None
