"""Who is of one family: by reference, or by all that families share; never by less, and never a whole hostel."""

from collections.abc import Callable

import duckdb
import pytest

from models.linkage import Linkage, Part
from training.linkage.families import MOST_CHILDREN, family_of

Person = tuple[int, str | None, str | None, str | None]
PARTS = (
    Part(name="forename", kind="name"),
    Part(name="surname", kind="name", shared="family"),
    Part(name="postcode", kind="postcode", shared="family"),
)
Families = Callable[[list[Person]], list[set[int]]]


@pytest.fixture
def families(con: duckdb.DuckDBPyConnection, linkage_of: Callable[..., Linkage]) -> Families:
    """Return the families of some people (child, reference, surname, postcode), each the set of its children."""

    def found(people: list[Person]) -> list[set[int]]:
        con.execute("CREATE TABLE people (uid BIGINT, family VARCHAR, surname VARCHAR, postcode VARCHAR)")
        con.execute("CREATE TABLE member (uid BIGINT, child BIGINT)")
        for uid, (child, *rest) in enumerate(people):
            con.execute("INSERT INTO people VALUES (?, ?, ?, ?)", [uid, *rest])
            con.execute("INSERT INTO member VALUES (?, ?)", [uid, child])
        numbers = family_of(con, linkage_of(PARTS), 1 + max(child for child, *_ in people))
        return [
            {c for c, n in enumerate(numbers.tolist()) if n == number} for number in dict.fromkeys(numbers.tolist())
        ]

    return found


def test_by_reference(families: Families) -> None:
    """Children with one reference are of one family, whatever they are called and wherever they live."""
    assert families([(0, "clinic m1", "A", "X"), (1, "clinic m1", "B", "Y"), (2, "clinic m2", "C", "Z")]) == [
        {0, 1},
        {2},
    ]


def test_by_everything_that_families_share(families: Families) -> None:
    """Children with one surname at one postcode are of one family; with one of the two they are not."""
    people: list[Person] = [(0, None, "A", "X"), (1, None, "A", "X"), (2, None, "A", "Y"), (3, None, "B", "X")]
    assert families(people) == [{0, 1}, {2}, {3}]


def test_through_a_third(families: Families) -> None:
    """Families that share a child are one, by whatever each is tied to it; the child's several records count together."""
    people: list[Person] = [(0, "m1", None, None), (1, "m1", None, None), (1, None, "A", "X"), (2, None, "A", "X")]
    assert families(people) == [{0, 1, 2}]


def test_what_is_not_known_joins_nobody(families: Families) -> None:
    """Two children of whom nothing is known, or part of what families share, are two families."""
    assert families([(0, None, None, None), (1, None, None, None), (2, None, "A", None), (3, None, "A", None)]) == [
        {0},
        {1},
        {2},
        {3},
    ]


def test_one_child_alone(families: Families) -> None:
    """A child with two records that share everything is a family alone, and not tied to itself twice."""
    assert families([(0, "m1", "A", "X"), (0, "m1", "A", "X")]) == [{0}]


@pytest.mark.parametrize(("children", "joined"), [(MOST_CHILDREN, 1), (MOST_CHILDREN + 1, MOST_CHILDREN + 1)])
def test_a_hostel(families: Families, children: int, joined: int) -> None:
    """An address with more children of one surname than a family has joins none of them."""
    assert len(families([(child, None, "A", "X") for child in range(children)])) == joined


@pytest.mark.parametrize(("children", "joined"), [(MOST_CHILDREN, 1), (MOST_CHILDREN + 1, MOST_CHILDREN + 1)])
def test_a_reference_that_is_none(families: Families, children: int, joined: int) -> None:
    """A reference that more children have than a family has, such as a default one, joins none of them."""
    assert len(families([(child, "0000", None, None) for child in range(children)])) == joined


def test_texts_that_could_be_confused(families: Families) -> None:
    """A reference that is written like an address is none."""
    assert families([(0, "A|X", None, None), (1, None, "A", "X")]) == [{0}, {1}]
