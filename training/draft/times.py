"""When the rows of an extract happened, and when they became known: which columns say so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from models.record import MAX_AGE
from training.draft.birth import Birth, day_of
from training.draft.folder import Extract
from training.draft.hints import hint_of
from training.draft.profile import Profile
from training.draft.told import share
from training.extract_sql import quoted

# Days that bound a whole childhood, and a pregnancy before it.
_BEFORE, _AFTER = -300, 7000
_MOST = 0.99


@dataclass(frozen=True, slots=True)
class Timed:
    """
    When the rows of a source happened and became known, as the contract says it, and why.

    `unsure` is what could not be guessed of it. `columns` are those that are read for it; `ages` are the 5th, 50th and
    95th hundredth of the ages in days at which rows happened, none where nothing dates them.
    """

    happened: tuple[str, str | int]
    known: tuple[str, str | int]
    why: str
    date_format: str | None = None
    unsure: str | None = None
    columns: tuple[str, ...] = ()
    ages: tuple[int, int, int] | None = None


def when(
    con: duckdb.DuckDBPyConnection,
    extract: Extract,
    held: Mapping[str, Profile],
    birth: Birth | None,
    child: str,
    *,
    one_row: bool,
) -> Timed:
    """Return when the rows of an extract happened and became known."""
    ages = [held[name] for name in extract.columns if hint_of(name).says in {"age", "age_known"} and held[name].numbers]
    happened = [one for one in ages if hint_of(one.name).says == "age"]
    if happened:
        return _by_age(con, extract, happened[0], ages)
    form = None if birth is None else _form(extract, held, birth)
    dates = [
        held[n]
        for n in extract.columns
        if held[n].dates and held[n].dates[0][0] == form and not _is_birth(birth, extract, n)
    ]
    return _by_date(con, extract, dates, child, form, at_birth=one_row and _of_birth(extract, birth))


def _form(extract: Extract, held: Mapping[str, Profile], birth: Birth) -> str | None:
    """Return the form of an extract's dates: that of most of its date columns, which one source can have one of."""
    if birth.source == extract.source:
        return birth.date_format
    forms = [held[name].dates[0][0] for name in extract.columns if held[name].dates]
    return max(forms, key=forms.count, default=None)


def _is_birth(birth: Birth | None, extract: Extract, name: str) -> bool:
    return birth is not None and (birth.source, birth.column) == (extract.source, name)


def _of_birth(extract: Extract, birth: Birth | None) -> bool:
    """Whether an extract tells of the birth: it holds the date of it, or a fact such as the weight."""
    facts = any(hint_of(name).says == "birth" for name in extract.columns)
    return facts or (birth is not None and birth.source == extract.source)


def _by_age(con: duckdb.DuckDBPyConnection, extract: Extract, happened: Profile, ages: Sequence[Profile]) -> Timed:
    known = next((one for one in ages if hint_of(one.name).says == "age_known"), None)
    spread = _spread(con, f"SELECT try_cast({quoted(happened.name)} AS INTEGER) AS age FROM {extract.table}")
    why = f"{share(happened.numbers, happened.filled)} values are ages in days, as its name says"
    if known is not None:
        return Timed(("age", happened.name), ("age", known.name), why, None, None, (happened.name, known.name), spread)
    return Timed(("age", happened.name), ("lag_days", 0), why, None, _SAME_DAY, (happened.name,), spread)


_SAME_DAY = (
    "no column says when a row became known: it is drafted as the day it happened, which is too hopeful. "
    "Name a column, or give known = { lag_days = … }"
)
_NO_DAY = (
    "nothing dates its rows: they are drafted as known at no landmark, so that nothing of them is seen too early. "
    "Say in happened and known from what age they are known"
)
_FACTS_AT_BIRTH = "nothing dates its rows: they are drafted as known at birth. Say so in known if it was later"


def _by_date(
    con: duckdb.DuckDBPyConnection,
    extract: Extract,
    dates: list[Profile],
    child: str,
    form: str | None,
    *,
    at_birth: bool,
) -> Timed:
    filled = [one for one in dates if one.dates[0][1] >= _MOST * one.rows]
    recorded = [one for one in filled if hint_of(one.name).says == "known"]
    events = [one for one in filled if hint_of(one.name).says not in {"known", "ended"}]
    if not filled and at_birth:
        return Timed(
            ("constant", 0),
            ("constant", 0),
            "it tells of the birth, and no date is in every row",
            form,
            _FACTS_AT_BIRTH,
        )
    if not filled:
        return Timed(("constant", 0), ("constant", MAX_AGE), "no date is in every row", form, _NO_DAY)
    if at_birth and not events and recorded:
        why = "it tells of the birth; the other date is when that was recorded, as its name says"
        return Timed(("constant", 0), ("date", recorded[0].name), why, form, None, (recorded[0].name,))
    event = _earliest(con, extract, events or filled)
    known = next((one for one in recorded if one != event and _follows(con, extract, one, event)), None)
    spread = _spread(
        con,
        f"""
        SELECT {day_of(event)} - born.born AS age FROM {extract.table} AS rows JOIN born ON rows.{quoted(child)} = born.child""",
    )
    why = f"{share(event.dates[0][1], event.rows)} rows have it"
    if event in recorded:
        why += "; it is when a row was recorded, as its name says, and no other date is in every row"
        return Timed(("date", event.name), ("date", event.name), why, form, None, (event.name,), spread)
    if known is None:
        return Timed(("date", event.name), ("lag_days", 0), why, form, _SAME_DAY, (event.name,), spread)
    why += "; the day it became known is never before it"
    return Timed(("date", event.name), ("date", known.name), why, form, None, (event.name, known.name), spread)


def _earliest(con: duckdb.DuckDBPyConnection, extract: Extract, events: Sequence[Profile]) -> Profile:
    """Return the first of some dates that no other comes before, or the first of all."""
    never_after = (
        one for one in events if all(_follows(con, extract, other, one) for other in events if other is not one)
    )
    return next(never_after, events[0])


def _follows(con: duckdb.DuckDBPyConnection, extract: Extract, later: Profile, earlier: Profile) -> bool:
    row = con.execute(
        f"SELECT avg(CAST({day_of(later)} >= {day_of(earlier)} AS INTEGER)) FROM {extract.table}"
    ).fetchone()
    return row is not None and row[0] is not None and row[0] >= _MOST


def _spread(con: duckdb.DuckDBPyConnection, ages: str) -> tuple[int, int, int] | None:
    row = con.execute(
        f"SELECT quantile_disc(age, [0.05, 0.5, 0.95]) FROM ({ages}) WHERE age BETWEEN {_BEFORE} AND {_AFTER}"
    ).fetchone()
    return tuple(row[0]) if row is not None and row[0] is not None else None
