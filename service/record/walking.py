"""
Walks the chain in its order, each entry once, and says which is not what it was when it was written.

An entry's hash covers its number, so an entry that stands elsewhere than it was written is told from one that was edited.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from service.record.chain import GENESIS, hash_of
from service.record.findings import MOST, Finding, places

# How far from its place an entry is looked for; one that is moved farther is found by what it follows.
_NEAR = 8


class Row(NamedTuple):
    """One row of the chain."""

    seq: int
    at: int
    kind: str
    id: str | None
    about: str | None
    client: str
    bundle: str | None
    digest: bytes
    previous: bytes
    hash: bytes

    def whole_at(self, seq: int) -> bool:
        """Whether the hash is that of this very entry, had it been written under that number."""
        try:
            return hash_of(seq, *self[1:9]) == self.hash
        except (struct.error, AttributeError, TypeError, ValueError):
            return False  # SQLite keeps whatever is put into a column, of any type: no such entry was written


@dataclass(slots=True)
class Moved:
    """A run of entries that stand one after another, each as far from its place as the next; `copy`: they are there too."""

    start: int
    until: int
    offset: int
    copy: bool


class Trusted(Protocol):
    """What is known of entries from elsewhere."""

    def get(self, seq: int) -> bytes | None:
        """Return the hash that an entry had; None where it is not known."""


class Walk:
    """Takes the entries in their order; `findings` says what was wrong once all were taken."""

    def __init__(self, standing: Callable[[bytes], list[int]], trusted: Trusted) -> None:
        """
        `standing` finds the numbers under which a hash stands; it is asked for few entries, and only wrong ones.

        `trusted` are the hashes that checkpoints tell, by the number of their entry.
        """
        self._standing, self._trusted = standing, trusted
        self._searches = MOST
        self._last: Row | None = None
        self._sound = True  # the last entry is what it says, where it says
        self._broken: tuple[Row, Row] | None = None  # two sound entries of which the second does not follow the first
        self._wrong: list[Finding] = []
        self._moved: list[Moved] = []

    @property
    def head(self) -> int:
        """The number of the last entry taken; 0 before any."""
        return self._last.seq if self._last is not None else 0

    def take(self, row: Row) -> bool:
        """Take the next entry; returns whether it is what it was, where it was."""
        gap = row.seq != self.head + 1
        if gap:
            self._deleted(self.head + 1, row.seq - 1)
        sound = row.whole_at(row.seq)
        if not sound:
            self._unsound(row)
        follows = row.previous == (self._last.hash if self._last is not None else GENESIS)
        self._follow(row, follows=follows or gap, sound=sound)
        self._last, self._sound = row, sound
        return sound

    def findings(self) -> list[Finding]:
        """Return everything that is wrong."""
        named = [self._named(run) for run in self._moved]
        inserted = [found for found in named if found.what == "inserted"]
        single = [one for one in self._wrong if not any(more.seq <= one.seq <= more.until for more in inserted)]
        if self._broken is not None:
            single.append(self._at_the_end(*self._broken))
        return sorted([*single, *named], key=lambda found: found.seq)

    def _follow(self, row: Row, *, follows: bool, sound: bool) -> None:
        """Say which of two sound entries was edited and given a new hash: the one after them tells."""
        if self._broken is not None:
            before, after = self._broken
            wrong = after if row.previous == before.hash or (sound and not follows) else before
            self._wrong.append(_rehashed(wrong.seq))
            self._broken = None
        elif not follows and sound and self._sound:
            if self._last is None:
                self._wrong.append(_rehashed(row.seq))
            else:
                self._broken = (self._last, row)

    def _at_the_end(self, before: Row, after: Row) -> Finding:
        """Say which of the last two was edited where a checkpoint tells, or that it was one of them."""
        for seq, other in ((before.seq, after), (after.seq, before)):
            if self._trusted.get(other.seq) == other.hash:
                return _rehashed(seq)
        words = (
            f"entry {after.seq} does not follow from entry {before.seq}: one was edited and its hash worked out again"
        )
        return Finding(before.seq, after.seq, "edited", words)

    def _deleted(self, first: int, last: int) -> None:
        words = f"{places(first, last)} {'was' if first == last else 'were'} deleted"
        self._wrong.append(Finding(first, last, "deleted", words))

    def _unsound(self, row: Row) -> None:
        """Note an entry whose hash is not that of what stands there: it was moved, or else edited."""
        target = self._belongs(row)
        if target is None:
            self._wrong.append(Finding(row.seq, row.seq, "edited", f"entry {row.seq} was edited"))
            return
        offset, run = target - row.seq, self._moved[-1] if self._moved else None
        if run is not None and run.until == row.seq - 1 and run.offset == offset:
            run.until = row.seq
        else:
            self._moved.append(Moved(row.seq, row.seq, offset, copy=len(self._found(row.hash)) > 1))

    def _belongs(self, row: Row) -> int | None:
        """Return the number under which an entry was written; None when its hash fits none."""
        run = self._moved[-1].offset if self._moved else 0
        near = (row.seq + step * sign for step in range(1, _NEAR) for sign in (1, -1))
        for seq in (row.seq + run, *near):
            if row.whole_at(seq):
                return seq
        return next((seq + 1 for seq in self._found(row.previous) if row.whole_at(seq + 1)), None)

    def _found(self, hash_: bytes) -> list[int]:
        """Return the numbers under which a hash stands; none once that was asked too often, since each is a search."""
        self._searches -= 1
        return self._standing(hash_) if self._searches >= 0 else []

    def _named(self, run: Moved) -> Finding:
        """Return what a run of moved entries shows: others were deleted or inserted before it, or it was reordered."""
        came = run.start + run.offset
        here = places(run.start, run.until)
        if run.copy:
            return Finding(
                run.start,
                run.until,
                "copied",
                f"{here}: overwritten by a copy of {places(came, came + run.until - run.start)}",
            )
        if run.offset > 0 and self._shifts(run) and not self._stands(run.start):
            gone = places(run.start, came - 1)
            return Finding(run.start, came - 1, "deleted", f"{gone}: deleted, and those after moved up")
        if run.offset < 0 and self._shifts(run) and not self._holds_moved(came):
            more = places(came, run.start - 1)
            return Finding(came, run.start - 1, "inserted", f"{more}: inserted, and those after moved down")
        return Finding(run.start, run.until, "reordered", f"{here}: reordered, what was written as {came} stands there")

    def _shifts(self, run: Moved) -> bool:
        """Whether everything after the run was moved as well, as an insertion or a deletion makes it."""
        return run.until == self.head or any(other.start == run.until + 1 for other in self._moved)

    def _stands(self, seq: int) -> bool:
        """Whether what was written under that number stands elsewhere now."""
        return any(run.start + run.offset <= seq <= run.until + run.offset for run in self._moved)

    def _holds_moved(self, seq: int) -> bool:
        """Whether at that number stands what was written under another."""
        return any(run.start <= seq <= run.until for run in self._moved)


def _rehashed(seq: int) -> Finding:
    words = f"entry {seq} was edited and its hash worked out again; those beside it do not join on to it"
    return Finding(seq, seq, "edited", words)
