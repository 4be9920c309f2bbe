"""The reliability curve: of children with about the same score, how many had the outcome, and how many were foreseen to."""

from collections.abc import Sequence

from fairness.pack.charts.plane import Plane, drawing
from fairness.pack.charts.scale import Scale, tick
from models.markup import Markup, element

# Share foreseen, children, share with the outcome, low and high end of its 95 % interval.
Bin = tuple[float, int, float, float, float]

_TOPS = (0.2, 0.4, 0.6, 0.8, 1.0)


def reliability(title: str, subtitle: str, points: Sequence[Bin], *, top: float | None = None) -> Markup:
    """
    Return the curve of the bins, lowest score first, beside the line on which as many happen as were foreseen.

    Both scales end at `top`, which several curves share to be compared; left out, at the first round share above every point.
    """
    end = top or _top(points)
    scale = Scale(tuple(end * quarter / 4 for quarter in range(5)))
    plane = Plane(scale, scale, height=266.0)
    ideal = plane.line([(0.0, 0.0), (end, end)], "at")
    spread = plane.whiskers(((foreseen, low), (foreseen, high)) for foreseen, _, _, low, high in points)
    curve = plane.line([(foreseen, happened) for foreseen, _, happened, _, _ in points], "line")
    discs = [
        element("circle", class_="dot", cx=plane.x(foreseen), cy=plane.y(happened), r=4)
        for foreseen, _, happened, _, _ in points
    ]
    shapes = [ideal, spread, curve, *discs]
    return drawing(title, subtitle, plane.drawing(title, "Foreseen, of 100", "Happened, of 100", shapes, tick))


def _top(points: Sequence[Bin]) -> float:
    furthest = max((max(foreseen, happened) for foreseen, _, happened, _, _ in points), default=1.0)
    return next((top for top in _TOPS if furthest <= top), 1.0)
