"""How many children are in a cell: no small number is told, and none can be worked out from what is."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.small_numbers import FEWEST, NEAREST, rounded
from service.model_sheet.population import Group, Population, population

COUNTS = st.lists(st.one_of(st.integers(0, 30), st.integers(0, 5000)), min_size=2, max_size=30)


@settings(derandomize=True, database=None, deadline=None)
@given(counts=COUNTS)
def test_no_small_number(counts: list[int]) -> None:
    """Every count that is told is ten or more to the nearest five; every cell is in one group, neighbours together."""
    told = population(counts)
    shown = [group.children for group in told.groups] + [told.not_known]
    assert all(count is None or (count >= FEWEST and count % NEAREST == 0) for count in shown[:-1])
    assert told.not_known is None or told.not_known == (rounded(counts[-1]) or 0)
    assert [cell for group in told.groups for cell in range(group.first, group.last + 1)] == list(
        range(len(counts) - 1)
    )


@settings(derandomize=True, database=None, deadline=None)
@given(counts=COUNTS)
def test_every_child_is_counted(counts: list[int]) -> None:
    """Few of whom it is not known are counted with the first group, so that what is told comes to all of the children."""
    told = population(counts)
    shown = [group.children for group in told.groups if group.children is not None] + [told.not_known or 0]
    off = 2.5 * (len(told.groups) + 1)
    assert sum(shown) == pytest.approx(sum(counts), abs=off if sum(shown) else FEWEST)
    assert (told.not_known is None) == (0 < counts[-1] < FEWEST)


def test_none_can_be_worked_out() -> None:
    """Whoever knows all that is told of a term, and the exact total too, cannot say how many are in a small cell."""
    consistent: dict[tuple[Population, int], list[tuple[int, ...]]] = defaultdict(list)
    for counts in product(range(25), repeat=4):
        # Up to this total, every way to come to it is among those that are tried.
        if FEWEST <= sum(counts) < 25:
            consistent[population(counts), sum(counts)].append(counts)
    assert len(consistent) > 100
    for (told, _), answers in consistent.items():
        for cell in range(4):
            possible = {counts[cell] for counts in answers}
            # That nobody is in a cell is said of nobody.
            assert len(possible) > 1 or min(possible) == 0 or min(possible) >= FEWEST, (told, possible)


def test_small_neighbours_are_counted_together() -> None:
    """Cells of few children join those beside them; what is left over at the end joins the last that is large enough."""
    told = population((40, 3, 4, 5, 21, 2, 0))
    assert told.groups == (Group(0, 0, 40), Group(1, 3, 10), Group(4, 5, 25))
    assert told.not_known == 0
    assert told.of(5) == Group(4, 5, 25)


def test_few_are_not_known() -> None:
    """Few of whom it is not known are counted with the first group, many by themselves."""
    assert population((40, 30, 6)) == Population((Group(0, 0, 45), Group(1, 1, 30)), None)
    assert population((40, 30, 12)) == Population((Group(0, 0, 40), Group(1, 1, 30)), 10)


def test_few_in_all() -> None:
    """Fewer than ten in all are one group, of which no count is told."""
    assert population((1, 2, 3, 0)) == Population((Group(0, 2, None),), 0)
    assert population((1, 2, 3)) == Population((Group(0, 1, None),), None)
