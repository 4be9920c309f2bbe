"""
Takes child records into the service's store: one SQLite file for each load, built aside and put in place by a rename.

Whoever reads has either the old load or the new one, whole. A load that is killed leaves the old in place, and what it
had half written is taken away by the next.
"""

import datetime
import fcntl
import os
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from models.contract import Contract
from models.errors import BadInput, DataError
from service.loaded.child_lines import ChildLines, Line, open_lines
from service.loaded.teams import read_teams

STORE, LOCK, ASIDE = "children.db", ".lock", ".children.db."
FORMAT = 1
_BLOCK = 1000
_TABLES = """
    PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
    CREATE TABLE made (format INTEGER, id TEXT, form TEXT, extracted TEXT);
    CREATE TABLE child (number INTEGER PRIMARY KEY, reference TEXT NOT NULL, period INTEGER NOT NULL, record BLOB NOT NULL);
    CREATE TABLE team (name TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (name, number)) WITHOUT ROWID;
"""


@dataclass(slots=True)
class Taken:
    """
    What was taken in, and from extracts of which day.

    Children, those set aside by reason, rows of teams, and those of children who are not loaded.
    """

    extracted: datetime.date
    children: int
    set_aside: Counter[str]
    of_teams: int = 0
    of_nobody: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """Every count under a name for people and programs; those that are 0 are left out but for the children."""
        aside = {f"set_aside_{reason}": count for reason, count in self.set_aside.items()}
        teams = {"rows_of_teams": self.of_teams, "rows_of_teams_of_children_not_loaded": self.of_nobody}
        return {"children_loaded": self.children} | {name: n for name, n in (aside | teams).items() if n}


def take_in(lines: Path, contract: Contract, folder: Path, teams: Path | None = None) -> Taken:
    """
    Put the records of a file of child records in place of all that was loaded into `folder`.

    Raises DataError when the file, or that of teams, is not what it must be, and BadInput when another load goes on or
    nothing can be written there; what was loaded before stays then.
    """
    with open_lines(lines) as file, _only_one(folder):
        given = ChildLines(file, lines.name, contract)
        descriptor, aside = tempfile.mkstemp(prefix=ASIDE, dir=folder)  # mode 0600
        try:
            with closing(sqlite3.connect(aside, isolation_level=None)) as db:
                taken = _fill(db, given, lines.name, read_teams(teams) if teams is not None else ())
            if teams is not None and not taken.of_teams:
                raise DataError(f"{teams.name} names no child who is loaded; what was loaded before stays")
            os.fsync(descriptor)
            Path(aside).replace(folder / STORE)
            _settle(folder)
        except sqlite3.Error as error:
            raise BadInput(f"the load cannot be written ({type(error).__name__}); is there space?") from None
        finally:
            os.close(descriptor)
            Path(aside).unlink(missing_ok=True)
    return taken


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Have the folder for this load alone, and take away what a load that was killed has left."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (folder / LOCK).open("ab")
    except OSError as error:
        raise BadInput(f"{folder.name} cannot be written: {error.strerror}") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BadInput("another load goes on; wait until it is done") from None
        for left in folder.glob(f"{ASIDE}*"):
            left.unlink()
        yield


def _fill(db: sqlite3.Connection, given: ChildLines, name: str, teams: Iterable[tuple[str, str]]) -> Taken:
    db.executescript(_TABLES)
    db.execute("BEGIN")
    taken = Taken(given.made.extracted, 0, Counter())
    for number, line in enumerate(_kept(given, taken), start=1):
        db.execute("INSERT INTO child VALUES (?, ?, ?, ?)", (number, line.child, line.period, line.record))
        taken.children = number
    try:
        db.execute("CREATE UNIQUE INDEX by_reference ON child (reference)")
    except sqlite3.IntegrityError:
        raise DataError(f"{name} has two records of one child; write the file again") from None
    _fill_teams(db, teams, taken)
    made = (FORMAT, os.urandom(16).hex(), given.made.form, given.made.extracted.isoformat())
    db.execute("INSERT INTO made VALUES (?, ?, ?, ?)", made)
    db.execute("COMMIT")
    if not taken.children:
        raise DataError(f"{name} has no child who can be loaded; what was loaded before stays")
    return taken


def _kept(given: ChildLines, taken: Taken) -> Iterator[Line]:
    for line in given:
        if isinstance(line, Line):
            yield line
        else:
            taken.set_aside[line] += 1


def _fill_teams(db: sqlite3.Connection, teams: Iterable[tuple[str, str]], taken: Taken) -> None:
    insert = "INSERT OR IGNORE INTO team SELECT ?, number FROM child WHERE reference = ?"
    for child, team in teams:
        found = db.execute(insert, (team, child)).rowcount
        taken.of_teams += found
        taken.of_nobody += not found


def _settle(folder: Path) -> None:
    """Have the rename outlast a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
