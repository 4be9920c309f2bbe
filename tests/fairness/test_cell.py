"""Names of two groups together."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from fairness.cell import cell

NAMES = st.text(st.sampled_from("A, “”"), min_size=1, max_size=5)


def test_plain() -> None:
    """Groups with plain names are called by both, commas in numbers and all; a name that holds a comma of its own is quoted."""
    assert cell("Girls", "Under 2,500 g") == "Girls, Under 2,500 g"
    assert cell("A, B", "C") == "“A, B”, C"


@settings(derandomize=True, database=None, deadline=None, max_examples=300)
@given(st.lists(st.tuples(NAMES, NAMES), unique=True, min_size=2, max_size=8))
def test_no_two_are_called_the_same(pairs: list[tuple[str, str]]) -> None:
    """Different pairs have different names, whatever stands in them."""
    assert all(cell(*one) != cell(*other) for one, other in itertools.combinations(pairs, 2))
