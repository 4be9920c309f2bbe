"""
Does whatever can be done to a decision record behind the service's back, place after place, and counts what is found and where.

    python -m benchmarks.tampering [COUNT]      (one line of JSON)
"""

import contextlib
import datetime
import json
import random
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.record.chain import hash_of
from service.record.checkpoints import Checkpoint, checkpoint_key, read_checkpoints, write_checkpoint
from service.record.database import open_engine, writing
from service.record.entries import Entry, Kind, Once
from service.record.findings import Finding, Verified
from service.record.retention import Term, retain
from service.record.schema import make_or_check
from service.record.verifying import verify
from service.record.writer import append_entries

_COLUMNS = ("at", "kind", "id", "about", "client", "bundle", "digest", "previous", "hash")
_BEGAN = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
_CHECKPOINT_EVERY = 16
_DAYS = 100


@dataclass(frozen=True, slots=True)
class Made:
    """A record of invented entries: its file, its checkpoints, and how many entries it has."""

    path: Path
    checkpoints: list[Checkpoint]
    head: int


def invent(folder: Path, entries: int) -> Made:
    """Make a record with scores, reads, exclusions, holds and repeats, of which retention has erased the oldest."""
    path, marks = folder / "record.db", folder / "checkpoints.jsonl"
    engine, key = open_engine(path), checkpoint_key(marks)
    make_or_check(engine)
    for start in range(0, entries, _CHECKPOINT_EVERY):
        with writing(engine) as connection:
            some = [_entry(seq) for seq in range(start, min(start + _CHECKPOINT_EVERY, entries))]
            head = append_entries(connection, [some], _BEGAN + datetime.timedelta(days=start)).head
        write_checkpoint(marks, head, key)
    # Two entries of retention, each with a third of what is there, so that one that is changed shows.
    for share in (6, 3):
        now = _BEGAN + datetime.timedelta(days=_DAYS + entries // share)
        retain(engine, Term(_DAYS, now), "invented")
    with writing(engine) as connection:
        head = append_entries(connection, [[_entry(entries)]], now).head
    write_checkpoint(marks, head, key)
    engine.dispose()
    return Made(path, list(read_checkpoints(marks)), head.seq)


def _entry(number: int) -> Entry:
    """Return an invented entry of one of a few children."""
    kinds: tuple[Kind, ...] = ("score", "read", "score", "feedback", "exclusion", "score", "legal-hold", "replay")
    kind = kinds[number % len(kinds)]
    scored = kind == "score"
    return Entry(
        kind=kind,
        client=f"client-{number % 3}",
        payload=json.dumps({"number": number}).encode(),
        id=f"00000000-0000-7000-8000-{number:012d}" if scored else None,
        about=None if scored else f"00000000-0000-7000-8000-{number // 8 * 8:012d}",
        bundle="b" * 64 if scored else None,
        subject=number.to_bytes(32, "big") if kind in {"exclusion", "legal-hold"} else (number % 5).to_bytes(32, "big"),
        once=Once(number.to_bytes(32, "big"), bytes(32)) if scored else None,
    )


class Tampered:
    """A copy of a record, in the hands of somebody who may write to its database."""

    def __init__(self, copy: Path, head: int, chance: random.Random) -> None:
        self.connection = sqlite3.connect(copy)
        self.head, self.chance = head, chance

    def run(self, statement: str, *values: Any) -> None:
        """Run a statement."""
        self.connection.execute(statement, values)

    def row(self, seq: int) -> tuple[Any, ...]:
        """Return a row of the chain, without its number."""
        found = self.connection.execute(f"SELECT {', '.join(_COLUMNS)} FROM chain WHERE seq = ?", (seq,)).fetchone()
        return tuple(found)

    def put(self, seq: int, row: tuple[Any, ...]) -> None:
        """Write a row of the chain."""
        marks = ", ".join("?" * (1 + len(_COLUMNS)))
        self.run(f"INSERT OR REPLACE INTO chain (seq, {', '.join(_COLUMNS)}) VALUES ({marks})", seq, *row)

    def other(self, seq: int) -> int:
        """Return the number of another entry."""
        return self.chance.choice([other for other in range(1, self.head + 1) if other != seq])

    def held(self, seq: int) -> bool:
        """Whether the payload of an entry is there."""
        return self.connection.execute("SELECT 1 FROM held WHERE seq = ?", (seq,)).fetchone() is not None

    def shift(self, seq: int, by: int) -> None:
        """Renumber every entry from `seq` on, with all that is kept of it."""
        for table in ("chain", "held", "exclusions", "legal_holds"):
            # In two steps, since no two rows may have one number at any time.
            self.run(f"UPDATE {table} SET seq = -(seq + ?) WHERE seq >= ?", by, seq)
            self.run(f"UPDATE {table} SET seq = -seq WHERE seq < 0")
        self.head += by

    def rehash(self, first: int, last: int) -> None:
        """Work out the hashes of these entries again, each joined on to the one before."""
        for seq in range(first, last + 1):
            row = self.row(seq)
            before = self.row(seq - 1)[-1] if seq > 1 else bytes(32)
            told: tuple[Any, ...] = (*row[:-2], before)
            self.put(seq, (*told, hash_of(seq, *told)))

    def drop(self, seq: int) -> None:
        """Delete an entry with all that is kept of it."""
        for table in ("chain", "held", "exclusions", "legal_holds"):
            self.run(f"DELETE FROM {table} WHERE seq = ?", seq)


Tampering = Callable[[Tampered, int], bool]


def _edit(given: Tampered, seq: int) -> bool:
    """Change one column of an entry."""
    column = given.chance.choice(_COLUMNS)
    values: dict[str, Any] = {"at": 12345, "digest": bytes(32), "previous": b"\1" * 32, "hash": b"\2" * 32}
    given.run(f"UPDATE chain SET {column} = ? WHERE seq = ?", values.get(column, f"other {seq}"), seq)
    return True


def _edit_type(given: Tampered, seq: int) -> bool:
    """Change one column of an entry to a value of a type that it never has."""
    column = given.chance.choice(_COLUMNS)
    given.run(
        f"UPDATE chain SET {column} = ? WHERE seq = ?", given.chance.choice([f"other {seq}", seq + 0.5, b"\xff"]), seq
    )
    return True


def _edit_and_hash(given: Tampered, seq: int) -> bool:
    """Change an entry and work out its own hash again."""
    given.run("UPDATE chain SET client = 'somebody else' WHERE seq = ?", seq)
    given.rehash(seq, seq)
    return True


def _edit_and_hash_all(given: Tampered, seq: int) -> bool:
    """Change an entry and work out every hash from it on again."""
    given.run("UPDATE chain SET client = 'somebody else' WHERE seq = ?", seq)
    given.rehash(seq, given.head)
    return True


def _delete(given: Tampered, seq: int) -> bool:
    """Delete an entry from the chain."""
    given.run("DELETE FROM chain WHERE seq = ?", seq)
    return True


def _delete_and_renumber(given: Tampered, seq: int) -> bool:
    """Delete an entry and move the others up."""
    given.drop(seq)
    given.shift(seq, -1)
    return True


def _delete_and_hash_all(given: Tampered, seq: int) -> bool:
    """Delete an entry, move the others up and work out their hashes again."""
    _delete_and_renumber(given, seq)
    given.rehash(seq, given.head)
    return True


def _swap(given: Tampered, seq: int) -> bool:
    """Let two entries change places, with all that is held of them."""
    other = given.other(seq)
    mine, its = given.row(seq), given.row(other)
    # Nothing may have one id twice, not even for a moment.
    given.put(seq, (*its[:2], None, *its[3:]))
    given.put(other, mine)
    given.put(seq, its)
    for first, second in ((seq, -1), (other, seq), (-1, other)):
        given.run("UPDATE held SET seq = ? WHERE seq = ?", second, first)
    return True


def _insert(given: Tampered, seq: int) -> bool:
    """Put an entry between two others, joined on to the one before it."""
    given.shift(seq, 1)
    given.put(seq, (12345, "read", None, None, "nobody", None, bytes(32), bytes(32), bytes(32)))
    given.rehash(seq, seq)
    return True


def _insert_anything(given: Tampered, seq: int) -> bool:
    """Put an entry between two others, with a hash that is none."""
    given.shift(seq, 1)
    given.put(seq, (12345, "read", None, None, "nobody", None, bytes(32), bytes(32), bytes(32)))
    return True


def _insert_and_hash_all(given: Tampered, seq: int) -> bool:
    """Put an entry between two others and work out every hash from it on again."""
    _insert(given, seq)
    given.rehash(seq, given.head)
    return True


def _copy(given: Tampered, seq: int) -> bool:
    """Overwrite an entry with another."""
    its = given.row(given.other(seq))
    given.put(seq, (*its[:2], None, *its[3:]))
    return its[2] is None


def _cut(given: Tampered, seq: int) -> bool:
    """Cut everything from an entry on off the chain, with all that is kept of it."""
    for later in range(seq, given.head + 1):
        given.drop(later)
    return True


def _cut_chain(given: Tampered, seq: int) -> bool:
    """Cut everything from an entry on off the chain alone."""
    given.run("DELETE FROM chain WHERE seq >= ?", seq)
    return True


def _held(column: str, value: Any) -> Tampering:
    def change(given: Tampered, seq: int) -> bool:
        given.run(f"UPDATE held SET {column} = ? WHERE seq = ?", value, seq)
        return given.held(seq)

    return change


def _forget(given: Tampered, seq: int) -> bool:
    """Delete what is held of an entry."""
    there = given.held(seq)
    given.run("DELETE FROM held WHERE seq = ?", seq)
    return there


def _put_back(given: Tampered, seq: int) -> bool:
    """Put something in the place of what retention erased."""
    if given.held(seq):
        return False
    given.run("INSERT INTO held (seq, salt, payload) VALUES (?, ?, ?)", seq, bytes(16), b"{}")
    return True


def _swap_held(given: Tampered, seq: int) -> bool:
    """Let what is held of two entries change places."""
    other = given.other(seq)
    for first, second in ((seq, -1), (other, seq), (-1, other)):
        given.run("UPDATE held SET seq = ? WHERE seq = ?", second, first)
    return given.held(seq) or given.held(other)


def _end_state(given: Tampered, seq: int) -> bool:
    """Take a child off the lists of those who are excluded or under hold."""
    return any(given.connection.execute(f"DELETE FROM {table} WHERE seq = ?", (seq,)).rowcount for table in _STATES)


def _begin_state(given: Tampered, seq: int) -> bool:
    """Put a child on one of those lists."""
    given.run(f"INSERT INTO {given.chance.choice(_STATES)} (subject, seq) VALUES (?, ?)", b"\xff" * 32, seq)
    return True


_STATES = ("exclusions", "legal_holds")
TAMPERINGS: dict[str, Tampering] = {
    "edit": _edit,
    "edit, of another type": _edit_type,
    "edit and hash": _edit_and_hash,
    "edit and hash all after": _edit_and_hash_all,
    "delete": _delete,
    "delete and renumber": _delete_and_renumber,
    "delete and hash all after": _delete_and_hash_all,
    "swap": _swap,
    "insert": _insert,
    "insert anything": _insert_anything,
    "insert and hash all after": _insert_and_hash_all,
    "overwrite": _copy,
    "cut off": _cut,
    "cut off the chain alone": _cut_chain,
    "payload": _held("payload", b"{}"),
    "payload of another type": _held("payload", "{}"),
    "salt": _held("salt", bytes(16)),
    "child": _held("subject", b"\xee" * 32),
    "expiry": _held("expires", -1),
    "key": _held("key", b"\xee" * 32),
    "what a key asked": _held("asked", b"\xee" * 32),
    "payload deleted": _forget,
    "payload put back": _put_back,
    "payloads swapped": _swap_held,
    "state ended": _end_state,
    "state begun": _begin_state,
}


@contextlib.contextmanager
def tampered(made: Made, folder: Path, name: str, seq: int, chance: random.Random) -> Iterator[Path | None]:
    """Yield a copy of a record that was tampered with at an entry; None where that changes nothing."""
    copy = folder / "tampered.db"
    for path in folder.glob("tampered.db*"):
        path.unlink()
    shutil.copyfile(made.path, copy)
    copy.chmod(0o600)
    given = Tampered(copy, made.head, chance)
    changed = TAMPERINGS[name](given, seq)
    given.connection.commit()
    given.connection.close()
    yield copy if changed else None


def located(verified: Verified, seq: int) -> Finding | None:
    """
    Return the finding that names the entry that was tampered with; None when there is none.

    An end that was cut off and written anew is known from the last checkpoint that fits on, and no closer.
    """
    for found in verified.findings:
        first = verified.proven + 1 if found.what == "cut-off" else found.seq
        if first <= seq <= found.until:
            return found
    return None


def check(made: Made, copy: Path) -> Verified:
    """Verify a copy against the checkpoints of the record."""
    engine = open_engine(copy)
    try:
        return verify(engine, made.checkpoints)
    finally:
        engine.dispose()


def tally(count: int, entries: int, seed: int) -> dict[str, Any]:
    """Tamper with a record so often, at one entry after another until each had its turn; returns what was found of it."""
    chance = random.Random(seed)  # noqa: S311 (no secret)
    seen, missed, exact, places = Counter[str](), Counter[str](), 0, set[int]()
    with tempfile.TemporaryDirectory() as folder:
        made = invent(Path(folder), entries)
        if not check(made, made.path).whole:
            raise AssertionError("the record that nobody tampered with is not whole")
        left: list[int] = []
        while seen.total() < count:
            left = left or chance.sample(range(1, made.head + 1), made.head)
            name, seq = chance.choice(list(TAMPERINGS)), left[-1]
            with tampered(made, Path(folder), name, seq, chance) as copy:
                if copy is None:
                    continue
                found = located(check(made, copy), seq)
            places.add(left.pop())
            seen[name] += 1
            missed[name] += found is None
            exact += found is not None and found.seq == seq
    return {
        "tampered": seen.total(),
        "places": len(places),
        "not_located": missed.total(),
        "located_to_the_entry": exact,
        "kinds": dict(sorted(seen.items())),
    }


def main() -> None:
    """Print what was found of so many tamperings."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1200
    print(json.dumps({"benchmark": "tampering", **tally(count, entries=1100, seed=8)}))


if __name__ == "__main__":
    main()
