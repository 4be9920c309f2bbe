"""
Gives each child a pseudonym, and keeps it from year to year: the map remembers every agency's id it was given for.

Where records that were two children are found to be one, where one is found to be two, or where a record goes from one
child to another, that is listed: earlier scores and outcomes stand under the pseudonyms of their time. A pseudonym that
is no longer used is never given again.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from models.errors import DataError, Problem
from models.secret import Secret

Record = tuple[str, str]  # an agency, and its id
HEADER = ["agency", "id", "child", "earlier"]
# A text whose pseudonym tells, in the header, which key a map was made with.
_CHECK = "the key of this map"
_PSEUDONYM = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Change:
    """
    What became of an earlier pseudonym.

    `merged`, in this linking: it is no longer used, and its records are now those of `now`. `split`: some of its
    records are now a child of their own. `moved`: some of its records are now those of another child that was known
    before. `before`: an earlier linking found one of these.
    """

    kind: str
    earlier: str
    now: str


@dataclass(frozen=True, slots=True)
class Known:
    """The pseudonym that every id has, and those that it had before."""

    child: dict[Record, str] = field(default_factory=dict)
    earlier: dict[Record, tuple[str, ...]] = field(default_factory=dict)

    @property
    def used(self) -> set[str]:
        """Every pseudonym that was ever given."""
        return {*self.child.values(), *(name for names in self.earlier.values() for name in names)}

    def told_before(self) -> list["Change"]:
        """Return what earlier linkings changed, so that no folder of linked extracts lacks it."""
        found = {(name, self.child[record]) for record, names in self.earlier.items() for name in names}
        return [Change("before", earlier, now) for earlier, now in sorted(found) if earlier != now]

    def renamed(self, child: dict[Record, str]) -> "Known":
        """Return what is known once these ids have these pseudonyms; other ids keep theirs, in case they come back."""
        earlier = dict(self.earlier)
        for record, name in child.items():
            before = self.child.get(record, name)
            if before != name:
                earlier[record] = tuple(dict.fromkeys([*earlier.get(record, ()), before]))
        return Known(self.child | child, earlier)


def read_map(path: Path, secret: Secret) -> Known:
    """Return the pseudonyms of earlier years, none where there is no map; raises DataError naming the line or the key."""
    known = Known()
    if not path.exists():
        return known
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file, strict=True)
            header = next(rows, None) or []
            if header[:-1] != HEADER:
                raise _broken(path, 1)
            if header[-1] != _key_of(secret):
                remedy = "Give the key of earlier years: another would part families and settings from those of before."
                raise DataError("the map cannot be used", (Problem(path.name, "was made with another key", remedy),))
            for row in rows:
                if not _readable(row, known):
                    raise _broken(path, rows.line_num)
                known.child[row[0], row[1]] = row[2]
                if row[3]:
                    known.earlier[row[0], row[1]] = tuple(row[3].split())
    except (OSError, UnicodeDecodeError, csv.Error):
        raise _broken(path, 1) from None
    return known


def _readable(row: list[str], known: Known) -> bool:
    names = [row[2], *row[3].split()] if len(row) == len(HEADER) + 1 and not row[-1] else []
    once = len(row) > 1 and bool(row[0]) and bool(row[1]) and (row[0], row[1]) not in known.child
    # Nothing but a pseudonym may come out as one: a column of names or numbers would.
    return once and bool(names) and all(_PSEUDONYM.fullmatch(name) for name in names)


def _broken(path: Path, line: int) -> DataError:
    remedy = "Put back the map that the last linking wrote: without it, children whose links changed would get another pseudonym."
    return DataError("the map cannot be used", (Problem(f"{path.name}, line {line}", "not a row of a map", remedy),))


def _key_of(secret: Secret) -> str:
    return f"key {secret.pseudonym(_CHECK)}"


def map_text(known: Known, secret: Secret) -> bytes:
    """Return the map as a file, which says by which key it was made."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*HEADER, _key_of(secret)])
    for record, child in sorted(known.child.items()):
        writer.writerow([*record, child, " ".join(known.earlier.get(record, ())), ""])
    return text.getvalue().encode()


def name_children(children: list[list[Record]], known: Known, secret: Secret) -> tuple[list[str], list[Change]]:
    """
    Return a pseudonym for each child (its records, the first of them naming a new child), and what changed since.

    A pseudonym goes to the child that most of its records are in; a child keeps the one that most of its records had.
    """
    votes = [Counter(known.child[record] for record in records if record in known.child) for records in children]
    names = _kept(votes)
    kept, used = set(names.values()), known.used
    for child, records in enumerate(children):
        if child not in names:
            names[child] = _new(records[0], secret, used)
            used.add(names[child])
    changes = [
        Change(_kind(before, names[child], kept), before, names[child])
        for child, had in enumerate(votes)
        for before in sorted(had)
        if before != names[child]
    ]
    return [names[child] for child in range(len(children))], changes


def _kind(before: str, now: str, kept: set[str]) -> str:
    if now not in kept:
        return "split"
    return "moved" if before in kept else "merged"


def _kept(votes: Iterable[Counter[str]]) -> dict[int, str]:
    claims = sorted((-count, name, child) for child, had in enumerate(votes) for name, count in had.items())
    names: dict[int, str] = {}
    taken: set[str] = set()
    for _, name, child in claims:
        if child not in names and name not in taken:
            names[child] = name
            taken.add(name)
    return names


def _new(record: Record, secret: Secret, used: set[str]) -> str:
    """A child split from another may be named by a record whose pseudonym is taken: then by the next one it gives."""
    serial = 0
    while (name := secret.pseudonym("child", *record, str(serial))) in used:
        serial += 1
    return name
