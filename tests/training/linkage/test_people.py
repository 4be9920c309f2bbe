"""What is read of people: one row an id, the latest of each part, every postcode, and a count of what could not be used."""

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from models.errors import DataError
from models.linkage import Agency, Block, Linkage, Part
from training.linkage.people import aspects_used, private_database, read_people

PARTS = (
    Part(name="forename", kind="name"),
    Part(name="born", kind="date"),
    Part(name="postcode", kind="postcode", shared="family"),
)
HOLDS = {"forename": "first name", "born": "dob", "postcode": "pc"}
HEADER = "ref,first name,dob,pc,seen,mother\n"
Read = Callable[..., tuple[list[dict[str, Any]], dict[str, Any]]]


def agency(**changes: Any) -> Agency:
    """An agency that holds forename, birth and postcode."""
    held = {"name": "clinic", "label": "Clinic", "file": "people.csv", "id": "ref", "holds": HOLDS}
    return Agency.model_validate(held | {"latest": "seen", "family": "mother"} | changes)


def linkage(*agencies: Agency) -> Linkage:
    """The linkage of these agencies."""
    return Linkage(parts=PARTS, agencies=agencies)


@pytest.fixture
def read(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> Read:
    """Read one agency's people from the text of a CSV, header left out: the people by row, and the agency's report."""

    def found(rows: str, **changes: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        (tmp_path / "people.csv").write_text(HEADER + rows, encoding="utf-8")
        (report,) = read_people(con, linkage(agency(**changes)), tmp_path)
        told = con.execute("SELECT * FROM people ORDER BY uid")
        names = [column[0] for column in told.description or ()]
        people = [dict(zip(names, row, strict=True)) for row in told.fetchall()]
        return people, {name: getattr(report, name) for name in ("rows", "people", "without_id", "unreadable", "parts")}

    return found


def test_several_rows_of_one_id(read: Read) -> None:
    """Of several rows the value written last counts, part by part, and every postcode that was held, in order."""
    (person,), report = read(
        "7,Alma,2016-01-02,ZZ2 2BB,2018-05-01,m1\n7,,2016-01-03,ZZ1 1AA,2019-05-01,\n7,Berit,,,2017-05-01,m2\n"
    )
    assert (person["id"], person["forename"], person["born"]) == ("7", "ALMA", "2016-01-03")
    assert (person["postcode"], person["postcode__held"]) == ("ZZ11AA", ["ZZ11AA", "ZZ22BB"])
    assert person["family"] == "clinic m1"
    assert (report["rows"], report["people"]) == (3, 1)


def test_rows_of_one_day(read: Read, con: duckdb.DuckDBPyConnection) -> None:
    """Two values of one day are settled by what they are, never by the order of rows."""
    rows = ["7,Alma,2016-01-02,,2018-05-01,a\n", "7,Berit,2016-01-03,,2018-05-01,b\n"]
    (first,), _ = read("".join(rows))
    con.execute("DROP TABLE people")
    (second,), _ = read("".join(reversed(rows)))
    assert first == second
    assert (first["forename"], first["born"]) == ("BERIT", "2016-01-03")


def test_a_day_that_cannot_be_read(read: Read) -> None:
    """A row whose day cannot be read counts as the oldest, and is used where there is no other."""
    (person,), _ = read("7,Alma,,ZZ1 1AA,no day,\n7,Berit,,,1999-01-01,\n")
    assert (person["forename"], person["postcode"]) == ("BERIT", "ZZ11AA")


def test_rows_without_an_id(read: Read) -> None:
    """A row without an id is nobody: it is counted, and left out."""
    people, report = read("7,Alma,,,,\n,Berit,,,,\n  ,Carys,,,,\n")
    assert ([person["id"] for person in people], report["without_id"], report["rows"]) == (["7"], 2, 3)


def test_rows_that_cannot_be_split(read: Read) -> None:
    """Rows with too few or too many cells are counted and left out; the others are read."""
    people, report = read("7,Alma,,,,\n8,Berit\n9,Carys,,,,,x,y\n10,Dunya,,,,\n")
    assert ([person["id"] for person in people], report["unreadable"], report["rows"]) == (["10", "7"], 2, 2)


def test_what_could_not_be_used(read: Read) -> None:
    """Of each part it is counted how many were held, empty, or written but of no use, placeholders among the empty."""
    _, report = read(
        "1,Alma,2016-01-01,ZZ1 1AA,,\n2,BABY,2016-02-30,nowhere,,\n3,baby,,,,\n4,???,01/02/2016,ZZ1 1AA,,\n",
        placeholders=["Baby"],
    )
    assert report["parts"] == {
        "forename": {"held": 1, "empty": 2, "unusable": 1},
        "born": {"held": 1, "empty": 1, "unusable": 2},
        "postcode": {"held": 2, "empty": 1, "unusable": 1},
    }


def test_placeholders_everywhere(read: Read) -> None:
    """A placeholder stands for nothing in every part, and is no family either: it would make one of strangers."""
    people, _ = read("1,Alma,1900-01-01,ZZ99 9ZZ,,0000\n2,Berit,,ZZ99 9ZZ,,0000\n", placeholders=["ZZ99 9ZZ", "0000"])
    assert [(person["born"], person["postcode"], person["family"]) for person in people] == [(None, None, None)] * 2


def test_no_date_of_one_agency_is_read_by_anothers(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Each agency's dates are read in its own format; records are numbered by agency as declared, then by id."""
    (tmp_path / "people.csv").write_text(HEADER + "b,Alma,2016-02-01,,,\na,Berit,2016-02-02,,,\n", encoding="utf-8")
    (tmp_path / "school.csv").write_text("upn,born\n1,01/02/2016\n", encoding="utf-8")
    school = Agency(
        name="a_school", label="S", file="school.csv", id="upn", holds={"born": "born"}, date_format="%d/%m/%Y"
    )
    read_people(con, linkage(agency(), school), tmp_path)
    found = con.execute("SELECT uid, agency, id, born, forename IS NULL FROM people ORDER BY uid").fetchall()
    assert found == [
        (0, "clinic", "a", "2016-02-02", False),
        (1, "clinic", "b", "2016-02-01", False),
        (2, "a_school", "1", "2016-02-01", True),
    ]


def test_columns_with_odd_names(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Names with quotation marks, spaces or other scripts lead to their columns, and the id may be a part as well."""
    (tmp_path / "people.csv").write_text('"the ""id""",мя;\nAlma,Lathom\n', encoding="utf-8")
    odd = Agency(
        name="odd", label="Odd", file="people.csv", id='the "id"', holds={"forename": 'the "id"', "postcode": "мя;"}
    )
    read_people(con, linkage(odd), tmp_path)
    assert con.execute("SELECT id, forename, postcode FROM people").fetchall() == [("Alma", "ALMA", None)]


def test_parquet(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """People in Parquet are read as those in CSV are: whole numbers, dates and texts, and NULL for nothing."""
    table = pa.table(
        {
            "ref": pa.array([7, 8], pa.int64()),
            "first name": pa.array(["Zoë", None]),
            "dob": pa.array([16832, None], pa.date32()),
            "pc": pa.array(["zz1 1aa", ""]),
            "seen": pa.array([None, None], pa.timestamp("us")),
            "mother": pa.array([1.0, None], pa.float64()),
        }
    )
    pq.write_table(table, tmp_path / "people.parquet")
    read_people(con, linkage(agency(file="people.parquet")), tmp_path)
    found = con.execute("SELECT id, forename, born, postcode, family FROM people ORDER BY uid").fetchall()
    assert found == [("7", "ZOE", "2016-02-01", "ZZ11AA", "clinic 1"), ("8", None, None, None, None)]


def test_the_mark_of_a_spreadsheet(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A byte order mark before the header and CRLF after each line change nothing."""
    text = "\ufeff" + HEADER.replace("\n", "\r\n") + "7,Alma,2016-01-02,ZZ1 1AA,,m1\r\n"
    (tmp_path / "people.csv").write_bytes(text.encode())
    (report,) = read_people(con, linkage(agency()), tmp_path)
    assert con.execute("SELECT id, forename, family FROM people").fetchall() == [("7", "ALMA", "clinic m1")]
    assert report.unreadable == 0


def test_everything_that_is_missing(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Every file and column that is missing, of every agency, is named at once with what to do."""
    (tmp_path / "people.csv").write_text("ref,dob\n", encoding="utf-8")
    other = agency(name="school", file="school.csv")
    with pytest.raises(DataError) as refused:
        read_people(con, linkage(agency(), other), tmp_path)
    said = [str(problem) for problem in refused.value.problems]
    assert len(said) == 5
    for problem, column in zip(said, ("first name", "pc", "mother", "seen"), strict=False):
        assert problem.startswith('agency "clinic", people.csv: ')
        assert f'has no column "{column}". Add it' in problem
    assert said[4].startswith('agency "school"')
    assert "school.csv" in said[4]


@pytest.mark.parametrize(
    "header",
    [
        b'"Zelphine"_id,ref\n',
        b"ref,first name,dob,pc,seen,mother,Zelphine,ZELPHINE\n7,,,,,,,\n",
        b"ref,ref\n",
        b"",
        b"ref,first name,dob,pc,seen,mother,Zelphin\xe9\n",
        b"PAR1 no Parquet",
    ],
)
def test_headers_that_are_none(con: duckdb.DuckDBPyConnection, tmp_path: Path, header: bytes) -> None:
    """A file whose header tells no columns, or one of them twice, is refused by its name, and no word of it is repeated."""
    (tmp_path / "people.csv").write_bytes(header)
    with pytest.raises(DataError, match=r'agency "clinic", people\.csv: ') as refused:
        read_people(con, linkage(agency()), tmp_path)
    assert "zelphin" not in str(refused.value).lower()


def test_a_comma_at_the_end_of_every_line(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A last column without a name, as spreadsheets leave one, is one more column that nobody asked for."""
    (tmp_path / "people.csv").write_text(HEADER.replace("\n", ",\n") + "7,Alma,,,,,\n", encoding="utf-8")
    read_people(con, linkage(agency()), tmp_path)
    assert con.execute("SELECT id, forename FROM people").fetchall() == [("7", "ALMA")]


@pytest.mark.parametrize("held", [b"PAR1 and then nothing", b""])
def test_parquet_that_is_none(con: duckdb.DuckDBPyConnection, tmp_path: Path, held: bytes) -> None:
    """A file that is called Parquet and is none is refused by its name."""
    (tmp_path / "people.parquet").write_bytes(held)
    with pytest.raises(DataError, match=r'agency "clinic", people\.parquet: '):
        read_people(con, linkage(agency(file="people.parquet")), tmp_path)


def test_nobody(read: Read) -> None:
    """A file with a header and nobody in it is an agency without people."""
    people, report = read("")
    assert (people, report["rows"], report["people"]) == ([], 0, 0)


def test_the_aspects_that_are_asked_for() -> None:
    """Of each part those aspects are worked out that blocks ask for, and those that its comparison needs."""
    asked = Linkage(parts=PARTS, agencies=(agency(),), blocks=(Block(on=("forename.initial", "forename.sound")),))
    assert [aspects_used(asked, part) for part in PARTS] == [
        ["initial"],
        ["day", "month", "year"],
        ["district", "sector"],
    ]


def _overflow(con: duckdb.DuckDBPyConnection) -> Path:
    return Path(con.execute("SELECT current_setting('temp_directory')").fetchall()[0][0])


def test_a_private_database() -> None:
    """What does not fit in memory goes to a folder that only this user can read, and that is gone afterwards."""
    with private_database() as con:
        folder = _overflow(con)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert con.execute("SELECT current_setting('autoinstall_known_extensions')").fetchall() == [(False,)]
    assert not folder.exists()


def test_a_private_database_that_fails() -> None:
    """The folder is gone after a failure, too, and the database is shut."""
    opened: list[duckdb.DuckDBPyConnection] = []
    folders: list[Path] = []

    def fail() -> None:
        with private_database() as con:
            opened.append(con)
            folders.append(_overflow(con))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert [folder.exists() for folder in folders] == [False]
    with pytest.raises(duckdb.ConnectionException):
        opened[0].execute("SELECT 1")
