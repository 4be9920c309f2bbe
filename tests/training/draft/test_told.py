"""What a draft says in words tells of no few children, and repeats no cell that stands where a name should."""

import pytest

from training.draft.told import as_name, can_be_named, heading, number, share


@pytest.mark.parametrize(
    ("count", "total", "said"),
    [
        (4812, 4812, "all of about 4,810"),
        (4810, 4812, "nearly all of about 4,810"),
        (4000, 4812, "about 4,000 of about 4,810"),
        (3, 4812, "fewer than 10 of about 4,810"),
        (3, 3, "all of fewer than 10"),
    ],
)
def test_shares(count: int, total: int, said: str) -> None:
    """Neither the part nor the rest of the whole tells of fewer than ten."""
    assert share(count, total) == said


def test_numbers() -> None:
    """Counts are told to the nearest five, and small ones not at all."""
    assert [number(count) for count in (0, 9, 10, 12, 13)] == [
        "fewer than 10",
        "fewer than 10",
        "about 10",
        "about 10",
        "about 15",
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [("Date of Birth", '"Date of Birth"'), ("4859", "number 3"), ("k20190105x", "number 3"), ("a@b.org", "number 3")],
)
def test_headings(name: str, said: str) -> None:
    """A column is called by its name where that reads like one, and else by its place."""
    assert heading(name, 3) == said


def test_names() -> None:
    """Names of a contract are small letters, figures and low lines."""
    assert [as_name(text) for text in ("Two Words", "2024", "A--B")] == ["two_words", "source_2024", "a_b"]
    assert all(can_be_named(as_name(text)) for text in ("Two Words", "2024", "x" * 90))
    assert not can_be_named("Date")
