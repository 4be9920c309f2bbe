"""What each length of the list would do: how many it finds, how many of it are found to need help, and who falls short."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fairness.pack.charts.marks import mark
from fairness.pack.charts.plane import Plane, Point, drawing
from fairness.pack.charts.scale import HUNDRED, Scale, around, tick
from fairness.pack.words import Figure
from models.markup import Markup, element, text

_TENTHS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
# How each line is drawn, and what it is.
_LINES = {
    "line": "Found, of 100 with the outcome",
    "line second": "With the outcome, of 100 flagged",
    "line most": "The most that a list of this length could find, of 100 with the outcome",
}


@dataclass(frozen=True, slots=True)
class ListPoint:
    """One length of list: its figures as told, the most that could be found, the widest shortfall and its verdict."""

    capacity: float
    recall: Figure
    ppv: Figure
    ceiling: float | None
    shortfall: float | None
    verdict: int | None


def lists(title: str, subtitle: str, points: Sequence[ListPoint]) -> Markup:
    """Return two drawings side by side: what the lists find, and the widest shortfall of a protected group, in points."""
    return drawing(title, subtitle, _found(points), _short(points), key=_key())


def _found(points: Sequence[ListPoint]) -> Markup:
    plane = Plane(Scale(_TENTHS), HUNDRED)
    figures: list[Callable[[ListPoint], float | None]] = [
        lambda p: p.recall[0],
        lambda p: p.ppv[0],
        lambda p: p.ceiling,
    ]
    curves = [plane.line(_through(points, figure), line) for figure, line in zip(figures, _LINES, strict=True)]
    spread = [((p.capacity, low), (p.capacity, high)) for p in points for low, high in _ends(p.recall, p.ppv)]
    title = (
        "Of 100 with the outcome, how many are found, and could be; of 100 flagged, how many have it; by length of list"
    )
    return plane.drawing(title, "Flagged, of 100 children", "Of 100", [plane.whiskers(spread), *curves], tick)


def _key() -> Markup:
    """Return which line is which, by how it is drawn."""
    return element("ul", *(element("li", _sample(line), text(words)) for line, words in _LINES.items()), class_="key")


def _sample(line: str) -> Markup:
    drawn = element("path", class_=line, d="M0 8H32")
    return element("svg", drawn, class_="icon", aria_hidden="true", width=32, height=16)


def _through(points: Sequence[ListPoint], figure: Callable[[ListPoint], float | None]) -> list[Point]:
    return [(point.capacity, value) for point in points if (value := figure(point)) is not None]


def _ends(*told: Figure) -> list[tuple[float, float]]:
    return [(low, high) for _, low, high in told if low is not None and high is not None]


def _short(points: Sequence[ListPoint]) -> Markup:
    widest = [(point.capacity, point.shortfall, point.verdict) for point in points if point.shortfall is not None]
    plane = Plane(Scale(_TENTHS), around([(gap, None, None) for _, gap, _ in widest], through=(0.0,)))
    marks = [mark(verdict, *plane.at((capacity, gap))) for capacity, gap, verdict in widest]
    title = "Widest shortfall of a protected group, in points, by length of list"
    shapes = [plane.line([(0.0, 0.0), (0.5, 0.0)], "at"), *marks]
    return plane.drawing(title, "Flagged, of 100 children", "Widest shortfall, in points", shapes, tick)
