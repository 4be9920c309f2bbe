"""
Look-alikes: pairs of children who share rows that hardly anybody else has, and what they agree and disagree on.

Twins are look-alikes: they share a day of birth, an address, a mother. So is one person under two ids, who shares everything.
Every pair is found by what rows hash to, in time that grows with the rows and never with pairs of children.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb

from models.contract import Contract
from models.record import Exact
from models.source import Source
from training.extract_sql import literal, quoted

# A row that more children than this have is nobody's own. One such row is shared by chance, two of them seldom.
SHARED_BY, RARE_ROWS = 5, 2
# Of the days on record of the one with fewer, the share that the other's record holds too.
LIKE = 0.5
# What says who or where somebody is, and nothing of what is true of them alone.
_NOT_OF_THEM = frozenset({"identifier", "cluster", "site", "weight"})

Pair = tuple[str, str]
Column = tuple[str, str]
Day = tuple[str, int]
# Of each day in a source, the values of each of its rows.
Days = dict[Day, list[tuple[Exact, ...]]]
Telling = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Cell:
    """One column (with its source) that both children have a value in on the same day, and whether it is the same."""

    column: Column
    first: Exact
    second: Exact

    @property
    def agrees(self) -> bool:
        """Whether both have the same value."""
        return self.first == self.second


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A pair: the share of the shorter record's days that both have, and every cell that can be compared."""

    pair: Pair
    like: float
    cells: tuple[Cell, ...]

    @property
    def apart(self) -> frozenset[Column]:
        """The columns in which they differ: one person has one value."""
        return frozenset(cell.column for cell in self.cells if not cell.agrees)


def telling_columns(contract: Contract) -> Telling:
    """Return each source's columns that are of one child: not of where a family lives, who they are, or which site."""
    covered = [source.coverage.residence for source in contract.sources if source.coverage is not None]
    homes = {residence.source for residence in covered if residence is not None}
    return {source.name: () if source.name in homes else _of_them(source) for source in contract.sources}


def _of_them(source: Source) -> tuple[str, ...]:
    return tuple(column.name for column in source.columns if not _NOT_OF_THEM & set(column.roles))


def pairs_of(con: duckdb.DuckDBPyConnection, contract: Contract) -> list[Pair]:
    """Return the pairs of children who share several rows that hardly anybody else has."""
    rows = " UNION ALL ".join(_hashed(source) for source in contract.sources)
    return con.execute(f"""
        WITH held AS (SELECT DISTINCT child, row FROM ({rows})),
        rare AS (SELECT row FROM held GROUP BY row HAVING count(*) BETWEEN 2 AND {SHARED_BY}),
        own AS (SELECT child, row FROM held SEMI JOIN rare USING (row))
        SELECT one.child, other.child FROM own AS one JOIN own AS other USING (row)
        WHERE one.child < other.child GROUP BY ALL HAVING count(*) >= {RARE_ROWS} ORDER BY ALL""").fetchall()


def _hashed(source: Source) -> str:
    names = [column.name for column in source.columns if not {"identifier", "cluster"} & set(column.roles)]
    values = "".join(f", {quoted(name)}" for name in names)
    return f"SELECT child, hash({literal(source.name)}, happened, known{values}) AS row FROM {quoted('events_' + source.name)}"


def days_of(con: duckdb.DuckDBPyConnection, telling: Telling, children: list[str]) -> dict[str, Days]:
    """Return each child's record as days with rows: all sources, the columns that are telling."""
    found: dict[str, Days] = {child: defaultdict(list) for child in children}
    for source, names in telling.items():
        values = "".join(f", {quoted(name)}" for name in names)
        asked = f"""SELECT child, happened{values} FROM {quoted("events_" + source)}
            WHERE child IN (SELECT unnest(?)) ORDER BY ALL"""
        for child, happened, *row in con.execute(asked, [children]).fetchall():
            found[child][source, happened].append(tuple(row))
    return found


def cells_of(telling: Telling, days: Days) -> Iterator[tuple[Column, Exact]]:
    """Yield every value that a record holds, with its column."""
    for (source, _), rows in days.items():
        for row in rows:
            for name, value in zip(telling[source], row, strict=True):
                if value is not None:
                    yield (source, name), value


def look_alike(telling: Telling, pair: Pair, first: Days, second: Days) -> LookAlike | None:
    """Compare the records of a pair; None where they are not alike enough to be asked about."""
    both = first.keys() & second.keys()
    like = len(both) / max(1, min(len(first), len(second)))
    if like < LIKE:
        return None
    days = (((source, first[source, age], second[source, age])) for source, age in sorted(both))
    return LookAlike(pair, like, tuple(cell for day in days for cell in _cells(telling, *day)))


def _cells(
    telling: Telling, source: str, first: list[tuple[Exact, ...]], second: list[tuple[Exact, ...]]
) -> Iterator[Cell]:
    """Yield what can be compared of a day in a source: the one row that each of them has on it."""
    if len(first) == len(second) == 1:
        for name, one, other in zip(telling[source], first[0], second[0], strict=True):
            if one is not None and other is not None:
                yield Cell((source, name), one, other)
