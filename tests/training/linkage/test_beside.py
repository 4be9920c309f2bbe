"""What stands beside the linked extracts: how sure each link is, cohorts, the spans of feeds, and changed pseudonyms."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from training.linkage.beside import write_beside
from training.linkage.pseudonyms import Change
from training.linkage.writing import Written
from training.linked_folder import CHANGES, CHILDREN, COVERAGE, LINKS, MARK, is_linked, rows_lost

Beside = Callable[..., dict[str, list[list[str]]]]


@pytest.fixture
def beside(joined: duckdb.DuckDBPyConnection, town: Any, tmp_path: Path) -> Beside:
    """Write what stands beside the linked extracts: the rows of each table, header first."""

    def written(*changes: Change) -> dict[str, list[list[str]]]:
        write_beside(joined, town.contract, tmp_path, list(changes), [Written("visits", rows=9, unknown_id=2)])
        return {name: _rows(tmp_path / name) for name in (LINKS, CHILDREN, COVERAGE, CHANGES)}

    return written


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_links(beside: Beside) -> None:
    """Each child stands with every agency that knows it, and the least sure of its records there."""
    assert beside()[LINKS] == [
        ["child", "agency", "probability"],
        ["a", "clinic", "1.0"],
        ["a", "nursery", "0.9"],
        ["a", "school", "0.99"],
        ["b", "clinic", "1.0"],
        ["c", "school", "1.0"],
    ]


def test_children(beside: Beside) -> None:
    """Each child stands once, with its cohort (none without a date of birth) and its least sure link."""
    assert beside()[CHILDREN] == [
        ["child", "cohort", "weakest_link"],
        ["a", "2015", "0.9"],
        ["b", "2018", "1.0"],
        ["c", "", "1.0"],
    ]


def test_feeds(beside: Beside) -> None:
    """
    A feed covers a child from birth or its first day, until its last day or the last landmark, by four weeks.

    The feed of visits runs from 1 September 2015 to the end of 2018; a child without a date of birth is not covered.
    """
    assert beside()[COVERAGE] == [
        ["child", "source", "start", "end"],
        ["a", "visits", "0", "760"],
        ["b", "visits", "0", "111"],
    ]


@pytest.mark.parametrize(
    ("born", "span"),
    [
        ("2015-08-22", [["28", "760"]]),
        ("2015-09-01", [["0", "760"]]),
        ("2018-12-31", []),
        ("2018-12-04", [["0", "27"]]),
        ("2019-06-01", []),
        ("2010-01-01", []),
    ],
)
def test_the_ends_of_a_feed(
    beside: Beside, joined: duckdb.DuckDBPyConnection, born: str, span: list[list[str]]
) -> None:
    """A child has no more of a feed than is proven, and by four weeks, so that the feed's days do not tell its birthday."""
    joined.execute("UPDATE children SET born = ? WHERE name = 'a'", [born])
    assert [row[2:] for row in beside()[COVERAGE] if row[0] == "a"] == span


def test_changes(beside: Beside) -> None:
    """Changed pseudonyms are listed in one order, whatever order they were found in."""
    changes = [Change("split", "p2", "p3"), Change("merged", "p9", "p1"), Change("merged", "p2", "p1")]
    assert beside(*changes)[CHANGES] == [
        ["change", "earlier", "now"],
        *([change.kind, change.earlier, change.now] for change in (changes[2], changes[1], changes[0])),
    ]


def test_the_mark(beside: Beside, town: Any, tmp_path: Path) -> None:
    """The folder says that it is linked, by which contract, and what was lost on the way."""
    beside()
    assert is_linked(tmp_path)
    assert rows_lost(town.contract, tmp_path) == {"visits": {"id_of_nobody": 2}}
    assert json.loads((tmp_path / MARK).read_text(encoding="utf-8"))["format"] == 1
