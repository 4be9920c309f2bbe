"""Extracts: how CSV and Parquet are scanned, which lines cannot be read, and what is missing from a folder."""

import csv
import io
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from models.contract import Contract
from models.errors import DataError
from training.ingest import SourceReport, ingest, refuse_above

Document = dict[str, Any]
Ingested = tuple[list[tuple[Any, ...]], SourceReport]
HEADER = "child,age,known,total,hours,code,flag\n"
GOOD = "a,10,20,30,15.25,N1,Y\n"


def test_text_that_is_not_utf8(read: Callable[..., Ingested]) -> None:
    """A line in another encoding is set aside, and the lines beside it are kept."""
    events, report = read((HEADER + GOOD + "Zoë,10,20,30,1,N1,Y\n").encode("latin-1") + GOOD.encode())
    assert len(events) == 2
    assert report.examples == [(3, "invalid_encoding")]


@pytest.mark.parametrize("row", ['"b"b,10,20,30,1,N1,Y', '"b" ,10,20,30,1,N1,"Y"x'])
@pytest.mark.parametrize("good", [1, 100, 5000])
def test_a_badly_quoted_row(read: Callable[..., Ingested], row: str, good: int) -> None:
    """One row with a misplaced quotation mark is set aside, in a small extract as in a large one."""
    events, report = read(HEADER + GOOD * good + row + "\n" + GOOD)
    assert len(events) == good + 1
    assert report.examples == [(good + 2, "unquoted_value")]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_the_line_after_unreadable_lines(read: Callable[..., Ingested], ending: str) -> None:
    """Unreadable lines are counted, so that every later line has its own number, however lines end."""
    rows = [GOOD, "a,10\n", "a,99,20,30,1,N1,Y\n", "a,10,20,30,1,N1,Y,Y,Y\n", "b\n", "a,10,20,61,1,N1,Y\n", GOOD]
    events, report = read((HEADER + "".join(rows)).replace("\n", ending))
    assert len(events) == 2
    assert report.examples == [
        (3, "missing_columns"),
        (4, "known_before_happened"),
        (5, "too_many_columns"),
        (6, "missing_columns"),
        (7, "total: out_of_range"),
    ]


@pytest.mark.parametrize("stray", ['b"b', 'b"', '12" x 4"', 'b"""'])
def test_quotation_marks_inside_a_cell(read: Callable[..., Ingested], stray: str) -> None:
    """A quotation mark in a cell that does not start with one is a character like any other, and moves no line."""
    events, report = read(HEADER + f"{stray},10,20,30,1,N1,Y\na,10,20,61,1,N1,Y\na,10\n")
    assert [event[0] for event in events] == [stray]
    assert report.examples == [(3, "total: out_of_range"), (4, "missing_columns")]


@pytest.mark.parametrize("row", ['"b,10,20,30,1,N1,Y', '"b"b",10,20,30,1,N1,Y', 'a,10,20,"30,1,N1,Y', '"'])
@pytest.mark.parametrize("after", ["", "a,10,20,61,1,N1,Y\n", '"c",10,20,30,1,N1,"Y"\n'])
def test_quotation_marks_left_open(read: Callable[..., Ingested], row: str, after: str) -> None:
    """A quotation mark that is never closed sets rows aside by line from there on, and keeps what stands before it."""
    events, report = read(HEADER + GOOD + row + "\n" + after)
    assert events[:1] == [("a", 10, 20, 30, 61, "neglect", 1)]
    assert report.examples[0][0] == 3
    with pytest.raises(DataError, match="first at line 3"):
        refuse_above([report], 0.0)


def test_line_endings_of_two_kinds(read: Callable[..., Ingested]) -> None:
    """An extract whose lines end in two ways is refused as one that cannot be read, and its values are not named."""
    with pytest.raises(DataError, match="cannot be read as a table") as refused:
        read(HEADER.replace("\n", "\r\n") + GOOD + "CANARY,10,20,61,1,N1,Y\r\n")
    assert "CANARY" not in str(refused.value)


def test_the_line_after_an_empty_line(read: Callable[..., Ingested]) -> None:
    """An empty line holds no row, and every later line still has its own number."""
    events, report = read(HEADER + GOOD + "\n" + "a,10,20,61,1,N1,Y\n" + "a,10\n" + "\n")
    assert len(events) == 1
    assert report.examples == [(4, "total: out_of_range"), (5, "missing_columns")]


def test_the_line_after_a_cell_of_several_lines(read: Callable[..., Ingested]) -> None:
    """A line break inside quotation marks is a line of the file, so that the number leads to the row in any editor."""
    events, report = read(HEADER + '"a\nb\nc",10,20,30,1,N1,Y\na,10,20,61,1,N1,Y\na,10\n')
    assert [event[0] for event in events] == ["a\nb\nc"]
    assert report.examples == [(5, "total: out_of_range"), (6, "missing_columns")]


def test_unreadable_from_the_first_line(read: Callable[..., Ingested]) -> None:
    """The header says how many columns there are, whatever the first row holds."""
    events, report = read(HEADER + "a,10\n" + GOOD + "a,10,20,61,1,N1,Y\n")
    assert len(events) == 1
    assert report.examples == [(2, "missing_columns"), (4, "total: out_of_range")]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["", "with a byte order mark"])
def test_quoted_fields(read: Callable[..., Ingested], ending: str, mark: str) -> None:
    """Commas, quotation marks and line breaks inside quoted fields belong to the field."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator=ending)
    writer.writerow(["note", *HEADER.strip().split(",")])
    for note, child in (("a, b", "x"), ('said "no"', 'y"y'), ("two\nlines", "z,z"), ("", "w\nw")):
        writer.writerow([note, child, 10, 20, 30, 1, "N1", "Y"])
    events, report = read(mark + file.getvalue())
    assert [event[0] for event in events] == ["x", 'y"y', "z,z", "w\nw"]
    assert report.set_aside == Counter()


def test_extra_columns_and_any_order(read: Callable[..., Ingested]) -> None:
    """Columns the contract does not name are passed over, and the order of columns means nothing."""
    events, _ = read("flag,code,note,hours,total,known,age,child\nN,N2,x,1,2,4,3,a\n")
    assert events == [("a", 3, 4, 2, 4, "disability", 0)]


def test_an_extract_with_no_rows(read: Callable[..., Ingested]) -> None:
    """A header alone is an extract in which nothing happened."""
    assert read(HEADER) == ([], SourceReport("visits", 0))


# Parquet.

ROWS: dict[str, list[Any]] = {
    "child": ["a", "b", "c", "d", "e", None],
    "age": [10, 11, 12, 13, 14, 15],
    "known": [20, 20, 20, 20, 20, 20],
    "total": [30, 999, -1, None, 61, 5],
    "hours": [15.25, 999.0, None, -0.5, 1.0, 2.0],
    "code": ["N1", "U", None, "N2", "N1", "N1"],
    "flag": ["Y", "N", None, "Y", "Y", "Y"],
}


def _as_csv(rows: dict[str, list[Any]]) -> str:
    lines = zip(*rows.values(), strict=True)
    return HEADER + "".join(",".join("" if c is None else str(c) for c in line) + "\n" for line in lines)


@pytest.mark.parametrize(
    "types",
    [
        {},
        {"total": pa.int16(), "age": pa.int32()},
        {"total": pa.float64()},
        {"total": pa.float64(), "age": pa.float64(), "known": pa.float64()},
        {"hours": pa.float32()},
        {"hours": pa.decimal128(38, 2), "total": pa.decimal128(38, 1)},
    ],
    ids=str,
)
def test_csv_and_parquet_agree(read: Callable[..., Ingested], types: dict[str, pa.DataType]) -> None:
    """The same data gives the same events and the same counts from CSV and from Parquet, however its numbers are held."""
    held = {name: pa.array(values) for name, values in ROWS.items()}
    table = pa.table({name: array.cast(types.get(name, array.type)) for name, array in held.items()})
    (events, report), (written, read_of_text) = read(table), read(_as_csv(ROWS))
    assert events == written
    assert (report.kept, report.set_aside) == (read_of_text.kept, read_of_text.set_aside)
    assert [reason for _, reason in report.examples] == [reason for _, reason in read_of_text.examples]


def test_numbers_of_parquet(read: Callable[..., Ingested]) -> None:
    """A float is the decimal it is spelled as, so that a sum of money is on its step however large it is."""
    pounds = [0.1, 0.01, 9007.21, 12345.67, 85899.33, 99999.99, 2748779069.43, -0.07]
    rows = {"child": ["a"] * len(pounds), "age": [1] * len(pounds), "known": [1] * len(pounds), "pounds": pounds}
    events, report = read(pa.table(rows), [{"name": "pounds", "type": "number", "step": "0.01"}])
    assert [event[3] for event in events] == [10, 1, 900721, 1234567, 8589933, 9999999, 274877906943, -7]
    assert report.set_aside == Counter()


@pytest.mark.parametrize("value", [float("inf"), -float("inf"), 1e30])
def test_numbers_of_parquet_that_cannot_be_held(read: Callable[..., Ingested], value: float) -> None:
    """A number that cannot be held is set aside with a reason, never taken for one that is not known."""
    table = pa.table({"child": ["a"], "age": [1], "known": [1], "total": [value]})
    events, report = read(table, [{"name": "total", "type": "integer"}])
    assert events == []
    assert report.set_aside.total() == 1


@pytest.mark.parametrize(
    ("column", "array", "expected"),
    [
        ({"type": "flag"}, pa.array([True, False, None]), [1, 0, None]),
        ({"type": "flag"}, pa.array([1, 0, None]), [1, 0, None]),
        ({"type": "flag"}, pa.array([1.0, 0.0, None]), [1, 0, None]),
        ({"type": "integer", "codes": {"1": 1, "2": 2}}, pa.array([1.0, 2.0, None]), [1, 2, None]),
        ({"type": "integer", "missing": ["9"]}, pa.array([9, 8, None]), [None, 8, None]),
        ({"type": "code", "codes": ["a", "b"]}, pa.array(["a", "b", None]).dictionary_encode(), ["a", "b", None]),
    ],
)
def test_types_of_parquet(
    read: Callable[..., Ingested], column: Document, array: pa.Array, expected: list[Any]
) -> None:
    """Flags and codes are understood as whatever type they are held."""
    table = pa.table({"child": ["a", "b", "c"], "age": [1, 2, 3], "known": [1, 2, 3], "seen": array})
    events, report = read(table, [{"name": "seen"} | column])
    assert [event[3] for event in events] == expected
    assert report.set_aside == Counter()


# What is missing.


def test_what_is_missing_is_named_at_once(borough: Contract, tmp_path: Path) -> None:
    """Every missing file and every missing column is named in one run."""
    (tmp_path / "births.csv").write_text("child,date_of_birth,sex\n", encoding="utf-8")
    (tmp_path / "hub.csv").write_text("Child,session_date,minutes\n", encoding="utf-8")
    (tmp_path / "childcare.parquet").write_bytes(b"not parquet")
    with pytest.raises(DataError) as refused:
        ingest(borough, tmp_path)
    assert [f"{problem.place}: {problem.what}" for problem in refused.value.problems] == [
        'source "births", births.csv: has no column "family_key"',
        'source "births", births.csv: has no column "birthweight"',
        'source "reviews": there is no file reviews.csv in the data folder',
        'source "contacts": there is no file contacts.csv in the data folder',
        'source "addresses": there is no file addresses.csv in the data folder',
        'source "hub", hub.csv: has no column "child"',
        'source "childcare", childcare.parquet: cannot be read as a table',
        'source "profile": there is no file profile.csv in the data folder',
    ]
