"""The parts of a whole as they may be told."""

import itertools
from collections import defaultdict

import pytest

from fairness.disclosure.counts import of_groups, partition


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"a": 40, "b": 20}, {"a": 40, "b": 20}),
        ({"a": 40, "b": 0}, {"a": 40, "b": 0}),
        ({"a": 40, "b": 20, "c": 3}, {"a": 40, "b": None, "c": None}),
        ({"a": 40, "b": 4, "c": 5}, {"a": 40, "b": None, "c": None}),
        ({"a": 40, "b": 1, "c": 1}, {"a": None, "b": None, "c": None}),
        ({"a": 0, "b": 4, "c": 0}, {"a": None, "b": None, "c": None}),
    ],
)
def test_partition(counts: dict[str, int], told: dict[str, int | None]) -> None:
    """A few are hidden, and beside them as little as keeps them from being the rest of the whole."""
    assert partition(counts) == told


def test_no_part_comes_out() -> None:
    """Of every table of three parts, what is told and the whole leave a hidden small part three numbers, from a whole of two on."""
    could_be: defaultdict[tuple[object, int, int], set[int]] = defaultdict(set)
    for counts in itertools.product(range(24), repeat=3):
        told = partition(dict(zip("abc", counts, strict=True)))
        for place, name in enumerate("abc"):
            if told[name] is None and 2 <= sum(counts) < 24:
                could_be[tuple(told.values()), sum(counts), place].add(counts[place])
    assert len(could_be) > 100
    assert min(map(len, could_be.values())) >= 3


def test_of_groups() -> None:
    """Counts of groups are to the nearest five; a small group is counted with the largest, and of nobody it is 0."""
    told = of_groups({"side": {"a": (102, 61), "b": (33, 18), "c": (4, 4), "d": (0, 0)}})
    assert told == {"side": {"a": (105, 65), "b": (35, 20), "c": (None, None), "d": (0, 0)}}
