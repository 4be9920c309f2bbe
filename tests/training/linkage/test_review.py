"""The file of pairs to look at: it goes round whatever a spreadsheet does to it, and decisions in it are never lost."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from models.errors import DataError
from models.linkage import Linkage, Part
from training.linkage.review import Decisions, read_decisions, review_text

PARTS = (Part(name="forename", kind="name"), Part(name="postcode", kind="postcode"))
LEAD = "decision,agency_1,id_1,agency_2,id_2"
NOTHING = Decisions([], [], [])
ONE, OTHER = ("one", "1"), ("two", "2")


@pytest.fixture
def linkage(con: duckdb.DuckDBPyConnection, linkage_of: Callable[..., Linkage]) -> Linkage:
    """Two agencies with four people, whose ids and parts would trouble a careless reader."""
    con.execute("CREATE TABLE people (uid BIGINT, agency VARCHAR, id VARCHAR, forename VARCHAR, postcode VARCHAR)")
    people = [(0, *ONE, "ALMA", "ZZ11AA"), (1, "one", '"a, b"\n;', None, None), (2, *OTHER, "ALMA", None)]
    con.executemany("INSERT INTO people VALUES (?, ?, ?, ?, ?)", [*people, (3, "two", "007", "李", "ZZ22BB")])
    con.execute("ALTER TABLE people ADD COLUMN postcode__held VARCHAR[]")
    con.execute("UPDATE people SET postcode__held = [postcode] WHERE postcode IS NOT NULL")
    con.execute("UPDATE people SET postcode__held = ['ZZ22BB', 'ZZ33CC'] WHERE uid = 3")
    return linkage_of(PARTS)


def rows(text: bytes) -> list[dict[str, str]]:
    """The rows of a file."""
    return list(csv.DictReader(io.StringIO(text.decode(), newline="")))


def read(path: Path, text: str | bytes) -> Decisions:
    """What is decided in a file of this text."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_decisions(path)


def test_pairs_to_look_at(con: duckdb.DuckDBPyConnection, linkage: Linkage) -> None:
    """Each pair is a row: an empty decision, both records beside each other, the likeliest first, ties by record."""
    found = rows(review_text(con, linkage, [(1, 2, 0.5), (0, 3, 0.5), (0, 2, 0.8)], NOTHING))
    assert list(found[0]) == [*LEAD.split(","), "probability", "forename_1", "forename_2", "postcode_1", "postcode_2"]
    assert list(found[0].values()) == ["", "one", "1", "two", "2", "0.8000", "ALMA", "ALMA", "ZZ11AA", ""]
    assert [(row["id_1"], row["id_2"]) for row in found[1:]] == [("1", "007"), ('"a, b"\n;', "2")]


def test_what_was_decided_comes_back(con: duckdb.DuckDBPyConnection, linkage: Linkage, tmp_path: Path) -> None:
    """A decision written into the file is read, and both it and what it was about are written again."""
    text = review_text(con, linkage, [(0, 2, 0.8), (1, 3, 0.5)], NOTHING).decode()
    decided = read(
        tmp_path / "r.csv", text.replace("\n,one,1,", "\nsame,one,1,").replace('\n,one,"', '\ndifferent,one,"')
    )
    assert decided.same == [(ONE, OTHER)]
    assert decided.different == [(("one", '"a, b"\n;'), ("two", "007"))]
    again = rows(review_text(con, linkage, [], decided))
    assert [(row["decision"], row["probability"], row["postcode_2"]) for row in again] == [
        ("same", "0.8000", ""),
        ("different", "0.5000", "ZZ22BB / ZZ33CC"),
    ]
    assert read(tmp_path / "r.csv", review_text(con, linkage, [], decided)) == decided


def test_decisions_on_records_that_are_gone(con: duckdb.DuckDBPyConnection, linkage: Linkage, tmp_path: Path) -> None:
    """A decision on records that no agency holds any more, or written without the comparison, is kept for when they come."""
    decided = read(tmp_path / "r.csv", f"{LEAD}\nsame,gone,1,two,2\n")
    again = read(tmp_path / "r.csv", review_text(con, linkage, [(0, 3, 0.5)], decided))
    assert (again.same, again.different) == ([(("gone", "1"), OTHER)], [])


def test_columns_that_somebody_added(tmp_path: Path) -> None:
    """A column that a person added, or moved, does not keep decisions from being read."""
    decided = read(tmp_path / "r.csv", "why,id_2,agency_2,id_1,agency_1,decision\nI know them,2,two,1,one,same\n")
    assert decided.same == [(ONE, OTHER)]


@pytest.mark.parametrize(
    ("written", "same"),
    [("same", 1), ("SAME", 1), (" Same ", 1), ("", 0), ("  ", 0)],
)
def test_how_a_decision_is_written(tmp_path: Path, written: str, same: int) -> None:
    """Case and spaces of a decision say nothing, and nothing written decides nothing."""
    decided = read(tmp_path / "r.csv", f"{LEAD}\n{written},one,1,two,2\n")
    assert (len(decided.same), decided.different, len(decided.rows)) == (same, [], same)


@pytest.mark.parametrize("changed", ["\ufeff{}", "{}\n", '"{}"'])
def test_what_spreadsheets_do(tmp_path: Path, changed: str) -> None:
    """A mark at the start, CRLF, a line left empty and quotation marks around cells change nothing."""
    text = changed.format(LEAD.replace(",", '","') if '"' in changed else LEAD) + "\nsame,one,1,two,2\n"
    assert read(tmp_path / "r.csv", text.replace("\n", "\r\n")).same == [(ONE, OTHER)]


def test_one_pair_twice(tmp_path: Path) -> None:
    """A pair decided twice alike, once from each side, is no contradiction."""
    decided = read(tmp_path / "r.csv", f"{LEAD}\nsame,one,1,two,2\nsame,two,2,one,1\n")
    assert set(decided.same) == {(ONE, OTHER)}


def test_no_file_yet(tmp_path: Path) -> None:
    """Where there is no file yet, nothing is decided."""
    assert read_decisions(tmp_path / "r.csv") == NOTHING


def test_every_line_that_is_not_clear(tmp_path: Path) -> None:
    """Every line that cannot be followed is named with what to do, and nothing that stands in it is repeated."""
    bad = ["Zelphine?,one,8,two,9", "same,one,9434765919,one,9434765919", "same,two,4,one,3", "different,one,3,two,4"]
    with pytest.raises(DataError) as refused:
        read(tmp_path / "r.csv", "\n".join([LEAD, "same,one,1,two,2", *bad, ""]))
    assert [str(problem) for problem in refused.value.problems] == [
        "r.csv, line 3: the decision is neither same nor different. Write one, or leave it empty.",
        "r.csv, line 4: the decision is not about two records. Take the line out.",
        "r.csv, line 6: this pair is decided otherwise on another line. Keep one of the two.",
    ]
    assert not any(told in str(refused.value) for told in ("Zelphine", "9434765919", str(tmp_path)))


def test_a_row_over_several_lines(tmp_path: Path) -> None:
    """A cell over several lines does not make the lines after it miscounted."""
    with pytest.raises(DataError, match=r"r\.csv, line 4: "):
        read(tmp_path / "r.csv", f'{LEAD}\nsame,one,"1\n3",two,2\nperhaps,one,1,two,2\n')


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "decision;agency_1;id_1;agency_2;id_2\nsame;one;1;two;2\n",
        "agency_1,id_1,agency_2,id_2\none,1,two,2\n",
        f"{LEAD}\nsame,one,1,two\n",
        f"{LEAD}\nsame,one,1,two,2,Zelphine\n",
        f"{LEAD}\nsame,one,Zelphin\udce9,two,2\n",
    ],
)
def test_a_file_that_is_not_the_one_written(tmp_path: Path, text: str) -> None:
    """A file without the columns, with rows of another length or not in UTF-8 is refused, its words not repeated."""
    with pytest.raises(DataError, match=r"r\.csv.*: .*\. Keep its columns as they are") as refused:
        read(tmp_path / "r.csv", text.encode(errors="surrogateescape"))
    assert "Zelphin" not in str(refused.value)


@pytest.mark.parametrize("row", ["same,one,1,two", "same,one,1,two,2,Zelphine"])
def test_the_line_of_a_row_of_another_length(tmp_path: Path, row: str) -> None:
    """A row with too few or too many cells is named by its line: among thousands nobody would find it."""
    with pytest.raises(DataError, match=r"r\.csv, line 3: "):
        read(tmp_path / "r.csv", f"{LEAD}\nsame,one,1,two,2\n{row}\n")


def test_a_decision_on_nobody(tmp_path: Path) -> None:
    """A decision without an id on either side is named by its line: it would be about nobody."""
    with pytest.raises(DataError, match=r"r\.csv, line 2: "):
        read(tmp_path / "r.csv", f"{LEAD}\nsame,one,,two,2\n")
