"""
Writes the linked extracts: pseudonyms for ids, ages for dates, areas for postcodes, of the rest what is declared.

A cell that the contract cannot read is not passed on as it stands, since a name may have been typed into it; `?` stands
in its place, which ingestion sets aside by reason as it would the cell itself.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from models.contract import Contract
from models.errors import DataError
from models.linkage import Agency, Linkage, Places
from models.record import MAX_AGE, MIN_AGE
from models.secret import Secret
from models.source import Column, Source
from training.extract_sql import cell, literal, quoted, text_of
from training.extracts import table_problems, texts_of, unreadable_rows, unreadable_table
from training.linkage.tables import write_table

UNREADABLE = "?"
# As areas are called: "E01012345", "area 7". A name has no figure, an NHS number no letter, a UPN is longer.
_CODE, _CODE_LENGTH = "[A-Za-z][A-Za-z _-]*[0-9][A-Za-z0-9 _-]*", 12
PLACES = "linkage › places"


@dataclass(slots=True)
class Written:
    """What became of one extract: rows written, rows of nobody's id or that are unreadable, cells not passed on."""

    source: str
    rows: int = 0
    unknown_id: int = 0
    unreadable: int = 0
    cells_withheld: int = 0
    no_place: int = 0

    @property
    def lost(self) -> dict[str, int]:
        """Rows that training will never see, by reason: it counts them among those set aside."""
        reasons = {"id_of_nobody": self.unknown_id, "unreadable_before_linking": self.unreadable}
        return {reason: count for reason, count in reasons.items() if count}


def check_sources(con: duckdb.DuckDBPyConnection, contract: Contract, linkage: Linkage, folder: Path) -> None:
    """Raise DataError naming every file and column that is missing."""
    problems = [
        problem
        for plan in _plans(contract, linkage)
        for problem in table_problems(con, _place(plan), folder / plan.source.file, plan.read)
    ]
    places = linkage.places
    if places is not None:
        problems += table_problems(con, PLACES, folder / places.file, [places.key, *places.columns])
    if problems:
        raise DataError("the extracts lack what the contract names", tuple(problems))


def write_sources(
    con: duckdb.DuckDBPyConnection, contract: Contract, linkage: Linkage, folder: Path, out: Path, secret: Secret
) -> list[Written]:
    """
    Write every source that an agency holds into `out`.

    From `people` (uid, agency, id), `member` (uid, child) and `children` (child, name, family, born); the extracts have
    been checked.
    """
    if linkage.places is not None:
        _read_places(con, linkage.places, contract.source(linkage.places.source), folder)
    return [_write(con, plan, folder, out, secret) for plan in _plans(contract, linkage)]


def _plans(contract: Contract, linkage: Linkage) -> "list[_Plan]":
    return [_Plan(contract, linkage, source) for source in contract.sources if source.name in linkage.agency_of]


class _Plan:
    """What one source's linked extract is made of: columns copied from the agency's, and columns worked out."""

    def __init__(self, contract: Contract, linkage: Linkage, source: Source) -> None:
        self.source = source
        self.agency: Agency = linkage.agency_of[source.name]
        self.places = linkage.places if linkage.places is not None and linkage.places.source == source.name else None
        self.made = self._made(contract, linkage)
        timed = [t.date for t in (source.happened, source.known) if t.date is not None]
        aged = [t.age for t in (source.happened, source.known) if t.age is not None]
        declared = [c for c in source.columns if c.name not in self.made]
        self.dates = list(dict.fromkeys([*timed, *(c.name for c in declared if c.type == "date")]))
        self.ages = [name for name in aged if name not in self.dates]
        self.columns = [c for c in declared if c.name not in self.dates and c.name not in self.ages]

    def _made(self, contract: Contract, linkage: Linkage) -> dict[str, str]:
        made: dict[str, str] = {}
        if contract.birth is not None and contract.birth.source == self.source.name:
            made[contract.birth.column] = "NULL"
        if contract.family is not None and contract.family.source == self.source.name:
            made[contract.family.column] = "joined.family"
        month = linkage.birth_month
        if month is not None and month.source == self.source.name:
            first = contract.cohort.year_starts_month if contract.cohort is not None else 1
            made[month.column] = f"(month(born) + {12 - first}) % 12"
        if self.places is not None:
            made |= {name: f"places.{quoted(name)}" for name in self.places.columns}
        return made

    @property
    def read(self) -> list[str]:
        """The columns of the agency's file that are read."""
        copied = [*self.dates, *self.ages, *(column.name for column in self.columns)]
        place = [self.places.postcode] if self.places is not None else []
        return list(dict.fromkeys([self.agency.id, *copied, *place]))


def _place(plan: _Plan) -> str:
    return f'source "{plan.source.name}"'


def _read_places(con: duckdb.DuckDBPyConnection, places: Places, source: Source, folder: Path) -> None:
    """Write `places` (postcode and its columns), every cell read as the source's own column."""
    path, wanted = folder / places.file, [places.key, *places.columns]
    columns = [column for name in places.columns if (column := source.column(name)) is not None]
    cells = ", ".join(f"arg_min({_looked_up(column, source)}, row) AS {quoted(column.name)}" for column in columns)
    try:
        con.execute(f"""
            CREATE TABLE places AS SELECT {_squeezed(text_of(places.key))} AS postcode, {cells}
            FROM ({texts_of(con, path, wanted, source.date_format)}) GROUP BY 1""")
    except duckdb.InvalidInputException:
        raise DataError("the look-up of places cannot be read", (unreadable_table(PLACES, path),)) from None
    unreadable_rows(con, path)


def _looked_up(column: Column, source: Source) -> str:
    """A key of a look-up is a code of an area, shown as it is; whatever is no code is not."""
    text = text_of(column.name)
    return (
        f"CASE WHEN regexp_full_match({text}, '{_CODE}') AND length({text}) <= {_CODE_LENGTH} THEN {text} END"
        if column.type == "key"
        else _copied(column, source)
    )


def _squeezed(text: str) -> str:
    return f"regexp_replace(upper({text}), '[^A-Z0-9]', '', 'g')"


def _write(con: duckdb.DuckDBPyConnection, plan: _Plan, folder: Path, out: Path, secret: Secret) -> Written:
    path, report = folder / plan.source.file, Written(plan.source.name)
    try:
        con.execute(f"CREATE TEMP TABLE raw AS {texts_of(con, path, plan.read, plan.source.date_format)}")
        report.unreadable = len(unreadable_rows(con, path))
    except duckdb.InvalidInputException:
        raise DataError("an extract cannot be read", (unreadable_table(_place(plan), path),)) from None
    _write_keys(con, plan, secret)
    con.execute(f"""
        CREATE TEMP TABLE joined AS SELECT raw.*, children.* FROM raw
        JOIN people ON people.agency = {literal(plan.agency.name)} AND people.id = {text_of(plan.agency.id)}
        JOIN member ON member.uid = people.uid JOIN children USING (child)""")
    cells = _cells(plan)
    place = f" LEFT JOIN places ON places.postcode = {_squeezed(text_of(plan.places.postcode))}" if plan.places else ""
    selected = ", ".join(f"{value} AS {quoted(name)}" for name, value in cells.items())
    form = "FORMAT parquet" if path.suffix == ".parquet" else "FORMAT csv, HEADER"
    con.execute(
        f"COPY (SELECT name AS {quoted(plan.source.child)}, {selected} FROM joined{place} ORDER BY name, row) "
        f"TO {literal(str(out / plan.source.file))} ({form})"
    )
    _count(con, plan, cells, report)
    con.execute("DROP TABLE raw; DROP TABLE joined; DROP TABLE keys")
    return report


def _write_keys(con: duckdb.DuckDBPyConnection, plan: _Plan, secret: Secret) -> None:
    """Write `keys` (key, name): keys of settings or workers are pseudonyms too, since they may be names."""
    columns = [c.name for c in plan.columns if c.type == "key" and "identifier" not in c.roles]
    every = " UNION ".join([*(f"SELECT {text_of(name)} AS key FROM raw" for name in columns), "SELECT NULL AS key"])
    found = [key for (key,) in con.execute(f"SELECT key FROM ({every}) WHERE key <> ''").fetchall()]
    names = [secret.pseudonym("key", key) for key in found]
    write_table(con, "keys", {"key": pa.array(found, pa.string()), "name": pa.array(names, pa.string())})


def _cells(plan: _Plan) -> dict[str, str]:
    """Return the SQL of each column written, by its name."""
    cells = {name: _age(name, plan.source) for name in plan.dates}
    cells |= {name: _digits(name) for name in plan.ages}
    for column in plan.columns:
        cells[column.name] = _copied(column, plan.source)
    return cells | plan.made


def _age(name: str, source: Source) -> str:
    column, text = source.column(name), text_of(name)
    nothing = ", ".join(literal(code) for code in ("", *(column.missing if column is not None else ())))
    day = f"CAST(try_strptime({text}, {literal(source.date_format)}) AS DATE)"
    age = f"WHEN {day} IS NULL THEN '{UNREADABLE}' ELSE CAST({day} - born AS VARCHAR)"
    return f"CASE WHEN {text} IS NULL OR {text} IN ({nothing}) THEN NULL {age} END"


def _digits(name: str) -> str:
    text = text_of(name)
    age = f"CASE WHEN regexp_full_match({text}, '[+-]?[0-9]{{1,5}}') THEN CAST({text} AS INTEGER) END"
    return f"CASE WHEN {text} = '' OR {age} BETWEEN {MIN_AGE} AND {MAX_AGE} THEN {text} ELSE '{UNREADABLE}' END"


def _copied(column: Column, source: Source) -> str:
    text = text_of(column.name)
    if "identifier" in column.roles:
        return "NULL"
    if column.type == "key":
        known = f"{text} NOT IN ({', '.join(literal(code) for code in ('', *column.missing))})"
        return f"CASE WHEN {known} THEN (SELECT any_value(keys.name) FROM keys WHERE keys.key = {text}) END"
    read = cell(column, source)
    # What stands for *not known* is not passed on either: below a limit, anything does.
    return f"CASE WHEN ({read.reason}) IS NOT NULL THEN '{UNREADABLE}' WHEN ({read.value}) IS NOT NULL THEN {text} END"


def _count(con: duckdb.DuckDBPyConnection, plan: _Plan, cells: dict[str, str], report: Written) -> None:
    everyone, report.rows = (
        con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0] for table in ("raw", "joined")
    )
    report.unknown_id = everyone - report.rows
    withheld = " + ".join(
        f"count(*) FILTER (({sql}) = '{UNREADABLE}')" for name, sql in cells.items() if name not in plan.made
    )
    if withheld:
        report.cells_withheld = con.execute(f"SELECT {withheld} FROM joined").fetchall()[0][0]
    if plan.places is not None:
        place = _squeezed(text_of(plan.places.postcode))
        report.no_place = con.execute(
            f"SELECT count(*) FROM joined WHERE {place} NOT IN (SELECT postcode FROM places WHERE postcode IS NOT NULL)"
        ).fetchall()[0][0]
