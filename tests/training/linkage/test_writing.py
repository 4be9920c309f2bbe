"""The linked extracts: what is declared and can be read goes over, under pseudonyms and in ages, and nothing else."""

import csv
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from models.errors import DataError
from models.secret import Secret
from training.linkage.writing import UNREADABLE, Written, check_sources, write_sources

SECRET = Secret(b"k" * 32)
RAW = {
    "births.csv": "clinic_id,recorded_on,sex,birthweight,midwife_note\nc1,2016-02-03,F,3000,Zelphine\n",
    "homes.csv": "clinic_id,moved_in,moved_out,postcode\nc1,2016-01-31,,ZZ1 1AA\n",
    "visits.csv": "clinic_id,visit_date,worker,score\nc1,2016-02-10,Nurse Quarmby,15\n",
    "profile.csv": "school_id,assessed_on,goal\ns1,2021-06-20,Y\n",
    "places.csv": "postcode,area,decile\nzz11aa,area 1,3\n",
}
Rows = list[dict[str, str]]
Write = Callable[..., tuple[dict[str, Rows], dict[str, Written]]]


@pytest.fixture
def write(joined: duckdb.DuckDBPyConnection, town: Any, tmp_path: Path) -> Write:
    """Write the linked extracts of a small folder, one of its files changed: the rows of each, and the reports."""
    raw, out = tmp_path / "raw", tmp_path / "out"

    def written(sessions: list[tuple[str, str, str]] | None = None, **changed: str) -> Any:
        raw.mkdir()
        out.mkdir()
        for name, text in (RAW | {f"{name}.csv": text for name, text in changed.items()}).items():
            (raw / name).write_text(text, encoding="utf-8")
        columns = zip(*(sessions or [("n1", "900", "Owls")]), strict=True)
        names = ("nursery_id", "age_days", "room")
        pq.write_table(pa.table(dict(zip(names, map(list, columns), strict=True))), raw / "sessions.parquet")
        check_sources(joined, town.contract, town.contract.linkage, raw)
        reports = write_sources(joined, town.contract, town.contract.linkage, raw, out, SECRET)
        return {path.name: _rows(path) for path in out.iterdir()}, {report.source: report for report in reports}

    return written


def _rows(path: Path) -> Rows:
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()  # type: ignore[no-any-return]
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_only_what_is_declared(write: Write) -> None:
    """Every linked extract has the columns of its contract and no other; the agency's id, note and postcode are gone."""
    files, _ = write()
    assert {name: list(rows[0]) for name, rows in files.items()} == {
        "births.csv": ["child", "recorded_on", "sex", "birthweight", "date_of_birth", "household", "month_in_year"],
        "homes.csv": ["child", "moved_in", "moved_out", "area", "decile"],
        "visits.csv": ["child", "visit_date", "worker", "score"],
        "sessions.parquet": ["child", "age_days", "room"],
        "profile.csv": ["child", "assessed_on", "goal"],
    }


def test_a_row_that_goes_over(write: Write) -> None:
    """A row stands under its child's pseudonym, dates are ages in days, the family and month of birth are worked out."""
    files, _ = write()
    (birth,) = files["births.csv"]
    assert birth == {
        "child": "a",
        "recorded_on": "3",
        "sex": "F",
        "birthweight": "3000",
        "date_of_birth": "",
        "household": "f",
        "month_in_year": "4",
    }


def test_both_ids_of_a_child(write: Write) -> None:
    """Rows under either of two ids of one agency stand under the one child, in the order they stood in."""
    files, report = write([("n1b", "950", "Owls"), ("n1", "900", "Larks"), ("n1b", "800", "Owls"), ("n9", "1", "Owls")])
    rows = files["sessions.parquet"]
    assert [(row["child"], row["age_days"]) for row in rows] == [("a", "950"), ("a", "900"), ("a", "800")]
    assert (report["sessions"].rows, report["sessions"].unknown_id) == (3, 1)


def test_ages(write: Write) -> None:
    """A date is the days since birth, before it below 0; one that is none is withheld, and an empty one stays empty."""
    ages = {"2016-01-31": "0", "2016-01-30": "-1", "2017-01-31": "366", " 2016-02-01 ": "1", "": ""}
    ages |= dict.fromkeys(("31/01/2016", "2016-02-30", "20160210", "Zelphine", "9434765919"), UNREADABLE)
    files, report = write(visits=_visits(f"{day},,15" for day in ages))
    assert [row["visit_date"] for row in files["visits.csv"]] == list(ages.values())
    assert report["visits"].cells_withheld == 5


@pytest.mark.parametrize(
    ("born", "month"), [("2016-09-01", "0"), ("2016-08-31", "11"), ("2016-12-31", "3"), (None, "")]
)
def test_the_month_in_the_year(write: Write, joined: duckdb.DuckDBPyConnection, born: str | None, month: str) -> None:
    """Months count from the academic year's first; without a date of birth there is neither month nor age."""
    joined.execute("UPDATE children SET born = ?", [born])
    files, _ = write()
    assert files["births.csv"][0]["month_in_year"] == month
    assert born is not None or files["births.csv"][0]["recorded_on"] == ""


def test_numbers(write: Write) -> None:
    """A number goes over where the contract reads it; what stands for *not known* goes over as nothing; the rest not."""
    cells = {"15": "15", "15.0": "15.0", "": "", "999": "", "-9434765919": ""}
    cells |= dict.fromkeys(
        ("9434765919", "16", "65", "Zelphine", "2016-01-31", "1e1", "15\x00", "NaN", "0x0f"), UNREADABLE
    )
    files, report = write(visits=_visits(f"2016-02-10,,{cell}" for cell in cells))
    assert [row["score"] for row in files["visits.csv"]] == list(cells.values())
    assert report["visits"].cells_withheld == 9


def _visits(cells: Iterable[str]) -> str:
    return "\n".join(["clinic_id,visit_date,worker,score", *(f"c1,{row}" for row in cells), ""])


def test_codes(write: Write) -> None:
    """A code goes over where the contract names it; one that stands for *not known* goes over as nothing; the rest not."""
    cells = {"F": "F", " M ": "M", "U": "", "": "", "f": UNREADABLE, "Zelphine": UNREADABLE}
    rows = "".join(f"c1,2016-02-03,{cell},3000\n" for cell in cells)
    files, _ = write(births=f"clinic_id,recorded_on,sex,birthweight\n{rows}")
    assert [row["sex"] for row in files["births.csv"]] == list(cells.values())


def test_ages_as_given(write: Write) -> None:
    """An age that an agency gives in days goes over; what is no age of anybody's does not."""
    cells = {"0": "0", "1500": "1500", "-20": "-20", "": ""}
    cells |= dict.fromkeys(("9434765919", "20160131", "310116", "Zelphine", "1.5"), UNREADABLE)
    files, _ = write([("n1", cell, "Owls") for cell in cells])
    assert [row["age_days"] for row in files["sessions.parquet"]] == list(cells.values())


def test_keys_become_pseudonyms(write: Write) -> None:
    """The key of a worker or a room, which may be a name, is a pseudonym: the same for the same, and nothing for nothing."""
    files, _ = write([("n1", "900", "Nurse Quarmby"), ("n1", "901", "Larks"), ("n1", "902", "")])
    rooms = [row["room"] for row in files["sessions.parquet"]]
    assert rooms[0] == files["visits.csv"][0]["worker"] == SECRET.pseudonym("key", "Nurse Quarmby")
    assert rooms[1] == SECRET.pseudonym("key", "Larks")
    assert rooms[2] is None


def test_postcodes_become_areas(write: Write) -> None:
    """A postcode becomes the columns of its place, however it is written; one that no place has becomes nothing."""
    rows = "c1,2016-01-31,,ZZ1 1AA\nc1,2016-01-31,,zz1-1aa\nc1,2016-01-31,,ZZ9 9ZZ\nc1,2016-01-31,,\n"
    files, report = write(homes=f"clinic_id,moved_in,moved_out,postcode\n{rows}")
    assert [(row["area"], row["decile"]) for row in files["homes.csv"]] == [("area 1", "3")] * 2 + [("", "")] * 2
    assert report["homes"].no_place == 1


def test_places_are_read_by_the_contract(write: Write) -> None:
    """A cell of the look-up that the contract cannot read does not go over either."""
    files, _ = write(places="postcode,area,decile\nZZ1 1AA,area 1,Zelphine\n")
    assert files["homes.csv"][0]["decile"] != "Zelphine"


def test_rows_that_do_not_go_over(write: Write) -> None:
    """Rows of nobody's id, or that cannot be split into cells, are counted and left out."""
    rows = "c1,2016-02-10,,15\nc9,2016-02-10,,15\n,2016-02-10,,15\nc1,2016-02-11\ns1,2016-02-10,,15\n"
    files, report = write(visits=f"clinic_id,visit_date,worker,score\n{rows}")
    assert len(files["visits.csv"]) == report["visits"].rows == 1
    assert (report["visits"].unknown_id, report["visits"].unreadable) == (3, 1)


def test_everything_that_is_missing(write: Write, tmp_path: Path) -> None:
    """Every column that an extract lacks, of every source, is named at once, and nothing is written."""
    with pytest.raises(DataError) as refused:
        write(visits="clinic_id,worker\n", profile="school_id,assessed_on\n", places="postcode,area\n")
    said = [str(problem) for problem in refused.value.problems]
    assert [problem.split(".")[0] for problem in said] == [
        'source "visits", visits',
        'source "visits", visits',
        'source "profile", profile',
        "linkage › places, places",
    ]
    assert ['"visit_date"' in said[0], '"score"' in said[1], '"goal"' in said[2], '"decile"' in said[3]] == [True] * 4
    assert list((tmp_path / "out").iterdir()) == []


def test_columns_called_as_ours(write: Write) -> None:
    """An undeclared column that is called as something of ours, or nothing at all, changes nothing."""
    header = "clinic_id,visit_date,worker,score,name,row,born,child,family,\n"
    files, _ = write(visits=f"{header}c1,2016-02-10,,15,Zelphine,9,2000-01-01,Zelphine,Zelphine,\n")
    assert files["visits.csv"] == [{"child": "a", "visit_date": "10", "worker": "", "score": "15"}]
