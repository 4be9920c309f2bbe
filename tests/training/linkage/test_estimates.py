"""What the match probabilities foresee of wrong and missed links, by sums that can be done by hand."""

from collections.abc import Callable

import duckdb
import pytest

from models.linkage import Linkage, Part
from training.linkage.estimates import expected_errors


@pytest.fixture
def linked(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Records 0, 1 and 2 of three agencies are one child, 3 and 4 another two; 0 and 2 were linked through 1 alone."""
    con.execute("CREATE TABLE people (uid BIGINT, agency VARCHAR)")
    con.execute("CREATE TABLE decided (uid_l BIGINT, uid_r BIGINT)")
    con.execute("CREATE TABLE member (uid BIGINT, child BIGINT, strength DOUBLE)")
    con.execute(
        "CREATE TABLE pairs (uid_l BIGINT, uid_r BIGINT, agency_l VARCHAR, agency_r VARCHAR, probability DOUBLE)"
    )
    con.execute("INSERT INTO people VALUES (0, 'one'), (1, 'two'), (2, 'three'), (3, 'one'), (4, 'two')")
    con.execute("INSERT INTO member VALUES (0, 0, 1), (1, 0, 0.96), (2, 0, 0.92), (3, 1, 1), (4, 2, 1)")
    con.execute("""
        INSERT INTO pairs VALUES (0, 1, 'one', 'two', 0.96), (1, 2, 'two', 'three', 0.92), (3, 4, 'one', 'two', 0.5),
            (0, 4, 'one', 'two', 0.02)""")
    return con


@pytest.fixture
def three(linkage_of: Callable[..., Linkage]) -> Linkage:
    """Three agencies."""
    return linkage_of((Part(name="forename", kind="name"),), ("one", "two", "three"))


def test_what_is_foreseen(linked: duckdb.DuckDBPyConnection, three: Linkage) -> None:
    """
    Each link is wrong with what its probability leaves; each pair not linked is missed with its probability.

    Linked are 0.96, 0.92, and through the third record 0.92: 2.8 of 3 right; missed are 0.5 and 0.02.
    """
    found = expected_errors(linked, three)
    assert found["overall"] == {
        "linked": 3,
        "expected_wrong": 0.2,
        "expected_missed": 0.5,
        "precision": pytest.approx(2.8 / 3, abs=1e-6),
        "recall": pytest.approx(2.8 / 3.32, abs=1e-6),
    }


def test_by_agencies(linked: duckdb.DuckDBPyConnection, three: Linkage) -> None:
    """Every two agencies have their own figures, in the contract's order; the parts sum to the whole."""
    found = expected_errors(linked, three)
    told = {
        tuple(line["agencies"]): (line["linked"], line["precision"], line["recall"]) for line in found["by_agencies"]
    }
    assert told == {
        ("one", "two"): (1, 0.96, pytest.approx(0.96 / 1.48, abs=1e-6)),
        ("one", "three"): (1, 0.92, 1.0),
        ("two", "three"): (1, 0.92, 1.0),
    }
    assert found["these_are_estimates"] is True


def test_nothing_linked(linked: duckdb.DuckDBPyConnection, three: Linkage) -> None:
    """Where nothing is linked there is no precision to tell, rather than a perfect one."""
    linked.execute("UPDATE member SET child = uid")
    found = expected_errors(linked, three)["overall"]
    assert (found["linked"], found["precision"], found["recall"]) == (0, None, None)
    assert found["expected_missed"] == pytest.approx(2.4)


def test_two_ids_of_one_agency(linked: duckdb.DuckDBPyConnection, three: Linkage) -> None:
    """Two ids of one agency in one child are no pair of agencies, and in no sum."""
    linked.execute("UPDATE people SET agency = 'one' WHERE uid = 1")
    linked.execute(
        "UPDATE pairs SET agency_r = 'one' WHERE uid_r = 1; UPDATE pairs SET agency_l = 'one' WHERE uid_l = 1"
    )
    assert expected_errors(linked, three)["overall"]["linked"] == 2
