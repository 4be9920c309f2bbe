"""
What the values of one column are like, told by counts: nothing of a profile that is written is any one child's value.

A value may be written where ten children have it, however many rows one of them has it in; so none may before it is known
which column is the child's key.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

import duckdb

from models.linkage import Kind, Part
from models.small_numbers import FEWEST
from training.draft.folder import Extract
from training.extract_sql import literal, quoted
from training.linkage.standard import standard

# Plain decimals with at most twelve places, as extracts are read.
_NUMBER = r"[+-]?([0-9]{1,18}(\.[0-9]{0,12})?|\.[0-9]{1,12})"
_DATED = r"[0-9]{1,4}[-/. ][0-9A-Za-z]{1,9}[-/. ][0-9]{1,4}.*|[0-9]{8}"
# Day before month where both can be: these are English extracts.
FORMATS = (
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%d-%m-%Y",
    "%d.%m.%Y",
    "%Y/%m/%d",
    "%Y%m%d",
    "%d %b %Y",
    "%d-%b-%Y",
    "%d %B %Y",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y",
)
# Numbers that people write where they know none.
SENTINELS = ("99", "999", "9999", "99999", "88", "888", "8888", "-1", "-8", "-9", "-88", "-99", "-999", "-9999")
# A column of more different values than this lists none of them.
MOST_CODES = 60
_IDENTITIES: tuple[Kind, ...] = ("nhs_number", "upn", "postcode")


@dataclass(frozen=True, slots=True)
class Profile:
    """
    The values of one column of an extract; counts are of rows.

    `values` are all of them with their rows where there are at most twice `MOST_CODES`, else the commonest. `low` and
    `high` are of numbers that are no sentinel; `identities` counts what passes for each kind of national identity. `common`
    are the values that may be told, of ten children each, `child` the column of their key: empty until that is known.
    """

    name: str
    rows: int
    filled: int
    distinct: int
    values: tuple[tuple[str, int], ...]
    numbers: int
    places: int
    low: Decimal | None
    high: Decimal | None
    halves: bool
    quarters: bool
    padded: int
    spaced: int
    letters: int
    emails: int
    identities: tuple[tuple[Kind, int], ...]
    sentinels: tuple[tuple[str, int], ...]
    dates: tuple[tuple[str, int], ...]
    common: tuple[str, ...] = ()
    child: str = ""


def profile_of(con: duckdb.DuckDBPyConnection, extract: Extract, name: str) -> Profile:
    """Return what one column of an extract holds; values are counted once each, however many rows have them."""
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE held AS
        SELECT value, n, CASE WHEN regexp_full_match(value, {literal(_NUMBER)}) THEN CAST(value AS DECIMAL(30, 12)) END AS number
        FROM (SELECT {quoted(name)} AS value, count(*) AS n FROM {extract.table} WHERE {quoted(name)} IS NOT NULL GROUP BY 1)""")
    sentinel = f"value IN ({', '.join(map(literal, SENTINELS))})"
    row = con.execute(f"""
        SELECT coalesce(sum(n), 0)::BIGINT, count(*), coalesce(sum(n) FILTER (number IS NOT NULL), 0)::BIGINT,
            coalesce(max(length(rtrim(split_part(value, '.', 2), '0'))) FILTER (number IS NOT NULL), 0),
            min(number) FILTER (NOT {sentinel}), max(number) FILTER (NOT {sentinel}),
            coalesce(bool_and(number * 2 = floor(number * 2)), false), coalesce(bool_and(number * 4 = floor(number * 4)), false),
            {_rows("regexp_full_match(value, '0[0-9]+')")}, {_rows("contains(value, ' ')")},
            {_rows("regexp_matches(value, '[A-Za-z]')")}, {_rows("contains(value, '@')")}
        FROM held""").fetchone()
    filled, distinct, numbers, places, low, high, halves, quarters, padded, spaced, letters, emails = row or ()
    values = con.execute(f"SELECT value, n FROM held ORDER BY n DESC, value LIMIT {2 * MOST_CODES}").fetchall()
    sentinels = con.execute(f"SELECT value, n FROM held WHERE {sentinel} ORDER BY number").fetchall()
    return Profile(
        *(name, extract.rows, filled, distinct, tuple(values), numbers, places, low, high, halves, quarters, padded),
        *(spaced, letters, emails, _identities(con), tuple(sentinels)),
        _dates(con, filled),
    )


def with_children(con: duckdb.DuckDBPyConnection, extract: Extract, one: Profile, child: str) -> Profile:
    """Return a profile that knows which of its values may be told, the column of the child's key being known."""
    text = quoted(one.name)
    found = con.execute(
        f"SELECT {text} FROM {extract.table} WHERE {text} IS NOT NULL GROUP BY 1 "
        f"HAVING count(DISTINCT {quoted(child)}) >= {FEWEST}"
    ).fetchall()
    shared = {value for (value,) in found}
    return replace(one, common=tuple(value for value, _ in one.values if value in shared), child=child)


def children_with(con: duckdb.DuckDBPyConnection, extract: Extract, one: Profile, number: Decimal) -> int:
    """Return how many children have a number in a column; none where it is not known which column is their key."""
    if not one.child:
        return 0
    text = quoted(one.name)
    row = con.execute(
        f"SELECT count(DISTINCT {quoted(one.child)}) FROM {extract.table} WHERE CASE WHEN regexp_full_match({text}, {literal(_NUMBER)}) "
        f"THEN CAST({text} AS DECIMAL(30, 12)) = {number} END"
    ).fetchone()
    return int(row[0]) if row is not None else 0


def _rows(condition: str) -> str:
    return f"coalesce(sum(n) FILTER ({condition}), 0)::BIGINT"


def _identities(con: duckdb.DuckDBPyConnection) -> tuple[tuple[Kind, int], ...]:
    """Return how many rows pass for each kind of national identity; what is shorter or longer than all of them is not tried."""
    tried = con.execute("SELECT count(*) FROM held WHERE length(value) BETWEEN 5 AND 16").fetchone()
    if tried is None or not tried[0]:
        return ()
    passing = (f"({standard(Part(name='part', kind=kind), 'value', '')}) IS NOT NULL" for kind in _IDENTITIES)
    found = con.execute(f"SELECT {', '.join(map(_rows, passing))} FROM held").fetchone() or ()
    return tuple(zip(_IDENTITIES, found, strict=True))


def _dates(con: duckdb.DuckDBPyConnection, filled: int) -> tuple[tuple[str, int], ...]:
    """Return the formats in which most values are days that a child's record may hold, with their rows, likeliest first."""
    row = con.execute(f"SELECT {_rows(f'regexp_full_match(value, {literal(_DATED)})')} FROM held").fetchone()
    if row is None or 2 * row[0] < filled or not filled:
        return ()
    counted = ", ".join(_rows(f"year(try_strptime(value, {literal(one)})) BETWEEN 1901 AND 2099") for one in FORMATS)
    found = con.execute(f"SELECT {counted} FROM held").fetchone() or ()
    ranked = sorted(zip(FORMATS, found, strict=True), key=lambda one: -one[1])
    return tuple((form, int(rows)) for form, rows in ranked if 2 * rows >= filled)
