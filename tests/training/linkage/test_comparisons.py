"""How parts are compared: which level of its kind's ladder a pair reaches, tried in the database that will try it."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from models.linkage import Agency, Linkage, Part
from training.linkage.comparisons import comparison
from training.linkage.people import read_people

Level = Callable[[Part, str, str], str]
SURNAME = Part(name="surname", kind="name")
FORENAME = Part(name="forename", kind="name", swaps_with="surname")
BORN = Part(name="born_on", kind="date")
POSTCODE = Part(name="postcode", kind="postcode")
NOT_KNOWN, SAME, UNLIKE = "not known", "the same", "not alike"
SOUNDS, SWAPPED = "sounds the same, or nearly the same", "in another's place"
SLIP, TWO = "day and month crossed, or one slip", "two of day, month and year"
SHARED, SECTOR, DISTRICT = "one postcode in common", "the same sector", "the same district"


@pytest.fixture
def level(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> Level:
    """Return the level that two cells of a part reach; a cell "a | b" is two rows of one person, or two names."""

    def reached(part: Part, left: str, right: str) -> str:
        parts = (part, SURNAME)
        agencies = [_agency(name, parts) for name in ("one", "two")]
        for agency, cell in zip(agencies, (left, right), strict=True):
            (tmp_path / agency.file).write_text(_people(part, cell), encoding="utf-8")
        read_people(con, Linkage(parts=parts, agencies=tuple(agencies)), tmp_path)
        described = comparison(part).create_comparison_dict("duckdb")["comparison_levels"]
        names = [name for name, *_ in con.execute("DESCRIBE people").fetchall()]
        sides = ", ".join(f'{side}."{name}" AS "{name}_{side}"' for side in "lr" for name in names)
        told = con.execute(f"""
            SELECT {_ladder(described)} FROM (
                SELECT {sides} FROM people AS l JOIN people AS r ON l.agency = 'one' AND r.agency = 'two')""")
        (found,) = told.fetchall()
        return str(found[0])

    return reached


def _agency(name: str, parts: tuple[Part, ...]) -> Agency:
    return Agency(name=name, label=name, file=f"{name}.csv", id="id", holds={part.name: part.name for part in parts})


def _people(part: Part, cell: str) -> str:
    first, *rest = [f'"{value}"' for value in cell.split(" | ")]
    rows = [(first, "".join(rest))] if part is FORENAME else [(value, "") for value in (first, *rest)]
    return f"id,{part.name},surname\n" + "".join(f"1,{value},{surname}\n" for value, surname in rows)


def _ladder(levels: list[dict[str, str]]) -> str:
    steps = [f"WHEN {one['sql_condition']} THEN ?" for one in levels[:-1]]
    words = [NOT_KNOWN if one.get("is_null_level") else one["label_for_charts"] for one in levels]
    quoted = ["'" + word.replace("'", "''") + "'" for word in words]
    return (
        "CASE " + " ".join(s.replace("?", w) for s, w in zip(steps, quoted, strict=False)) + f" ELSE {quoted[-1]} END"
    )


@pytest.mark.parametrize(
    ("left", "right", "reached"),
    [
        ("Alma | Lathom", "ALMA | Lathom", SAME),
        ("Zoë | Lathom", "Zoe | Lathom", SAME),
        ("Anne-Marie | Lathom", "Annemarie | Lathom", SAME),
        ("Catherine | Lathom", "Kathryn | Lathom", SOUNDS),
        ("Stephanie | Lathom", "Stephania | Lathom", SOUNDS),
        ("Alma | Lathom", "Lathom | Alma", SWAPPED),
        ("Jovana | Lathom", "Jordana | Lathom", "alike (0.8)"),
        ("Alma | Lathom", "Berit | Lathom", UNLIKE),
        ("Alma | Lathom", " | Lathom", NOT_KNOWN),
        (" | Lathom", " | Lathom", NOT_KNOWN),
    ],
)
def test_names(level: Level, left: str, right: str, reached: str) -> None:
    """Names are the same, sound or are nearly the same, stand in each other's place, are alike, or are not."""
    assert level(FORENAME, left, right) == reached


def test_one_name_in_anothers_place_is_not_enough(level: Level) -> None:
    """Names stand in each other's place where both do: a forename that is someone else's surname says nothing."""
    assert level(FORENAME, "Alma | Lathom", "Lathom | Berit") == UNLIKE


@pytest.mark.parametrize(
    ("left", "right", "reached"),
    [
        ("2016-03-05", "2016-03-05", SAME),
        ("2016-03-05", "2016-05-03", SLIP),
        ("2016-03-05", "2016-03-06", SLIP),
        ("2016-03-05", "2017-03-05", SLIP),
        ("2016-03-12", "2016-03-21", SLIP),
        ("2016-03-05", "2016-03-28", TWO),
        ("2016-03-05", "2016-11-05", TWO),
        ("2016-03-05", "1998-03-05", TWO),
        ("2016-03-05", "2017-11-28", UNLIKE),
        ("2016-03-05", "2016-30-05", NOT_KNOWN),
    ],
)
def test_dates(level: Level, left: str, right: str, reached: str) -> None:
    """Dates are the same, one slip or a crossing apart, the same in two of three, or not alike."""
    assert level(BORN, left, right) == reached


@pytest.mark.parametrize(
    ("left", "right", "reached"),
    [
        ("ZZ1 1AA", "zz11aa", SHARED),
        ("ZZ1 1AA | ZZ2 2BB", "ZZ3 3DD | ZZ1 1AA", SHARED),
        ("ZZ1 1AA", "ZZ1 1AB", SECTOR),
        ("ZZ1 1AA", "ZZ1 2AA", DISTRICT),
        ("ZZ1 1AA", "ZZ2 1AA", UNLIKE),
        ("ZZ1 1AA", "", NOT_KNOWN),
    ],
)
def test_postcodes(level: Level, left: str, right: str, reached: str) -> None:
    """People have one postcode of all they held in common, a sector, a district, or none of it."""
    assert level(POSTCODE, left, right) == reached


@pytest.mark.parametrize(
    ("part", "left", "right", "reached"),
    [
        (Part(name="n", kind="number"), "123456", "123 456", SAME),
        (Part(name="n", kind="number"), "123456", "123465", "one slip of the pen"),
        (Part(name="n", kind="number"), "123456", "124365", UNLIKE),
        (Part(name="n", kind="nhs_number"), "9434765919", "943 476 5919", SAME),
        (Part(name="n", kind="nhs_number"), "9434765919", "4010232137", UNLIKE),
        (Part(name="n", kind="nhs_number"), "9434765919", "9434765918", NOT_KNOWN),
        (Part(name="n", kind="upn"), "A999001803011", "a999001803011", SAME),
        (Part(name="n", kind="code"), "m", "M", SAME),
        (Part(name="n", kind="code"), "M", "F", UNLIKE),
        (Part(name="n", kind="text"), "1 High Street", "1, high street", SAME),
        (Part(name="n", kind="text"), "1 High Street", "1 High Stret", "alike (0.92)"),
        (Part(name="n", kind="text"), "1 High Street", "1 High Road", "alike (0.8)"),
        (Part(name="n", kind="text"), "1 High Street", "Canal Court", UNLIKE),
        (Part(name="n", kind="text", close=()), "1 High Street", "1 High Stret", UNLIKE),
    ],
)
def test_the_rest(level: Level, part: Part, left: str, right: str, reached: str) -> None:
    """Numbers with a check and codes are the same or not; other numbers allow one slip, texts are more or less alike."""
    assert level(part, left, right) == reached
