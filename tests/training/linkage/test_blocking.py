"""How many pairs blocks would try, counted before any is."""

import itertools
from collections.abc import Callable

import duckdb
import pytest

from models.errors import DataError
from models.linkage import Block, Linkage, Part
from training.linkage.blocking import MOST_PAIRS_A_PERSON, count_pairs

PARTS = (
    Part(name="forename", kind="name"),
    Part(name="surname", kind="name"),
    Part(name="born", kind="date"),
)
PEOPLE = [("ANNA", "BELL", "2020"), ("BELL", "ANNA", "2020"), ("ANNA", "BELL", "2021"), (None, "BELL", "2020")]


@pytest.fixture
def people(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Four people, two of them with their names crossed, one without a forename."""
    con.execute("CREATE TABLE people (forename VARCHAR, surname VARCHAR, born VARCHAR)")
    con.executemany("INSERT INTO people VALUES (?, ?, ?)", [list(person) for person in PEOPLE])
    return con


@pytest.mark.parametrize("on", [("born",), ("forename", "surname"), ("surname", "born"), ("forename=surname",)])
def test_pairs_are_counted(
    people: duckdb.DuckDBPyConnection, linkage_of: Callable[..., Linkage], on: tuple[str, ...]
) -> None:
    """The count is of the pairs that agree on every key, as counted one by one; an unknown key agrees with nothing."""
    linkage = linkage_of(PARTS).model_copy(update={"blocks": (Block(on=on),)})
    column = {"forename": 0, "surname": 1, "born": 2}
    keys = [[column[side] for side in key.split("=")] for key in on]
    agreeing = [
        all(one[key[0]] == other[key[-1]] is not None and one[key[-1]] == other[key[0]] is not None for key in keys)
        for one, other in itertools.combinations(PEOPLE, 2)
    ]
    assert count_pairs(people, linkage) == [sum(agreeing)]


def test_a_placeholder_is_refused(con: duckdb.DuckDBPyConnection, linkage_of: Callable[..., Linkage]) -> None:
    """A part that one unnoticed placeholder fills is refused by its block, before the machine is asked to try all pairs."""
    con.execute("CREATE TABLE people (forename VARCHAR, surname VARCHAR, born VARCHAR)")
    con.execute(f"INSERT INTO people SELECT 'X', NULL, '2001-01-01' FROM range({4 * MOST_PAIRS_A_PERSON})")
    linkage = linkage_of(PARTS).model_copy(update={"blocks": (Block(on=("born",)),)})
    with pytest.raises(DataError, match=r"block on born: would try [\d,]+ pairs of 200 records\. Add a key"):
        count_pairs(con, linkage)
