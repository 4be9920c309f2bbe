"""Likely pairs become children: what a person decided comes first, and what is in doubt is laid before one."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from models.errors import DataError
from models.linkage import Linkage, Part
from training.linkage.clusters import Clusters
from training.linkage.joining import join_records, pairs_to_review
from training.linkage.pseudonyms import Record
from training.linkage.review import Decisions

REVIEW = Path("review.csv")
PAIRS = [(0, 2, 0.99), (0, 3, 0.95), (1, 3, 0.9), (2, 4, 0.6), (1, 4, 0.1)]
Pair = tuple[int, int]
Join = Callable[..., tuple[list[int], set[Pair]]]


@pytest.fixture
def join(con: duckdb.DuckDBPyConnection, linkage_of: Callable[..., Linkage]) -> Join:
    """
    Join five records (0 and 1 of agency one; 2 and 3 of two, 4 of three, which allows several ids) by some decisions.

    Returns the number of each record's child and the pairs to look at.
    """
    linkage = linkage_of((Part(name="forename", kind="name"),), ("one", "two", "three"), several=["three"])
    linkage = linkage.model_copy(update={"review": 0.3})
    con.execute("CREATE TABLE people (uid BIGINT, agency VARCHAR, id VARCHAR)")
    con.execute("CREATE TABLE pairs (uid_l BIGINT, uid_r BIGINT, probability DOUBLE)")
    con.executemany(
        "INSERT INTO people VALUES (?, ?, ?)",
        [[n, agency, f"id {n}"] for n, agency in enumerate(("one", "one", "two", "two", "three"))],
    )
    con.executemany("INSERT INTO pairs VALUES (?, ?, ?)", PAIRS)

    def joined(same: tuple[Pair, ...] = (), different: tuple[Pair, ...] = ()) -> tuple[list[int], set[Pair]]:
        decided = Decisions(
            [(_record(a), _record(b)) for a, b in same], [(_record(a), _record(b)) for a, b in different], []
        )
        clusters: Clusters = join_records(con, linkage, decided, REVIEW)
        members = con.execute("SELECT child FROM member ORDER BY uid").fetchall()
        return [child for (child,) in members], {(a, b) for a, b, _ in pairs_to_review(con, linkage, clusters)}

    return joined


def _record(uid: int) -> Record:
    return ("one", "one", "two", "two", "three", "gone")[uid], f"id {uid}"


def test_likely_pairs(join: Join) -> None:
    """
    Pairs at the threshold or above become children; refused ones and the grey zone are to be looked at.

    Record 3 would be a second id of agency two for the child of 0 and 2; 0.9 is the threshold itself.
    """
    assert join() == ([0, 1, 0, 1, 2], {(0, 3), (2, 4)})


def test_decided_to_be_one(join: Join) -> None:
    """Two records that somebody found to be one child are, though their records are too unlike."""
    assert join(same=((1, 4),)) == ([0, 1, 0, 1, 1], {(0, 3), (2, 4)})


def test_decided_against_a_promise(join: Join) -> None:
    """Two ids of an agency that promises one id a child are one child where somebody found them to be."""
    assert join(same=((0, 1),)) == ([0, 0, 0, 1, 2], {(0, 3), (1, 3), (2, 4)})


def test_decided_to_be_two(join: Join) -> None:
    """Two records that somebody found to be two children are, and nobody is asked about them again."""
    assert join(different=((0, 2),)) == ([0, 1, 2, 0, 3], {(1, 3), (2, 4)})


def test_a_decision_from_the_other_side(join: Join) -> None:
    """A decision counts whichever record stands first in it, and its pair is not asked about either."""
    children, asked = join(different=((4, 2), (3, 0)))
    assert (children, asked) == ([0, 1, 0, 1, 2], set())


def test_decisions_on_records_that_are_gone(join: Join) -> None:
    """A decision on a record that no agency holds any more changes nothing."""
    assert join(same=((0, 5),), different=((5, 1),)) == ([0, 1, 0, 1, 2], {(0, 3), (2, 4)})


@pytest.mark.parametrize("different", [(0, 4), (4, 0)])
def test_decisions_that_clash(join: Join, different: Pair) -> None:
    """Where a chain of *same* meets a *different*, that is said, with what to do, and nobody is named."""
    with pytest.raises(DataError, match=r"contradict each other\n  - review\.csv: .*Correct the pairs") as refused:
        join(same=((0, 2), (2, 4)), different=(different,))
    assert "id " not in str(refused.value)


def test_no_pairs_at_all(con: duckdb.DuckDBPyConnection, join: Join) -> None:
    """Where nobody is like anybody, every record is a child, and nobody is asked anything."""
    con.execute("DELETE FROM pairs")
    assert join() == ([0, 1, 2, 3, 4], set())
