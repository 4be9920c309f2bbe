"""Children are named by pseudonyms, their families too, and each has the date of birth that most of its records say."""

from collections.abc import Callable
from typing import Any

import duckdb
import pytest

from models.secret import Secret
from training.linkage.naming import write_children
from training.linkage.pseudonyms import Known

SECRET = Secret(b"k" * 32)
# A record: its agency, its child, the family's reference and the date of birth.
Held = tuple[str, int, str | None, str | None]
Children = list[tuple[str, str, str | None, int | None]]
Name = Callable[..., tuple[Children, Known]]


@pytest.fixture
def name(con: duckdb.DuckDBPyConnection, town: Any) -> Name:
    """Name the children of some records: each child's pseudonym, family, date of birth and cohort, and the new map."""

    def named(held: list[Held], earlier: Known | None = None) -> tuple[Children, Known]:
        for table, columns in _TABLES.items():
            con.execute(f"CREATE OR REPLACE TABLE {table} ({columns})")
        con.execute("DROP TABLE IF EXISTS named; DROP TABLE IF EXISTS children")
        for uid, (agency, child, family, born) in enumerate(held):
            con.execute(
                "INSERT INTO people VALUES (?, ?, ?, ?, ?, NULL, NULL)", [uid, agency, f"id {uid}", family, born]
            )
            con.execute("INSERT INTO member VALUES (?, ?)", [uid, child])
        known, _ = write_children(con, town.contract, town.contract.linkage, earlier or Known(), SECRET)
        return con.execute(
            "SELECT name, family, CAST(born AS VARCHAR), cohort FROM children ORDER BY child"
        ).fetchall(), known

    return named


_TABLES = {
    "people": "uid BIGINT, agency VARCHAR, id VARCHAR, family VARCHAR, date_of_birth VARCHAR, surname VARCHAR, postcode VARCHAR",
    "member": "uid BIGINT, child BIGINT",
}


@pytest.mark.parametrize(
    ("said", "born", "cohort"),
    [
        (["2016-08-31"], "2016-08-31", 2015),
        (["2016-09-01", "2016-08-31", "2016-09-01"], "2016-09-01", 2016),
        (["2016-08-31", "2016-09-01", "2016-09-01"], "2016-09-01", 2016),
        (["2016-08-31", "2016-09-01"], "2016-08-31", 2015),
        (["2016-09-01", "2016-08-31"], "2016-09-01", 2016),
        ([None, "2016-09-01"], "2016-09-01", 2016),
        ([None, None], None, None),
    ],
)
def test_the_date_of_birth(name: Name, said: list[str | None], born: str | None, cohort: int | None) -> None:
    """A child was born when most of its records say, and among equals when the first named agency says."""
    ((_, _, found, year),), _ = name([("clinic", 0, None, day) for day in said])
    assert (found, year) == (born, cohort)


def test_a_childs_pseudonym_is_kept(name: Name) -> None:
    """All records of a child have one pseudonym in the map, by which it has the same next year; a new child has another."""
    ((first, *_),), known = name([("clinic", 0, None, None), ("school", 0, None, None)])
    assert known.child == {("clinic", "id 0"): first, ("school", "id 1"): first}
    ((new, *_), (again, *_)), later = name(
        [("clinic", 1, None, None), ("school", 1, None, None), ("nursery", 0, None, None)], known
    )
    assert again == first != new
    assert later.child == known.child | {("nursery", "id 2"): new}


def test_families_have_pseudonyms(name: Name) -> None:
    """Children of one family share a family's pseudonym, which is no child's, and which tells no reference."""
    children, _ = name(
        [("clinic", 0, "clinic M1", None), ("clinic", 1, "clinic M1", None), ("clinic", 2, "clinic M2", None)]
    )
    families = [family for _, family, *_ in children]
    assert families[0] == families[1] != families[2]
    assert not {child for child, *_ in children} & set(families)
    assert {len(family) for family in families} == {16}
