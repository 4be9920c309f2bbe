"""Small numbers: what is hidden, how what is told is rounded, and that nothing hidden can be worked out."""

import itertools
from collections import defaultdict

import pytest

from models.small_numbers import in_words, nearest, rounded, shown

Told = tuple[tuple[int | None, ...], int]


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, None), (1, None), (9, None), (9.99, None), (10, 10), (12, 10), (12.5, 15), (13, 15), (17, 15)],
)
def test_rounded(count: float, told: int | None) -> None:
    """Fewer than ten are hidden, none at all too; from ten on a count is told to the nearest five, halves up."""
    assert rounded(count) == told


@pytest.mark.parametrize(("amount", "told"), [(0.0, 0), (2.49, 0), (2.5, 5), (7.4, 5), (1e6 + 3, 1_000_005)])
def test_nearest(amount: float, told: int) -> None:
    """An expected number of shown children is told to the nearest five, however small it is."""
    assert nearest(amount) == told


@pytest.mark.parametrize(
    ("counts", "kept"),
    [
        ([], []),
        ([3], [False]),
        ([30], [True]),
        ([30, 20], [True, True]),
        ([30, 3], [False, False]),
        ([30, 3, 20], [True, False, False]),
        ([20, 3, 20], [False, False, True]),
        ([30, 3, 4, 20], [True, False, False, True]),
    ],
)
def test_never_hidden_alone(counts: list[int], kept: list[bool]) -> None:
    """Where one part is small the smallest other one is hidden with it; where several are, they hide one another."""
    assert shown(counts) == kept


def test_nothing_hidden_can_be_worked_out() -> None:
    """Of every table of three parts, all that is told leaves each hidden part at least ten counts that it could be."""
    could_be: defaultdict[tuple[Told, int], set[int]] = defaultdict(set)
    for counts in itertools.product(range(26), repeat=3):
        told = _told(counts)
        for part in range(3):
            if told[0][part] is None:
                could_be[told, part].add(counts[part])
    assert len(could_be) > 20
    assert min(map(len, could_be.values())) >= 10


def _told(counts: tuple[int, ...]) -> Told:
    kept = shown(counts)
    whole = sum(count for count, is_shown in zip(counts, kept, strict=True) if is_shown)
    return tuple(rounded(count) if is_shown else None for count, is_shown in zip(counts, kept, strict=True)), nearest(
        whole
    )


def test_in_words() -> None:
    """A count of fewer than ten is not told, nor is that there was nobody; any other is exact."""
    assert [in_words(count) for count in (0, 9, 10, 12_345)] == ["fewer than 10", "fewer than 10", "10", "12,345"]
