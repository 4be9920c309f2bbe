"""The drawings with two scales: the reliability curve, the lists of every length, what could be done about a gap."""

import re

from fairness.pack.charts.frontier import Choice, frontier
from fairness.pack.charts.lists import ListPoint, lists
from fairness.pack.charts.plane import Plane
from fairness.pack.charts.reliability import reliability
from fairness.pack.charts.scale import HUNDRED

NONE = (None, None, None)


def test_a_point_lies_where_its_figures_say_and_up_is_more() -> None:
    """The middle of both scales is the middle of the plane; its foot is nothing."""
    plane = Plane(HUNDRED, HUNDRED, width=200, height=100)
    (x0, y0), (x1, y1), (xm, ym) = plane.at((0.0, 0.0)), plane.at((1.0, 1.0)), plane.at((0.5, 0.5))
    assert (x1 - x0, y0 - y1) == (200, 100)
    assert (xm, ym) == ((x0 + x1) / 2, (y0 + y1) / 2)


def test_a_curve_on_which_all_that_was_foreseen_happened_lies_on_the_straight_line() -> None:
    """Each disc of such a curve is as far along as it is up, and has its interval as a whisker."""
    drawn = reliability("Curve", "Review", [(0.1, 250, 0.1, 0.05, 0.15), (0.3, 250, 0.3, 0.25, 0.35)])
    discs = [(float(x), float(y)) for x, y in re.findall(r'class="dot" cx="([\d.]+)" cy="([\d.]+)"', drawn)]
    corner = Plane(HUNDRED, HUNDRED, height=266.0).at((0.0, 0.0))
    assert len(discs) == 2
    assert all(abs((x - corner[0]) - (corner[1] - y)) < 0.2 for x, y in discs)
    whiskers = re.search(r'class="w" d="([^"]*)"', drawn)
    assert whiskers is not None
    assert whiskers[1].count("M") == 2


def test_curves_drawn_to_the_same_end_can_be_compared() -> None:
    """A scale that is asked for is kept, and otherwise ends at the first round share above every point."""
    points = [(0.1, 250, 0.1, 0.05, 0.15)]
    assert ">80</text>" in reliability("Curve", "Review", points, top=0.8)
    assert ">80</text>" not in reliability("Curve", "Review", points)
    assert ">20</text>" in reliability("Curve", "Review", points)


def test_a_curve_of_nobody_is_an_empty_plane() -> None:
    """There is a drawing, and no mark in it."""
    assert "dot" not in reliability("Curve", "Review", [])


def test_lists_have_a_line_each_for_what_is_found_useful_and_possible() -> None:
    """Each length of list has its place on three lines, two whiskers, and the mark of its verdict."""
    points = [
        ListPoint(0.1, (0.2, 0.18, 0.22), (0.6, 0.55, 0.65), 0.3, -0.08, 1),
        ListPoint(0.2, (0.37, 0.34, 0.4), (0.55, 0.5, 0.6), 0.6, -0.04, 0),
        ListPoint(0.3, NONE, NONE, None, None, None),
    ]
    drawn = lists("Longer lists", "Review", points)
    curves, shortfall = _planes(drawn)
    assert [len(re.findall("[ML]", path)) for path in re.findall('class="line[^"]*" d="([^"]*)"', curves)] == [2, 2, 2]
    assert re.findall('class="(m.)"', shortfall) == ["m1", "m0"]
    assert drawn.count("<li>") == 3


def test_choices_are_numbered_and_marked_by_what_they_are() -> None:
    """A full mark is unbeaten, a hollow one is not, a square is what ships; a choice with nothing told keeps its number."""
    told = (0.37, 0.34, 0.4)
    choices = [
        Choice("As trained", (-0.12, -0.17, -0.07), told, (0.59, 0.54, 0.64), unbeaten=True, shipped=True),
        Choice("Untold", NONE, NONE, NONE, unbeaten=False, shipped=False),
        Choice("Without area", (-0.11, -0.16, -0.05), told, (0.56, 0.51, 0.61), unbeaten=False, shipped=False),
    ]
    planes = _planes(frontier("Choices", "Review", choices))
    assert len(planes) == 2
    for plane in planes:
        assert re.findall(r'class="label">(\d)<', plane) == ["1", "3"]
        assert re.findall('<(rect|circle) class="(full|hollow)"', plane) == [("rect", "full"), ("circle", "hollow")]


def test_of_many_choices_those_that_others_beat_have_no_number() -> None:
    """A dozen have room for one each; of more, what ships and what no other beats is named, and every one still has its mark."""
    at = (-0.1, -0.15, -0.05), (0.37, 0.34, 0.4), (0.59, 0.54, 0.64)
    choices = [Choice(f"Choice {which}", *at, unbeaten=which == 4, shipped=which == 0) for which in range(13)]
    for many, named in ((12, [str(number) for number in range(1, 13)]), (13, ["1", "5"])):
        for plane in _planes(frontier("Choices", "Review", choices[:many])):
            assert re.findall(r'class="label">(\d+)<', plane) == named
            assert len(re.findall('class="(?:full|hollow)"', plane)) == many
            assert re.findall(r'class="w" d="([^"]*)"', plane)[0].count("M") == 2 * len(named)


def test_numbers_of_choices_that_lie_together_stand_apart() -> None:
    """Six choices in one place have six numbers that do not cover one another."""
    at = (-0.1, -0.15, -0.05), (0.37, 0.34, 0.4), (0.59, 0.54, 0.64)
    choices = [Choice(f"Choice {which}", *at, unbeaten=True, shipped=False) for which in range(6)]
    first = _planes(frontier("Choices", "Review", choices))[0]
    places = [(float(x), float(y)) for x, y in re.findall(r'<text x="([\d.]+)" y="([\d.]+)"[^>]*class="label"', first)]
    assert len(places) == 6
    assert all(
        abs(one[0] - other[0]) >= 11 or abs(one[1] - other[1]) >= 11
        for which, one in enumerate(places)
        for other in places[:which]
    )


def _planes(drawn: str) -> list[str]:
    return drawn.split('<svg role="img" class="plane"')[1:]
