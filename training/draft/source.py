"""One source of a draft: its extract, the child's key, one row a child or many, when, and its columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb

from models.source import RESERVED_NAMES
from training.draft.birth import Birth
from training.draft.column import Guess, guess
from training.draft.folder import Extract
from training.draft.hints import hint_of
from training.draft.keys import Keys
from training.draft.profile import Profile, with_children
from training.draft.times import Timed, when
from training.draft.told import can_be_named, heading, number
from training.extract_sql import quoted

# A child has one row where so many of the children do, and the extract tells of so many of all children: where it tells of
# few, a second row of one may well come.
_ONE_ROW, _OF_ALL = 0.99, 0.2


@dataclass(frozen=True, slots=True)
class SourceGuess:
    """A source as drafted. `unsure` is what could not be guessed, in words."""

    extract: Extract
    child: str
    rows: str
    rows_why: str
    timed: Timed
    columns: tuple[Guess, ...]
    unsure: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its name in the contract."""
        return self.extract.source

    def with_role(self, role: str) -> tuple[Guess, ...]:
        """Its columns that have a role."""
        return tuple(column for column in self.columns if role in column.roles)


def guess_source(
    con: duckdb.DuckDBPyConnection, extract: Extract, held: Mapping[str, Profile], keys: Keys, birth: Birth | None
) -> SourceGuess:
    """Return what an extract may be as a source of a contract."""
    child = keys.columns[extract.source]
    one_row, rows_why = _rows(con, extract, child, keys.children)
    timed = when(con, extract, held, birth, child, one_row=one_row)
    read = [name for name in extract.columns if name not in {child, *timed.columns}]
    named = [name for name in read if can_be_named(name) and name not in RESERVED_NAMES]
    guesses = {
        name: guess(con, extract, with_children(con, extract, held[name], child), timed.date_format) for name in named
    }
    unsure = [timed.unsure] if timed.unsure else []
    unsure += _key_told(held[child]) + _left_out(extract, held, read, guesses)
    columns = tuple(_fitting(found, extract, birth, one_row=one_row) for found in guesses.values() if found is not None)
    unsure += [_of_column(column) for column in columns if _of_column(column)]
    return SourceGuess(extract, child, "one" if one_row else "many", rows_why, timed, columns, tuple(unsure))


def _fitting(column: Guess, extract: Extract, birth: Birth | None, *, one_row: bool) -> Guess:
    """Return a column with the role that only its source can tell: a date of birth, or a weight (of one row a child)."""
    if birth is not None and (birth.source, birth.column) == (extract.source, column.name):
        return replace(column, roles=("identifier",))
    return _unasked(column) if column.roles == ("weight",) and not one_row else column


def _rows(con: duckdb.DuckDBPyConnection, extract: Extract, child: str, everyone: int) -> tuple[bool, str]:
    row = con.execute(f"SELECT count({quoted(child)}), count(DISTINCT {quoted(child)}) FROM {extract.table}").fetchone()
    rows, children = row or (0, 0)
    told = f"{number(children)} children have {number(rows)} rows"
    return children >= _ONE_ROW * rows and children >= _OF_ALL * everyone, told


def _key_told(one: Profile) -> list[str]:
    """Say so where the child's key is a national number, which has no place past linking."""
    return [
        f'column {heading(one.name, 1)} is the child\'s key and holds {kind.replace("_", " ")}s: nobody\'s number belongs in '
        "extracts for learning. Put pseudonyms in its place, as earlyid link does"
        for kind, rows in one.identities
        if rows >= 0.9 * one.filled
    ]  # fmt: skip


def _left_out(
    extract: Extract, held: Mapping[str, Profile], read: Sequence[str], guesses: Mapping[str, Guess | None]
) -> list[str]:
    said = []
    for name in read:
        column = f"column {heading(name, extract.columns.index(name) + 1)}"
        if name not in guesses:
            said.append(
                f"{column} is left out: a contract's names are small letters, figures and low lines, and none of its own "
                "words. Rename it in the extract"
            )
        elif guesses[name] is None and not held[name].filled:
            said.append(f"{column} is left out: nothing is in it")
        elif guesses[name] is None:
            said.append(
                f"{column} is left out: its dates are written in another way than its source's, or nothing says when the child was born"
            )
    return said


def _of_column(column: Guess) -> str:
    if column.type == "key" and "identifier" in column.roles:
        return f'column "{column.name}": {column.why}. Take it out of the extract, or say what it is'
    if column.unlisted:
        return f'column "{column.name}": rows with codes that few have are set aside until its codes are listed in full'
    return ""


def family_of(sources: Sequence[SourceGuess]) -> tuple[str, str] | None:
    """Return the source and the column of the key that siblings share, that of an extract with one row a child first."""
    found = [
        (s.rows != "one", s.name, c.name)
        for s in sources
        for c in s.with_role("cluster")
        if hint_of(c.name).says == "family"
    ]
    return min(found)[1:] if found else None


def with_one_weight(sources: Sequence[SourceGuess]) -> tuple[SourceGuess, ...]:
    """Return the sources with one sampling weight at most, the first: a child has one."""
    weighted = [source for source in sources if source.with_role("weight")]
    return tuple(_without_weights(s) if s in weighted[1:] else s for s in sources)


def _without_weights(source: SourceGuess) -> SourceGuess:
    return replace(source, columns=tuple(_unasked(c) if c.roles == ("weight",) else c for c in source.columns))


def _unasked(column: Guess) -> Guess:
    """Return a column that no feature asks."""
    return replace(column, roles=("audit",))
