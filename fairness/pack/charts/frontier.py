"""What could be done about a gap, and what it would cost: each choice's gap against what it finds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from fairness.pack.charts.plane import Plane, Point, drawing, label
from fairness.pack.charts.scale import around, tick
from fairness.pack.words import Figure
from models.markup import Markup, element

# Where a number may stand beside its mark, the nearest free place first.
_BESIDE: tuple[Point, ...] = ((12, -7), (-12, -7), (12, 16), (-12, 16), (26, -7), (-26, -7), (26, 16), (-26, 16))

# More choices than this do not all have room for a number.
_FEW = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice: the gap of recall it leaves, what it finds, and whether no other choice is better on both, or it is ours."""

    label: str
    gap: Figure
    recall: Figure
    ppv: Figure
    unbeaten: bool
    shipped: bool


def frontier(title: str, subtitle: str, choices: Sequence[Choice]) -> Markup:
    """
    Return two drawings: the gap against recall, and against the share with the outcome among those flagged.

    Choices are numbered from 1, in the order given. A full mark: unbeaten; hollow: another choice is better on both; a
    square: what this release does. Of many choices those that others beat have neither number nor whisker.
    """
    found = _against(choices, attrgetter("recall"), "Found, of 100 with the outcome")
    useful = _against(choices, attrgetter("ppv"), "With the outcome, of 100 flagged")
    return drawing(title, subtitle, found, useful)


def _against(choices: Sequence[Choice], measure: Callable[[Choice], Figure], across: str) -> Markup:
    told = [(number, choice) for number, choice in enumerate(choices, start=1) if _told(choice.gap, measure(choice))]
    gaps = around([choice.gap for _, choice in told], through=(0.0,))
    plane = Plane(around([measure(choice) for _, choice in told]), gaps)
    named = [(number, choice) for number, choice in told if len(told) <= _FEW or choice.unbeaten or choice.shipped]
    spread = [pair for _, choice in named for pair in _cross(measure(choice), choice.gap)]
    marks = [_mark(choice, plane.at(_point(measure(choice), choice.gap))) for _, choice in told]
    numbers = _numbers([(number, plane.at(_point(measure(choice), choice.gap))) for number, choice in named])
    level = plane.line([(plane.across.low, 0.0), (plane.across.high, 0.0)], "at")
    shapes = [level, plane.whiskers(spread), *marks, *numbers]
    return plane.drawing(f"Gap of each choice against: {across}", across, "Gap in points", shapes, tick)


def _told(*shown: Figure) -> bool:
    return all(value is not None for value, _, _ in shown)


def _point(across: Figure, up: Figure) -> Point:
    return across[0] or 0.0, up[0] or 0.0


def _cross(across: Figure, up: Figure) -> list[tuple[Point, Point]]:
    """Return the two intervals that meet in a choice's mark."""
    x, y = _point(across, up)
    level = [((across[1], y), (across[2], y))] if across[1] is not None and across[2] is not None else []
    upright = [((x, up[1]), (x, up[2]))] if up[1] is not None and up[2] is not None else []
    return level + upright


def _mark(choice: Choice, at: Point) -> Markup:
    x, y = at
    class_ = "full" if choice.unbeaten else "hollow"
    if choice.shipped:
        return element("rect", class_=class_, x=x - 6, y=y - 6, width=12, height=12)
    return element("circle", class_=class_, cx=x, cy=y, r=5)


def _numbers(places: Sequence[tuple[int, Point]]) -> list[Markup]:
    """Return each choice's number beside its mark, clear of other marks and of numbers that stand already."""
    taken = [at for _, at in places]
    written = []
    for number, (x, y) in places:
        beside = [(x + across, y + down) for across, down in _BESIDE]
        free = next((spot for spot in beside if all(_clear(spot, other) for other in taken)), beside[0])
        taken.append((free[0], free[1] - 4))
        written.append(label(*free, str(number), anchor="middle"))
    return written


def _clear(spot: Point, other: Point) -> bool:
    return abs(spot[0] - other[0]) >= 11 or abs(spot[1] - 4 - other[1]) >= 11
