"""
Reads what each agency holds of people into one table of standard identities, and counts what could not be used.

The table lives in a private database in memory; whatever it must put on disk goes to a folder of this process alone.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from models.errors import DataError
from models.linkage import Agency, Linkage, Part
from training.extract_sql import literal, quoted
from training.extracts import table_problems, texts_of, unreadable_rows, unreadable_table
from training.ingest import connect
from training.linkage.sounds import sounds_of
from training.linkage.standard import aspect, crossed_date, standard

# An id with so many dates of birth is nobody's: what an agency writes where it knows none.
_DATES_OF_ONE = 2
_NO_DAY = "DATE '0001-01-01'"
HELD, CROSSED = "__held", "__crossed"


@dataclass(slots=True)
class AgencyReport:
    """
    What an agency holds: rows, people, and by part how many are held, empty or unusable.

    Rows without an id are left out, unreadable ones, and those of `crowded` ids, which stand for several children;
    `undated` rows lack the day that says which of a person's is the latest.
    """

    agency: str
    rows: int = 0
    people: int = 0
    without_id: int = 0
    undated: int = 0
    crowded: int = 0
    unreadable: int = 0
    parts: dict[str, dict[str, int]] = field(default_factory=dict)


@contextmanager
def private_database() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database whose overflow goes to a folder that only this user can read, and that goes with it."""
    folder = tempfile.mkdtemp(prefix="earlyid-link-")
    con = connect()
    try:
        con.execute(f"SET temp_directory = {literal(folder)}")
        yield con
    finally:
        con.close()
        shutil.rmtree(folder, ignore_errors=True)


def read_people(con: duckdb.DuckDBPyConnection, linkage: Linkage, folder: Path) -> list[AgencyReport]:
    """
    Write `people`: uid (from 0), agency, id, each part in its standard form, the aspects that blocks ask for, family.

    Postcodes are also kept as a list of all that were held. Raises DataError naming every file and column that is
    missing.
    """
    _check_files(con, linkage, folder)
    con.execute(f"CREATE TABLE identities (agency VARCHAR, id VARCHAR, {_declared(linkage)}, family VARCHAR)")
    reports = [_read_agency(con, linkage, agency, folder) for agency in linkage.agencies]
    _prepare(con, linkage)
    return reports


def _check_files(con: duckdb.DuckDBPyConnection, linkage: Linkage, folder: Path) -> None:
    problems = [
        problem
        for agency in linkage.agencies
        for problem in table_problems(con, _place(agency), folder / agency.file, columns_of(agency))
    ]
    if problems:
        raise DataError("the agencies' people cannot be read", tuple(problems))


def _place(agency: Agency) -> str:
    return f'agency "{agency.name}"'


def columns_of(agency: Agency) -> list[str]:
    """Return the columns of an agency's people file that the contract names."""
    also = [column for column in (agency.family, agency.latest) if column is not None]
    return list(dict.fromkeys([agency.id, *agency.holds.values(), *also]))


def _declared(linkage: Linkage) -> str:
    held = [f"{quoted(part.name + HELD)} VARCHAR[]" for part in linkage.parts if part.kind == "postcode"]
    return ", ".join([*(f"{quoted(part.name)} VARCHAR" for part in linkage.parts), *held])


def _read_agency(con: duckdb.DuckDBPyConnection, linkage: Linkage, agency: Agency, folder: Path) -> AgencyReport:
    path = folder / agency.file
    report = AgencyReport(agency.name)
    try:
        _stage(con, linkage, agency, path)
    except duckdb.InvalidInputException:
        # Its message would quote the file.
        raise DataError("an agency's people cannot be read", (unreadable_table(_place(agency), path),)) from None
    report.unreadable = len(unreadable_rows(con, path))
    report.rows, report.without_id = con.execute(
        "SELECT count(*), count(*) FILTER (id IS NULL) FROM staged"
    ).fetchall()[0]
    report.crowded = _leave_out_crowds(con, linkage, agency)
    con.execute(f"INSERT INTO identities BY NAME {_one_a_person(linkage, agency)}")
    if agency.latest is not None:
        report.undated = con.execute(f"SELECT count(*) FROM staged WHERE day = {_NO_DAY}").fetchall()[0][0]
    report.people = con.execute("SELECT count(DISTINCT id) FROM staged").fetchall()[0][0]
    for part in linkage.parts:
        if part.name in agency.holds:
            report.parts[part.name] = _counted(con, part)
    con.execute("DROP TABLE staged")
    return report


def _leave_out_crowds(con: duckdb.DuckDBPyConnection, linkage: Linkage, agency: Agency) -> int:
    """Take rows away whose id has more dates of birth than one child could have; returns how many ids those are."""
    dates = [part.name for part in linkage.parts if part.kind == "date" and part.name in agency.holds]
    if not dates:
        return 0
    many = " OR ".join(f"count(DISTINCT {quoted(date)}) > {_DATES_OF_ONE}" for date in dates)
    con.execute(f"CREATE TEMP TABLE crowds AS SELECT id FROM staged WHERE id IS NOT NULL GROUP BY id HAVING {many}")
    found: int = con.execute("SELECT count(*) FROM crowds").fetchall()[0][0]
    con.execute("DELETE FROM staged WHERE id IN (SELECT id FROM crowds); DROP TABLE crowds")
    return found


def _stage(con: duckdb.DuckDBPyConnection, linkage: Linkage, agency: Agency, path: Path) -> None:
    """Write `staged`: of each row of the file id, day, family, the standard parts, and whether anything was written."""
    parts = [part for part in linkage.parts if part.name in agency.holds]
    written = {part.name: _written(agency.holds[part.name], agency) for part in parts}
    cells = [f"{standard(part, written[part.name], agency.date_format)} AS {quoted(part.name)}" for part in parts]
    cells += [f"{text} IS NOT NULL AS {quoted('written ' + name)}" for name, text in written.items()]
    day = (
        f"CAST(try_strptime({_text(agency.latest)}, {literal(agency.date_format)}) AS DATE)"
        if agency.latest
        else "NULL::DATE"
    )
    family = f"{literal(agency.name + ' ')} || {_written(agency.family, agency)}" if agency.family else "NULL"
    con.execute(f"""
        CREATE TEMP TABLE staged AS
        SELECT {_text(agency.id)} AS id, coalesce({day}, {_NO_DAY}) AS day, {family} AS family, {", ".join(cells)}
        FROM ({texts_of(con, path, columns_of(agency), agency.date_format)})""")


def _text(column: str | None) -> str:
    return f"nullif(trim({quoted('text ' + (column or ''))}), '')"


def _written(column: str, agency: Agency) -> str:
    """Return the SQL of a cell; a placeholder such as BABY for a name stands for nothing."""
    text = _text(column)
    if not agency.placeholders:
        return text
    words = ", ".join(literal(word.upper()) for word in agency.placeholders)
    return f"CASE WHEN upper({text}) NOT IN ({words}) THEN {text} END"


def _one_a_person(linkage: Linkage, agency: Agency) -> str:
    """Return the SQL of one row for each id: of each part the value written last, and every postcode that was held."""
    parts = [part for part in linkage.parts if part.name in agency.holds]
    # Of two values of one day the later in the alphabet is taken: not the better one, but never by the order of rows.
    latest = [f"arg_max({quoted(p.name)}, (day, {quoted(p.name)})) AS {quoted(p.name)}" for p in parts]
    held = [
        f"list_sort(list_distinct(list({quoted(p.name)}) FILTER ({quoted(p.name)} IS NOT NULL))) AS {quoted(p.name + HELD)}"
        for p in parts
        if p.kind == "postcode"
    ]
    return f"""
        SELECT {literal(agency.name)} AS agency, id, arg_max(family, (day, family)) AS family, {", ".join([*latest, *held])}
        FROM staged WHERE id IS NOT NULL GROUP BY id"""


def _counted(con: duckdb.DuckDBPyConnection, part: Part) -> dict[str, int]:
    value, written = quoted(part.name), quoted("written " + part.name)
    rows, empty, unusable = con.execute(
        f"SELECT count(*), count(*) FILTER (NOT {written}), count(*) FILTER ({written} AND {value} IS NULL) FROM staged"
    ).fetchall()[0]
    return {"held": rows - empty - unusable, "empty": empty, "unusable": unusable}


def _prepare(con: duckdb.DuckDBPyConnection, linkage: Linkage) -> None:
    """Write `people` from `identities`, numbered by agency and id, with what blocks and comparisons ask of the parts."""
    names = [part.name for part in linkage.parts if part.kind in {"name", "text"}]
    order = ", ".join(literal(agency.name) for agency in linkage.agencies)
    sounds_of(con, "identities", names)
    joins = "".join(f" LEFT JOIN sounds AS s{i} ON s{i}.spelled = {quoted(name)}" for i, name in enumerate(names))
    columns = [f"s{i}.sound AS {quoted(name + '__sound')}" for i, name in enumerate(names)]
    for part in linkage.parts:
        if part.kind == "date":
            columns.append(f"{crossed_date(quoted(part.name))} AS {quoted(part.name + CROSSED)}")
        columns += [
            f"{aspect(a, quoted(part.name))} AS {quoted(f'{part.name}__{a}')}" for a in aspects_used(linkage, part)
        ]
    con.execute(f"""
        CREATE TABLE people AS
        SELECT row_number() OVER (ORDER BY list_position([{order}], agency), id) - 1 AS uid, identities.*
        {"".join(", " + column for column in columns)} FROM identities{joins}""")
    con.execute("DROP TABLE identities; DROP TABLE sounds")


def aspects_used(linkage: Linkage, part: Part) -> list[str]:
    """Return the aspects of a part, its sound apart, that blocks or its comparison ask for."""
    keys = [key for block in linkage.tried for pair in block.keys for key in pair]
    asked = {key.aspect for key in keys if key.part == part.name and key.aspect not in {None, "sound"}}
    compared = {"postcode": {"sector", "district"}, "date": {"year", "month", "day"}}.get(part.kind, set())
    return sorted({a for a in asked if a is not None} | compared)
