"""What was found of older brothers and sisters, at the younger child's ages, from family keys alone."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from training.linkage.older_siblings import write_older_siblings
from training.linked_folder import MARK

Child = tuple[str, str, str | None]
Siblings = Callable[[list[Child], str], list[list[str]]]


@pytest.fixture
def siblings(con: duckdb.DuckDBPyConnection, town: Any, tmp_path: Path) -> Siblings:
    """Return the rows written of some children (name, family, born) and the linked results (child, age, reached)."""

    def found(children: list[Child], results: str) -> list[list[str]]:
        con.execute("CREATE OR REPLACE TABLE children (name VARCHAR, family VARCHAR, born DATE)")
        con.executemany("INSERT INTO children VALUES (?, ?, ?)", [list(child) for child in children])
        (tmp_path / MARK).write_text('{"format": 1}', encoding="utf-8")
        (tmp_path / "profile.csv").write_text(f"child,assessed_on,goal\n{results}", encoding="utf-8")
        write_older_siblings(con, town.contract, town.contract.linkage.older_siblings, tmp_path)
        with (tmp_path / "siblings.csv").open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        assert header == ["child", "happened_on", "known_on", "reached"]
        return rows

    return found


def test_an_older_sister(siblings: Siblings) -> None:
    """The younger child learns what was found of the older, at the younger's own age that day; the older learns nothing."""
    children: list[Child] = [("old", "f", "2014-09-01"), ("young", "f", "2016-09-01"), ("other", "g", "2017-01-01")]
    assert siblings(children, "old,2000,Y\nyoung,2000,N\n") == [["young", str(2000 - 731), str(2000 - 731), "1"]]


def test_three_in_a_row(siblings: Siblings) -> None:
    """The youngest of three has a row of each of the others."""
    children: list[Child] = [("a", "f", "2014-09-01"), ("b", "f", "2015-09-01"), ("c", "f", "2016-08-31")]
    found = siblings(children, "a,2000,N\nb,2000,Y\nc,2000,Y\n")
    assert [(child, reached) for child, *_, reached in found] == [("b", "0"), ("c", "0"), ("c", "1")]
    assert [int(age) for _, age, *_ in found] == [2000 - 365, 2000 - 730, 2000 - 365]


def test_before_the_younger_was_born(siblings: Siblings) -> None:
    """What was found before the younger child was born stands at an age below 0."""
    assert siblings([("old", "f", "2010-01-01"), ("young", "f", "2016-01-01")], "old,2000,N\n") == [
        ["young", str(2000 - 2191), str(2000 - 2191), "0"]
    ]


@pytest.mark.parametrize(
    ("children", "results"),
    [
        ([("a", "f", "2016-01-01"), ("b", "f", "2016-01-01")], "a,2000,Y\nb,2000,N\n"),
        ([("a", "f", "2014-01-01"), ("b", "f", None)], "a,2000,Y\n"),
        ([("a", "f", None), ("b", "f", "2016-01-01")], "a,2000,Y\n"),
        ([("a", "f", "2014-01-01"), ("b", "f", "2016-01-01")], "a,1500,Y\n"),
        ([("a", "f", "2014-01-01"), ("b", "f", "2016-01-01")], "a,2000,?\n"),
        ([("a", "f", "2014-01-01"), ("b", "f", "2016-01-01")], ""),
    ],
)
def test_nothing_to_tell(siblings: Siblings, children: list[Child], results: str) -> None:
    """Twins, children without a date of birth, and results outside the window or unreadable tell nothing."""
    assert siblings(children, results) == []
