"""
One row's drawing: a mark and its whisker. It is as wide as its cell, for all places are in per cent of it.

Its figures stand as words in the same row of the table, so that nobody who cannot see it misses one. What is the same in every
row, the shaded margin and the upright lines, the table says once (`ground`) and the style draws.
"""

from collections.abc import Callable

from fairness.pack.charts.marks import mark
from fairness.pack.charts.scale import Scale
from fairness.pack.words import Figure
from models.markup import Markup, element, text

# At a scale's end: the arrow, and how far inside of it a mark stands that belongs beyond.
_ENDS = (("0%", "M6-4 0 0 6 4z", 13), ("100%", "M-6-4 0 0-6 4z", -13))


def track(scale: Scale, figure: Figure, verdict: int | None) -> Markup:
    """Return the cell with a figure's mark and whisker; arrows where they belong beyond the scale."""
    return drawn(*_whisker(scale, figure), *_arrows(scale, figure), *_mark(scale, figure[0], verdict))


def bar(scale: Scale, figure: Figure) -> Markup:
    """Return the cell with a share's bar from nothing, and its whisker."""
    value = figure[0]
    full = [] if value is None else [element("rect", class_="bar", width=_x(scale, value), height=12)]
    return drawn(*full, *_whisker(scale, figure), *_arrows(scale, figure))


def drawn(*shapes: Markup) -> Markup:
    """Return a cell with a drawing as wide as itself, whose middle line is at nought; without one where there is nothing to draw."""
    return element("td", *([element("svg", *shapes, aria_hidden="true")] if shapes else []), class_="drawn")


def ground(scale: Scale, margin: float | None = None, at: float | None = None, beside: float | None = None) -> str:
    """Return the style of a table whose drawings share a margin to either side of nought, and lines at these figures of each column."""
    places = {"at": at, "beside": beside}
    if margin is not None:
        places |= {"low": -margin, "high": margin}
    return ";".join(f"--{name}:{round(scale.along(place), 3):g}" for name, place in places.items() if place is not None)


def axis(words: str, scale: Scale, write: Callable[[float], str]) -> Markup:
    """Return a column's heading: what is drawn, and the scale it is drawn on."""
    ends = {scale.low: "start", scale.high: "end"}
    labels = [
        element("text", text(write(at)), x=_x(scale, at), y=13, text_anchor=ends.get(at, "middle"))
        for at in scale.ticks
    ]
    title = element("title", text(f"Scale from {write(scale.low)} to {write(scale.high)}"))
    return element("th", text(words), element("svg", title, *labels, role="img", height=18), scope="col", class_="axis")


def _whisker(scale: Scale, figure: Figure) -> list[Markup]:
    _, low, high = figure
    if low is None or high is None or low > scale.high or high < scale.low:
        return []
    return [Markup(f'<line x1="{_x(scale, low)}" x2="{_x(scale, high)}"/>')]


def _arrows(scale: Scale, figure: Figure) -> list[Markup]:
    """Draw an arrow at each end of the scale beyond which the figure or its interval goes on."""
    told = [each for each in figure if each is not None]
    beyond = (any(each < scale.low for each in told), any(each > scale.high for each in told))
    return [
        element("svg", element("path", class_="arrow", d=shape), x=end)
        for (end, shape, _), goes_on in zip(_ENDS, beyond, strict=True)
        if goes_on
    ]


def _mark(scale: Scale, value: float | None, verdict: int | None) -> list[Markup]:
    """Draw the verdict's mark at the figure; of one beyond the scale beside the arrow at its end, so that the verdict is seen."""
    if value is None:
        return []
    if scale.holds(value):
        return [mark(verdict, _x(scale, value), 0)]
    end, _, inside = _ENDS[value > scale.high]
    return [element("svg", mark(verdict, inside, 0), x=end)]


def _x(scale: Scale, figure: float) -> str:
    return _percent(scale.along(figure))


def _percent(share: float) -> str:
    return f"{round(100 * share, 1):g}%"
