"""A drawing with two scales, one across and one up, in pixels; small enough that its words stay readable on a narrow screen."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from fairness.pack.charts.scale import Scale
from models.markup import Markup, element, svg, text

Point = tuple[float, float]
_LEFT, _TOP, _FOOT, _RIGHT = 40.0, 28.0, 46.0, 14.0


@dataclass(frozen=True, slots=True)
class Plane:
    """Where figures lie in a drawing of so many pixels across and up, its scales' words left out."""

    across: Scale
    up: Scale
    width: float = 266.0
    height: float = 220.0

    def x(self, figure: float) -> float:
        """Return how far from the left a figure lies."""
        return round(_LEFT + self.across.along(figure) * self.width, 1)

    def y(self, figure: float) -> float:
        """Return how far from the top a figure lies."""
        return round(_TOP + (1 - self.up.along(figure)) * self.height, 1)

    def at(self, point: Point) -> Point:
        """Return where a point lies."""
        return self.x(point[0]), self.y(point[1])

    def line(self, points: Iterable[Point], class_: str) -> Markup:
        """Return a line through points."""
        places = [self.at(point) for point in points]
        return (
            element("path", class_=class_, d="M" + "L".join(f"{x:g} {y:g}" for x, y in places)) if places else text("")
        )

    def whiskers(self, ends: Iterable[tuple[Point, Point]]) -> Markup:
        """Return the whiskers between pairs of points, all as one shape."""
        drawn = [(self.at(first), self.at(last)) for first, last in ends]
        path = "".join(f"M{x1:g} {y1:g}L{x2:g} {y2:g}" for (x1, y1), (x2, y2) in drawn)
        return element("path", class_="w", d=path) if path else text("")

    def drawing(
        self, title: str, across: str, up: str, shapes: Iterable[Markup], write: Callable[[float], str]
    ) -> Markup:
        """Return the drawing: shapes above the scales, which are named; `up` stands above its scale, written level."""
        tall = _TOP + self.height + _FOOT
        named = [_words(0, 14, up), _words(_LEFT + self.width, tall - 6, across, "end")]
        scales = [self._frame(), *self._ticks(write), *named]
        return svg(title, _LEFT + self.width + _RIGHT, tall, *scales, *shapes, class_="plane")

    def _frame(self) -> Markup:
        corners = [(self.across.low, self.up.high), (self.across.low, self.up.low), (self.across.high, self.up.low)]
        return self.line(corners, "frame")

    def _ticks(self, write: Callable[[float], str]) -> list[Markup]:
        foot = _TOP + self.height
        across = [_words(self.x(at), foot + 18, write(at), "middle") for at in self.across.ticks]
        rules = [self.line([(self.across.low, at), (self.across.high, at)], "grid") for at in self.up.ticks[1:]]
        return [*across, *rules, *(_words(_LEFT - 6, self.y(at) + 4, write(at), "end") for at in self.up.ticks)]


def _words(x: float, y: float, words: str, anchor: str = "") -> Markup:
    return element("text", text(words), x=x, y=y, text_anchor=anchor)


def label(x: float, y: float, words: str, *, anchor: str = "", class_: str = "label") -> Markup:
    """Return words beside what they name."""
    return element("text", text(words), x=x, y=y, text_anchor=anchor, class_=class_)


def drawing(title: str, subtitle: str, *drawings: Markup, key: Markup | None = None) -> Markup:
    """Return drawings under a headline, what is drawn, and the key to it where there is one."""
    caption = element("figcaption", element("strong", text(title)), element("span", text(subtitle)))
    return element("figure", caption, *([] if key is None else [key]), element("div", *drawings, class_="planes"))
