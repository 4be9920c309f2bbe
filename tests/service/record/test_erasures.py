"""Runs of numbers say the same as the numbers themselves."""

from hypothesis import given
from hypothesis import strategies as st

from service.record.erasures import Erasures, Runs, grow, left_of

NUMBERS = st.sets(st.integers(1, 60))


def runs(numbers: set[int]) -> Runs:
    """The runs of some numbers."""
    made: Runs = []
    for number in sorted(numbers):
        grow(made, number)
    return made


def numbers(some: Runs) -> set[int]:
    """The numbers in runs."""
    return {number for first, last in some for number in range(first, last + 1)}


@given(NUMBERS, NUMBERS)
def test_what_is_left_of_runs(some: set[int], taken: set[int]) -> None:
    """Taking runs from runs leaves the numbers that are in the first and not in the others."""
    left = list(left_of(runs(some), runs(taken)))
    assert numbers(left) == some - taken
    assert len(left) >= len(runs(some - taken))


@given(st.lists(NUMBERS, max_size=5))
def test_what_several_entries_erased(erased: list[set[int]]) -> None:
    """All that several entries erased is told as runs that do not touch, but for what came after them."""
    kept = Erasures()
    for some in erased:
        kept.add(30, runs(some))
    assert kept.all() == runs({number for some in erased for number in some if number < 30})
