"""The plain words that a score is told in."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.plain_words import between, listed, out_of_100


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.0, "fewer than 1"),
        (0.005, "fewer than 1"),
        (0.006, "about 1"),
        (0.284, "about 28"),
        (0.994, "about 99"),
        (0.995, "more than 99"),
    ],
)
def test_out_of_100(probability: float, words: str) -> None:
    """A probability is told as children of 100, and never as none or all of them."""
    assert out_of_100(probability) == words


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.244, 0.306, "between 24 and 31"),
        (0.002, 0.021, "3 or fewer"),
        (0.974, 0.999, "97 or more"),
        (0.001, 0.999, "any number"),
    ],
)
def test_between(low: float, high: float, words: str) -> None:
    """An interval is told as children of 100, rounded outwards, and never as none or all of them."""
    assert between(low, high) == words


@settings(derandomize=True, database=None, deadline=None)
@given(ends=st.tuples(st.floats(0, 1), st.floats(0, 1)), inside=st.floats(0, 1))
def test_the_number_lies_between(ends: tuple[float, float], inside: float) -> None:
    """A score within its interval is told as a number within the numbers that the interval is told as."""
    low, high = sorted(ends)
    probability = low + inside * (high - low)
    told, bounds = out_of_100(probability), between(low, high)
    if told.startswith("about") and bounds.startswith("between"):
        least, most = (int(number) for number in bounds.removeprefix("between ").split(" and "))
        assert least <= int(told.removeprefix("about ")) <= most


@pytest.mark.parametrize(("names", "words"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")])
def test_listed(names: list[str], words: str) -> None:
    """Names are listed as a person would."""
    assert listed(names) == words
