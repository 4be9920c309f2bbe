"""The date of birth: which column of which extract holds it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from training.draft.folder import Extract
from training.draft.hints import hint_of
from training.draft.keys import Profiles
from training.draft.profile import Profile
from training.draft.told import can_be_named, share
from training.extract_sql import literal, quoted


@dataclass(frozen=True, slots=True)
class Birth:
    """The column that holds the date of birth, why it is thought to, and the form of its dates."""

    source: str
    column: str
    date_format: str
    why: str


def find_birth(
    con: duckdb.DuckDBPyConnection, extracts: Sequence[Extract], profiles: Profiles, keys: Mapping[str, str]
) -> Birth | None:
    """
    Return the date of birth: by its name; else the one date of each child that most other dates of its extract follow.

    Writes `born` (child, born), which has no row of a child with two different dates.
    """
    con.execute("CREATE OR REPLACE TEMP TABLE born (child VARCHAR, born DATE)")
    named_so = [(e, profiles[e.source][name]) for e in extracts for name in e.columns if can_be_named(name)]
    dated = [(extract, one) for extract, one in named_so if one.dates]
    named = [(e, one) for e, one in dated if hint_of(one.name).says == "born"]
    for extract, one in sorted(named, key=lambda found: -found[1].filled):
        why = f"its name says so; {share(one.dates[0][1], one.filled)} values are dates"
        return _keep(con, extract, keys[extract.source], Birth(extract.source, one.name, one.dates[0][0], why))
    for extract, one in dated:
        if one.filled >= 0.99 * one.rows and _comes_first(con, extract, one, profiles, keys[extract.source]):
            why = "each child has one, and the other dates of its extract follow it. Its name does not say so"
            return _keep(con, extract, keys[extract.source], Birth(extract.source, one.name, one.dates[0][0], why))
    return None


def _comes_first(
    con: duckdb.DuckDBPyConnection, extract: Extract, one: Profile, profiles: Profiles, child: str
) -> bool:
    """Whether a date is of the child and no event: other dates of the extract follow it, by years in some rows."""
    others = [other for name in extract.columns if (other := profiles[extract.source][name]).dates and name != one.name]
    if not others or hint_of(one.name).says in {"known", "ended"}:
        return False
    own, each = day_of(one), " AND ".join(f"coalesce({day_of(other)} >= {day_of(one)}, true)" for other in others)
    row = con.execute(f"""
        SELECT avg(CAST({each} AS INTEGER)), count(DISTINCT {quoted(child)}), count(DISTINCT ({quoted(child)}, {own})),
            count(*) FILTER (greatest({", ".join(day_of(other) for other in others)}) - {own} > 365) FROM {extract.table}""").fetchone()
    return row is not None and row[0] >= 0.95 and row[1] == row[2] and row[3] > 0


def _keep(con: duckdb.DuckDBPyConnection, extract: Extract, child: str, birth: Birth) -> Birth:
    day = f"CAST(try_strptime({quoted(birth.column)}, {literal(birth.date_format)}) AS DATE)"
    con.execute(f"""
        INSERT INTO born SELECT {quoted(child)}, min({day}) FROM {extract.table}
        WHERE {day} IS NOT NULL GROUP BY 1 HAVING min({day}) = max({day})""")
    return birth


def day_of(one: Profile) -> str:
    """Return the SQL of the day in a date column, NULL where a cell holds none."""
    return f"CAST(try_strptime({quoted(one.name)}, {literal(one.dates[0][0])}) AS DATE)"
