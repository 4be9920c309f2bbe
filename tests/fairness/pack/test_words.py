"""The words that figures are told in."""

import pytest

from fairness.pack import words


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (0.0, "fewer than 1 in 100"),
        (0.004, "fewer than 1 in 100"),
        (0.405, "about 41 in 100"),
        (1.0, "almost all of 100"),
    ],
)
def test_a_share_is_told_as_so_many_of_a_hundred(share: float, told: str) -> None:
    """Natural frequencies come first; none, and all, are told as what they are."""
    assert words.of_100(share) == told


def test_halves_go_up_whatever_binary_makes_of_them() -> None:
    """A share that reads as a half is one: .285 is 29 of a hundred, though its nearest double is a little less."""
    assert [words.hundred(share) for share in (0.285, 0.295, 0.305, -0.005)] == [29, 30, 31, 0]


def test_a_figure_has_its_range_or_its_symbol() -> None:
    """What is not told is its symbol, never a blank or a nought."""
    assert words.share((0.41, 0.36, 0.47)) == "41 (36 to 47)"
    assert words.points((-0.11, -0.16, 0.004)) == "\N{MINUS SIGN}11 (\N{MINUS SIGN}16 to 0)"
    assert words.ratio((1.188, 1.02, None)) == "1.19"
    assert words.decimal(-0.001) == "0.00"
    assert {write((None, None, None)) for write in (words.share, words.points, words.ratio)} == {"c"}


@pytest.mark.parametrize(
    ("n", "told"),
    [
        (None, "fewer than 10"),
        (0, "nobody"),
        (10, "10 to 99"),
        (100, "100 to 249"),
        (2_499, "1,000 to 2,499"),
        (9_000, "2,500 or more"),
    ],
)
def test_children_are_told_in_bands(n: int | None, told: str) -> None:
    """Between round numbers; one that is hidden is told as fewer than ten."""
    assert words.band(n) == told


def test_dates_are_told_in_full() -> None:
    """Whatever language the machine speaks."""
    assert words.in_full("2026-09-05") == "5 September 2026"


def test_the_four_verdicts_keep_their_order() -> None:
    """A verdict is held as a place: the words of each place are those of its phrase."""
    assert [
        words.VERDICTS[at].split(",", maxsplit=1)[0]
        for at in (words.WITHIN, words.LARGER, words.WATCH, words.CANNOT_TELL)
    ] == [
        "Within the agreed margin",
        "Gap larger than agreed",
        "Possible gap",
        "Not enough data to tell",
    ]
    assert words.verdict(words.LARGER) == "▲ Gap larger than agreed"
    assert words.verdict(None) == "not told"
