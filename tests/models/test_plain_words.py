"""The plain words that a score is told in."""

import pytest

from models.plain_words import out_of_100, value_words


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
    ("value", "units", "words"),
    [
        (None, "milestones", "not known"),
        (2.0, "milestones", "milestones: 2"),
        (7.25, "hours", "hours: 7.25"),
        (3.0, None, "3"),
    ],
)
def test_values(value: float | None, units: str | None, words: str) -> None:
    """A value is written with its units, whole where it is whole, and said to be not known where it is."""
    assert value_words(value, units) == words
