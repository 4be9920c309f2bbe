"""Groups as a landmark knew them: never what was recorded after it."""

from collections.abc import Iterator

import duckdb
import numpy as np
import pytest

from fairness.scored import NOT_RECORDED
from models.contract import Contract
from training.cohort import CohortTable
from training.snapshots import Matrix
from training.validation.known_groups import known_groups

ROWS = [
    ("a", 0, 0, "F"),
    ("a", 900, 900, "M"),
    ("b", 0, 100, "M"),
    ("c", 0, 800, "F"),
    ("d", 0, 365, "F"),
    ("e", 0, 0, None),
]


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Births of five children, one of them corrected long after, one registered late."""
    with duckdb.connect() as con:
        con.execute("CREATE TABLE events_births (child VARCHAR, happened INTEGER, known INTEGER, sex VARCHAR)")
        con.executemany("INSERT INTO events_births VALUES (?, ?, ?, ?)", ROWS)
        yield con


def _cohort(contract: Contract, later: list[str]) -> CohortTable:
    children = np.array(list("abcde"))
    nobody = np.zeros((5, 0))
    matrix = Matrix(contract.landmark("one_year"), children, (), nobody)
    return CohortTable(matrix, {}, children, None, {"sex": np.array(later)}, np.ones(5), {})


LATER = ["Boys", "Boys", "Girls", "Girls", NOT_RECORDED]


def test_what_was_known_then(con: duckdb.DuckDBPyConnection, borough: Contract) -> None:
    """A group is the one on record by the landmark's day, that day included, whatever was recorded after it."""
    found = known_groups(con, borough, borough.audit[0], _cohort(borough, LATER))
    assert found.groups.tolist() == ["Girls", "Boys", NOT_RECORDED, "Girls", NOT_RECORDED]
    assert found.then
    assert found.share == 0.75


def test_recorded_later(con: duckdb.DuckDBPyConnection, borough: Contract) -> None:
    """Where most groups come on record after the landmark they are those of the audit, and said to be later."""
    con.execute("UPDATE events_births SET known = 900 WHERE child IN ('a', 'b')")
    found = known_groups(con, borough, borough.audit[0], _cohort(borough, LATER))
    assert found.groups.tolist() == LATER
    assert not found.then
    assert found.share == 0.25


def test_nobody_ever_recorded(con: duckdb.DuckDBPyConnection, borough: Contract) -> None:
    """An attribute on record for nobody was known for no share of them."""
    found = known_groups(con, borough, borough.audit[0], _cohort(borough, [NOT_RECORDED] * 5))
    assert (found.share, found.then) == (0.0, False)


def test_nothing_is_left_behind(con: duckdb.DuckDBPyConnection, borough: Contract) -> None:
    """Asking twice is answered twice, and the tables hold what they held."""
    for _ in range(2):
        known_groups(con, borough, borough.audit[0], _cohort(borough, LATER))
    assert con.execute("SELECT count(*) FROM events_births").fetchall() == [(len(ROWS),)]
