"""What a search could have found."""

import pytest

from fairness.segment.reach import OFTEN, reach


def test_more_children_are_seen_more_clearly() -> None:
    """The chance of finding a segment of 4 % grows with the children, from little to nearly certain."""
    chances = [reach(children, 0.31, 0.19, 1_500).chance for children in (1_000, 3_200, 6_400, 12_800, 25_600)]
    assert chances == sorted(chances)
    # Too small to be looked at, and then as simulated, within 15 of 100 (the table in the module).
    assert chances[0] == 0
    assert chances[1:] == pytest.approx([0.20, 0.35, 0.79, 0.99], abs=0.15)


def test_the_smallest_that_is_found_often_is_found_as_often() -> None:
    """Were the segment asked about that small, its chance would be four in five; with fewer than twice as many there is none."""
    smallest = reach(12_800, 0.31, 0.19, 3_000).smallest
    assert smallest is not None
    assert reach(round(smallest / 0.04), 0.31, 0.19, 3_000).chance == pytest.approx(OFTEN, abs=0.01)
    assert reach(2 * (smallest - 1), 0.31, 0.19, 3_000).smallest is None


def test_a_rare_outcome_needs_more_children() -> None:
    """No segment is found that has too few with the outcome, or too few without, to be looked at."""
    usual, rare, common = (reach(10_000, rate, 0.02, 500).smallest for rate in (0.3, 0.02, 0.82))
    assert usual is not None
    assert rare is not None
    assert common is not None
    assert usual < rare < common
