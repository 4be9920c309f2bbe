"""How names sound: spellings of one name meet, and no name is too strange to have a sound."""

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.linkage.sounds import sound, sounds_of


@pytest.mark.parametrize(
    ("one", "other"),
    [("SMITH", "SMYTH"), ("CATHERINE", "KATHRYN"), ("STEPHEN", "STEVEN"), ("PHILIP", "FILLIP")],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    """Usual spellings of one name sound the same."""
    assert sound(one) == sound(other)


@pytest.mark.parametrize(("one", "other"), [("SMITH", "JONES"), ("ALMA", "BERIT"), ("李", "王")])
def test_other_names(one: str, other: str) -> None:
    """Names that share nothing do not sound the same, in any script."""
    assert sound(one) != sound(other)


@settings(derandomize=True, database=None)
@given(name=st.text(st.characters(categories=["L"]), min_size=1))
def test_every_name_has_a_sound(name: str) -> None:
    """Letters of any script have a sound, and it is never empty: a name without one would block with every other."""
    assert sound(name)


def test_long_names_have_a_sound() -> None:
    """A name of ten thousand letters has a sound, too."""
    assert sound("THACKRAY" * 1250)


def test_the_sounds_of_a_table(con: duckdb.DuckDBPyConnection) -> None:
    """Every name of the columns asked for is listed once with its sound; names that are not known are not listed."""
    con.execute(
        "CREATE TABLE held AS SELECT * FROM (VALUES ('SMITH', 'ANN'), ('SMYTH', 'SMITH'), (NULL, 'ANN')) AS t (a, b)"
    )
    sounds_of(con, "held", ["a", "b"])
    found = con.execute("SELECT spelled, sound FROM sounds ORDER BY spelled").fetchall()
    assert found == [(name, sound(name)) for name in ("ANN", "SMITH", "SMYTH")]


def test_the_sounds_of_nobody(con: duckdb.DuckDBPyConnection) -> None:
    """A table of nobody, or of names never written, has no sounds and raises nothing."""
    con.execute("CREATE TABLE held (a VARCHAR)")
    sounds_of(con, "held", ["a"])
    con.execute("INSERT INTO held VALUES (NULL)")
    sounds_of(con, "held", ["a"])
    assert con.execute("SELECT * FROM sounds").fetchall() == []


def test_no_names_at_all(con: duckdb.DuckDBPyConnection) -> None:
    """Where no part of an identity is a name, there are no sounds, and nothing is raised."""
    con.execute("CREATE TABLE held (a VARCHAR)")
    sounds_of(con, "held", [])
    assert con.execute("SELECT spelled, sound FROM sounds").fetchall() == []
