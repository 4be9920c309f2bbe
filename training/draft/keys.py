"""Which column of each extract is the child's key: the one whose values the extracts share, whatever it is called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from training.draft.folder import Extract
from training.draft.hints import hint_of
from training.draft.profile import Profile
from training.extract_sql import quoted

# A key of another name is believed only where its values are too long to agree by chance, as counts do.
_LONG = 6
# So many values of a column are looked up among those of a candidate, and so large a share must be found.
_LOOKED_UP, _FOUND = 2000, 0.5
# A column is no key where fewer of its rows are filled, or it has fewer values.
_FILLED, _FEWEST = 0.95, 10
_NO_KEY = frozenset({"family", "cluster", "site", "born", "known", "ended", "age", "birth", "weight"})
Profiles = Mapping[str, Mapping[str, Profile]]
# The columns that may be a key, each with some of its values.
Candidates = Mapping[tuple[Extract, str], list[str]]


@dataclass(frozen=True, slots=True)
class Keys:
    """The column that holds the child's key, by source, and of which extract it is the most complete list of children."""

    columns: Mapping[str, str]
    spine: str
    children: int

    @property
    def shared(self) -> int:
        """How many extracts have the key."""
        return len(self.columns)


def find_keys(con: duckdb.DuckDBPyConnection, extracts: Sequence[Extract], profiles: Profiles) -> Keys | None:
    """Return the key that most extracts share; None where no column can be one."""
    candidates = {
        (extract, name): _some(con, extract, name)
        for extract in extracts
        for name in extract.columns
        if _may_be_key(profiles[extract.source][name])
    }
    found = [
        _keys(con, candidates, profiles, e, name) for e, name in candidates if _may_lead(e, name, candidates, profiles)
    ]
    return max(found, key=_worth, default=None)


def _worth(keys: Keys) -> tuple[int, int]:
    return keys.shared, keys.children


def _may_be_key(one: Profile) -> bool:
    if one.dates or one.places or one.spaced or hint_of(one.name).says in _NO_KEY or hint_of(one.name).characteristic:
        return False
    return one.filled >= _FILLED * one.rows and one.distinct >= _FEWEST


def _may_lead(extract: Extract, name: str, candidates: Candidates, profiles: Profiles) -> bool:
    """Whether a column may be the list of all children: its values are each of one row, or others are called the same."""
    one = profiles[extract.source][name]
    return one.distinct >= 0.99 * one.filled or sum(other == name for _, other in candidates) > 1


def _keys(
    con: duckdb.DuckDBPyConnection,
    candidates: Candidates,
    profiles: Profiles,
    spine: Extract,
    lead: str,
) -> Keys:
    columns: dict[str, str] = {spine.source: lead}
    best: dict[str, float] = {}
    for (extract, name), looked in candidates.items():
        if extract.source == spine.source or not (name == lead or _is_long(profiles[extract.source][name])):
            continue
        share = _share_found(con, looked, spine, lead)
        if share >= _FOUND and share > best.get(extract.source, 0):
            columns[extract.source], best[extract.source] = name, share
    return Keys(columns, spine.source, profiles[spine.source][lead].distinct)


def _is_long(one: Profile) -> bool:
    return all(len(value) >= _LONG for value, _ in one.values)


def _some(con: duckdb.DuckDBPyConnection, extract: Extract, name: str) -> list[str]:
    """Return some values of a column, always the same."""
    rows = con.execute(f"""
        SELECT DISTINCT {quoted(name)} AS value FROM {extract.table} WHERE {quoted(name)} IS NOT NULL
        ORDER BY md5(value) LIMIT {_LOOKED_UP}""").fetchall()
    return [value for (value,) in rows]


def _share_found(con: duckdb.DuckDBPyConnection, looked: list[str], spine: Extract, lead: str) -> float:
    """Return the share of some values that are found in a column."""
    row = con.execute(
        f"SELECT count(DISTINCT {quoted(lead)}) FROM {spine.table} SEMI JOIN (SELECT unnest($1::VARCHAR[]) AS value) "
        f"ON {quoted(lead)} = value",
        [looked],
    ).fetchone()
    return int(row[0]) / len(looked) if row is not None else 0.0
