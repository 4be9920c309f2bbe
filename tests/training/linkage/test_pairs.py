"""The probability of a pair beside relatives and rivals, by examples worked out by hand."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.linkage import Linkage, Part
from training.ingest import connect
from training.linkage.pairs import KEPT_ABOVE, relatives_a_child, write_pairs

FORENAME = Part(name="forename", kind="name")
SURNAME = Part(name="surname", kind="name", shared="family")
BORN = Part(name="born", kind="date", shared="twins")
PARTS = (FORENAME, SURNAME, BORN)
NOBODY = {"twins": 0.0, "family": 0.0}
# A pair: its records, their agencies, and the weights in bits of forename (and how common it is), surname, and birth.
Scored = tuple[int, int, str, str, float, float, float, float]
WEIGHTS = st.floats(-70, 70)


def scored(con: duckdb.DuckDBPyConnection, pairs: Iterable[Scored]) -> None:
    """Write the table that Splink leaves, of these pairs."""
    con.execute("""
        CREATE OR REPLACE TABLE scored (uid_l BIGINT, uid_r BIGINT, agency_l VARCHAR, agency_r VARCHAR,
            mw_forename DOUBLE, mw_tf_adj_forename DOUBLE, mw_surname DOUBLE, mw_born DOUBLE,
            mw_tf_adj_surname DOUBLE DEFAULT 0, match_weight DOUBLE)""")
    for pair in pairs:
        con.execute("INSERT INTO scored VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?)", [*pair, sum(pair[4:])])


def probabilities(
    con: duckdb.DuckDBPyConnection, linkage: Linkage, pairs: list[Scored], relatives: dict[str, float] = NOBODY
) -> dict[tuple[int, int], float]:
    """The probability of each pair that is kept."""
    scored(con, pairs)
    con.execute("DROP TABLE IF EXISTS pairs")
    write_pairs(con, linkage, "scored", relatives)
    return {(a, b): p for a, b, p in con.execute("SELECT uid_l, uid_r, probability FROM pairs").fetchall()}


@pytest.fixture
def two(linkage_of: Callable[..., Linkage]) -> Linkage:
    """Two agencies that promise one id a child."""
    return linkage_of(PARTS)


def test_odds_alone(con: duckdb.DuckDBPyConnection, two: Linkage) -> None:
    """Without relatives or rivals, a weight of b bits is odds of two to the b: 3 bits are 8 to 1."""
    found = probabilities(con, two, [(0, 5, "one", "two", 1, 1, 0.5, 0.5), (1, 6, "one", "two", 0, 0, 0, 0)])
    assert found == pytest.approx({(0, 5): 8 / 9, (1, 6): 1 / 2})


def test_twins(con: duckdb.DuckDBPyConnection, two: Linkage) -> None:
    """
    A twin has the same surname and date of birth, so that only the forename speaks against one.

    Forename -2 bits, the rest 20: against strangers 2^-18, against one twin in ten children 0.1 × 2^2: odds of 2.5 to 1 at
    the most, where strangers alone would leave 262,144 to 1.
    """
    found = probabilities(con, two, [(0, 5, "one", "two", -2, 0, 10, 10)], {"twins": 0.1, "family": 0.0})
    odds = 1 / (2**-18 + 0.1 * 2**2)
    assert found == pytest.approx({(0, 5): odds / (1 + odds)})


def test_brothers_and_sisters(con: duckdb.DuckDBPyConnection, two: Linkage) -> None:
    """A brother has the same surname only: forename and date of birth speak, and how common the forename is counts."""
    found = probabilities(con, two, [(0, 5, "one", "two", 6, -1, 10, -4)], {"twins": 0.1, "family": 0.5})
    odds = 1 / (2**-11 + 0.1 * 2**-5 + 0.5 * 2**-1)
    assert found == pytest.approx({(0, 5): odds / (1 + odds)})


def test_rivals_share(con: duckdb.DuckDBPyConnection, two: Linkage) -> None:
    """
    Where one id is one child, a record's candidates in an agency compete, whichever side they stand on.

    Two candidates with odds of 8 leave each 8 of 17; a third with odds of 1 is 1 of 18.
    """
    pairs: list[Scored] = [(0, n, "one", "two", 3, 0, 0, 0) for n in (5, 6)]
    assert probabilities(con, two, pairs) == pytest.approx({(0, 5): 8 / 17, (0, 6): 8 / 17})
    turned = [(b, a, "two", "one", *weights) for a, b, _, _, *weights in pairs]
    assert probabilities(con, two, turned) == pytest.approx({(0, 5): 8 / 17, (0, 6): 8 / 17})  # type: ignore[arg-type]
    third: Scored = (0, 7, "one", "two", 0, 0, 0, 0)
    assert probabilities(con, two, [*pairs, third])[0, 7] == pytest.approx(1 / 18)


def test_no_rivals_in_another_agency(con: duckdb.DuckDBPyConnection, linkage_of: Callable[..., Linkage]) -> None:
    """Candidates in two agencies do not compete: a child may well be known to both."""
    three = linkage_of(PARTS, ("one", "two", "three"))
    pairs: list[Scored] = [(0, 5, "one", "two", 3, 0, 0, 0), (0, 9, "one", "three", 3, 0, 0, 0)]
    assert probabilities(con, three, pairs) == pytest.approx({(0, 5): 8 / 9, (0, 9): 8 / 9})


def test_no_promise_no_rivals(con: duckdb.DuckDBPyConnection, linkage_of: Callable[..., Linkage]) -> None:
    """Where a child may have several ids, none of them takes from another; the other side's promise still counts."""
    several = linkage_of(PARTS, several=["two"])
    both: list[Scored] = [(0, n, "one", "two", 3, 0, 0, 0) for n in (5, 6)]
    assert probabilities(con, several, both) == pytest.approx({(0, 5): 8 / 9, (0, 6): 8 / 9})
    one: list[Scored] = [(n, 5, "one", "two", 3, 0, 0, 0) for n in (0, 1)]
    assert probabilities(con, several, one) == pytest.approx({(0, 5): 8 / 17, (1, 5): 8 / 17})


@settings(derandomize=True, database=None, deadline=None, max_examples=30)
@given(
    weights=st.lists(st.tuples(WEIGHTS, WEIGHTS, WEIGHTS, WEIGHTS), min_size=1, max_size=6),
    twins=st.floats(0, 3),
    family=st.floats(0, 8),
    several=st.sampled_from([[], ["two"]]),
)
def test_probabilities(
    linkage_of: Callable[..., Linkage], weights: list[Any], twins: float, family: float, several: list[str]
) -> None:
    """
    Whatever the weights, a kept probability lies from the floor up to 1, and candidates of one id sum to 1 at the most.

    That holds where the agency promises one id a child; weights beyond any evidence overflow nothing.
    """
    linkage = linkage_of(PARTS, several=several)
    con = connect()
    pairs: list[Scored] = [(0, 5 + n, "one", "two", *weight) for n, weight in enumerate(weights)]
    found = probabilities(con, linkage, pairs, {"twins": twins, "family": family})
    con.close()
    assert all(KEPT_ABOVE <= p <= 1 for p in found.values())
    assert several or sum(found.values()) <= 1 + 1e-9


def test_the_lower_record_is_on_the_left(con: duckdb.DuckDBPyConnection, two: Linkage) -> None:
    """Pairs are told with the lower record on the left, each with its own agency, however they were tried."""
    probabilities(con, two, [(5, 0, "two", "one", 3, 0, 0, 0)])
    assert con.execute("SELECT uid_l, uid_r, agency_l, agency_r FROM pairs").fetchall() == [(0, 5, "one", "two")]


def people(con: duckdb.DuckDBPyConnection, rows: Sequence[tuple[object, ...]]) -> None:
    """Write people (uid, agency, forename, surname, born)."""
    con.execute("CREATE TABLE people (uid BIGINT, agency VARCHAR, forename VARCHAR, surname VARCHAR, born VARCHAR)")
    con.executemany("INSERT INTO people VALUES (?, ?, ?, ?, ?)", [[n, *row] for n, row in enumerate(rows)])


def test_how_many_relatives(con: duckdb.DuckDBPyConnection, two: Linkage) -> None:
    """
    Of six children in an agency, two are twins and they have a sister: a third of a twin each, a third of a sister more.

    Each twin has one twin (2 ÷ 6); of the three of one surname each has two others (6 ÷ 6), of which twins are 2 ÷ 6.
    """
    rows = [
        ("one", "A", "Lathom", "2016-01-01"),
        ("one", "B", "Lathom", "2016-01-01"),
        ("one", "C", "Lathom", "2018-01-01"),
        *(("one", name, name, "2016-01-01") for name in "DEF"),
    ]
    people(con, rows)
    assert relatives_a_child(con, two) == pytest.approx({"twins": 2 / 6, "family": 4 / 6})


def test_relatives_nobody_can_tell(con: duckdb.DuckDBPyConnection, linkage_of: Callable[..., Linkage]) -> None:
    """Where ids may be several of one child, nothing is known of twins: the same child twice would look like one."""
    people(con, [("one", "A", "Lathom", "2016-01-01")] * 3)
    assert relatives_a_child(con, linkage_of(PARTS, several=["one", "two"])) == NOBODY


def test_relatives_across_agencies(con: duckdb.DuckDBPyConnection, two: Linkage) -> None:
    """One child in two agencies is no relative of itself, and a surname that is not known makes nobody a relative."""
    people(con, [("one", "A", "Lathom", "2016-01-01"), ("two", "A", "Lathom", "2016-01-01"), ("two", "B", None, None)])
    assert relatives_a_child(con, two) == NOBODY


def test_relatives_of_nobody(con: duckdb.DuckDBPyConnection, two: Linkage) -> None:
    """Without people there are no relatives."""
    people(con, [("one", None, None, None)])
    con.execute("DELETE FROM people")
    assert relatives_a_child(con, two) == NOBODY
