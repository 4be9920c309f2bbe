"""
Draws a chart as SVG: lines told apart by dashes and marks as well as by colour, each named, and a title that says what is shown.

The same numbers give the same bytes; beside every chart stands the table of what it shows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.markup import Markup, element, text

# Colours that people who see few of them tell apart too, and that print in grey; dashes say it again.
_STYLES = (("#12436d", ""), ("#a04000", "7 3"), ("#801650", "2 3"), ("#3d3d3d", "10 3 2 3"), ("#28707a", "1 5"))
_WIDTH, _HEIGHT, _LEFT, _TOP, _ACROSS, _DOWN = 720, 420, 70, 50, 420, 310
_TICKS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart: its points (x, y); where each has an interval, `bounds` (low, high); `marked`: its points are seen."""

    name: str
    points: Sequence[tuple[float, float]]
    bounds: Sequence[tuple[float, float]] = ()
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis: what is along it, and from where to where it goes."""

    name: str
    low: float
    high: float

    def along(self, value: float) -> float:
        """Return how far along a value lies, 0 to 1 within the axis and no farther."""
        return min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)

    def ticks(self) -> list[float]:
        """Return where it is marked."""
        return [self.low + (self.high - self.low) * k / _TICKS for k in range(_TICKS + 1)]


def chart(title: str, across: Axis, up: Axis, lines: Sequence[Line]) -> bytes:
    """Return a chart of lines; the first is drawn last, above the others."""
    drawn = [shape for k, line in reversed(list(enumerate(lines))) for shape in _line(line, across, up, k)]
    shapes = [element("title", text(title)), _words(_LEFT, 24, title), *_frame(across, up), *drawn, *_legend(lines)]
    whole = element(
        "svg",
        *shapes,
        xmlns="http://www.w3.org/2000/svg",
        role="img",
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        width=_WIDTH,
        height=_HEIGHT,
        font_family="sans-serif",
        font_size=12,
    )
    return whole.encode()


def _frame(across: Axis, up: Axis) -> Iterator[Markup]:
    yield element("rect", x=_LEFT, y=_TOP, width=_ACROSS, height=_DOWN, fill="none", stroke="#3d3d3d")
    for value in across.ticks():
        yield _words(_x(across, value), _TOP + _DOWN + 18, f"{value:.3g}", "middle")
    for value in up.ticks():
        yield _words(_LEFT - 6, _y(up, value) + 4, f"{value:.3g}", "end")
    yield _words(_LEFT + _ACROSS / 2, _TOP + _DOWN + 42, across.name, "middle")
    yield _words(_LEFT, _TOP - 8, up.name)


def _line(line: Line, across: Axis, up: Axis, place: int) -> Iterator[Markup]:
    colour, dashes = _style(place)
    if line.bounds and not line.marked:
        lows = [(x, low) for (x, _), (low, _) in zip(line.points, line.bounds, strict=True)]
        highs = [(x, high) for (x, _), (_, high) in zip(line.points, line.bounds, strict=True)]
        yield element("polygon", points=_places([*lows, *reversed(highs)], across, up), fill=colour, fill_opacity=0.15)
    yield element(
        "polyline",
        points=_places(line.points, across, up),
        fill="none",
        stroke=colour,
        stroke_width=2,
        stroke_dasharray=dashes,
    )
    if line.marked:
        yield from _marks(line, across, up, colour)


def _marks(line: Line, across: Axis, up: Axis, colour: str) -> Iterator[Markup]:
    for (x, _), (low, high) in zip(line.points, line.bounds, strict=bool(line.bounds)):
        yield element("line", x1=_x(across, x), x2=_x(across, x), y1=_y(up, low), y2=_y(up, high), stroke=colour)
    for x, y in line.points:
        yield element("circle", cx=_x(across, x), cy=_y(up, y), r=3.5, fill=colour)


def _legend(lines: Sequence[Line]) -> Iterator[Markup]:
    for place, line in enumerate(lines):
        colour, dashes = _style(place)
        y, left = _TOP + 12 + 20 * place, _LEFT + _ACROSS + 14
        ends = {"x1": left, "x2": left + 28, "y1": y, "y2": y}
        yield element("line", **ends, stroke=colour, stroke_width=2, stroke_dasharray=dashes)
        yield _words(left + 34, y + 4, line.name)


def _style(place: int) -> tuple[str, str]:
    return _STYLES[place % len(_STYLES)]


def _words(x: float, y: float, words: str, anchor: str = "start") -> Markup:
    return element("text", text(words), x=x, y=y, text_anchor=anchor)


def _places(points: Sequence[tuple[float, float]], across: Axis, up: Axis) -> str:
    return " ".join(f"{_x(across, x):.2f},{_y(up, y):.2f}" for x, y in points)


def _x(axis: Axis, value: float) -> float:
    return _LEFT + axis.along(value) * _ACROSS


def _y(axis: Axis, value: float) -> float:
    return _TOP + (1.0 - axis.along(value)) * _DOWN
