"""
The drawings of the page, as inline SVG: what each says stands in a table beside it too.

A curve is drawn above the children it rests on, with *not known* apart on the right. Heights are on one of a few scales.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from models.markup import Markup, element, svg, text
from service.model_sheet.figures import signed

WIDTH, HEIGHT = 480.0, 252.0
LEFT, RIGHT, UNKNOWN_LEFT, UNKNOWN_RIGHT = 70.0, 386.0, 416.0, 472.0
_TOP, _FOOT = 12.0, 164.0
_BARS_TOP, _BARS_FOOT = 178.0, 222.0
_LABELS = 243.0
_APART = (UNKNOWN_LEFT, UNKNOWN_LEFT, UNKNOWN_RIGHT, UNKNOWN_RIGHT)
# Half the height of a drawing, on the log-odds: the smallest that holds the curve.
_SCALES = (0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 12.0)
_MOST_LABELS = 5

Point = tuple[float, float]
Bounds = tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a curve: where it starts and ends, 0 to 1 across, its contribution at either end, its bounds there."""

    start: float
    end: float
    first: float
    last: float
    bounds: tuple[Bounds, Bounds] = (None, None)


@dataclass(frozen=True, slots=True)
class Bar:
    """Children per cell of a group of cells: where it starts and ends, from 0 to 1 across, and its height; None: hidden."""

    start: float
    end: float
    height: float | None


def curve(
    title: str,
    stretches: Sequence[Stretch],
    bars: Sequence[Bar],
    labels: Sequence[tuple[float, str]],
    unknown: tuple[float, Bounds, float | None],
) -> Markup:
    """
    Draw a term of one feature; `unknown` is the contribution of *not known*, its bounds, and its children.

    Labels stand at places from 0 to 1 across; those that would stand too close are left out.
    """
    scale = _scale(stretches, unknown)
    return svg(
        title,
        WIDTH,
        HEIGHT,
        *_axis(scale),
        *_refits(stretches, unknown[1], scale),
        _line(stretches, scale),
        _path("curve apart", [[(UNKNOWN_LEFT, _high(unknown[0], scale)), (UNKNOWN_RIGHT, _high(unknown[0], scale))]]),
        *_people(bars, unknown[2]),
        *_labels(labels),
        class_="drawn",
    )


def _scale(stretches: Sequence[Stretch], unknown: tuple[float, Bounds, float | None]) -> float:
    bounds = [bound for stretch in stretches for bound in stretch.bounds] + [unknown[1]]
    ends = [at for stretch in stretches for at in (stretch.first, stretch.last)] + [unknown[0]]
    largest = max(abs(at) for at in [*ends, *(end for bound in bounds if bound is not None for end in bound)])
    return next(scale for scale in _SCALES if largest <= scale or scale == _SCALES[-1])


def _across(place: float) -> float:
    return LEFT + place * (RIGHT - LEFT)


def _high(contribution: float, scale: float) -> float:
    within = min(max(contribution / scale, -1.0), 1.0)
    return (_TOP + _FOOT) / 2 - within * (_FOOT - _TOP) / 2


def _axis(scale: float) -> list[Markup]:
    marks = [(at, _high(at, scale)) for at in (scale, 0.0, -scale)]
    rules = [
        element("line", class_="zero" if at == 0 else "grid", x1=LEFT, x2=UNKNOWN_RIGHT, y1=y, y2=y) for at, y in marks
    ]
    figures = [_words(LEFT - 8, y + 4, _figure(at), "end") for at, y in marks]
    return [*rules, *figures, _words(2, _TOP + 22, "raises"), _words(2, _FOOT - 14, "lowers")]


def _figure(at: float) -> str:
    return signed(at, 2).rstrip("0").rstrip(".") if at else "0"


def _refits(stretches: Sequence[Stretch], unknown: Bounds, scale: float) -> list[Markup]:
    bounds = [(s.start, s.end, *s.bounds) for s in stretches]
    areas = [
        [(_across(start), at[0]), (_across(start), at[1]), (_across(end), to[1]), (_across(end), to[0])]
        for start, end, at, to in bounds
        if at is not None and to is not None
    ]
    if unknown is not None:
        areas.append([(x, at) for x, at in zip(_APART, (*unknown, *reversed(unknown)), strict=True)])
    return [_areas("refits", [[(x, _high(at, scale)) for x, at in area] for area in areas])] if areas else []


def _line(stretches: Sequence[Stretch], scale: float) -> Markup:
    points = [
        point
        for s in stretches
        for point in ((_across(s.start), _high(s.first, scale)), (_across(s.end), _high(s.last, scale)))
    ]
    return _path("curve", [points])


def _people(bars: Sequence[Bar], unknown: float | None) -> list[Markup]:
    if not bars:
        return [_words(2, _BARS_FOOT - 14, "children: nobody counted them by value")]
    most = max([bar.height or 0.0 for bar in bars] + [unknown or 0.0, 1.0])
    tall = [(_across(b.start), _across(b.end), b.height) for b in bars] + [(UNKNOWN_LEFT, UNKNOWN_RIGHT, unknown)]
    areas = [_box(start, end, height / most) for start, end, height in tall if height]
    foot = element("line", class_="foot", x1=LEFT, x2=UNKNOWN_RIGHT, y1=_BARS_FOOT, y2=_BARS_FOOT)
    return [*([_areas("people", areas)] if areas else []), foot, _words(2, _BARS_FOOT - 14, "children")]


def _box(start: float, end: float, share: float) -> list[Point]:
    """Return a bar with a gap beside it, at least a pixel high."""
    top = _BARS_FOOT - max(1.0, share * (_BARS_FOOT - _BARS_TOP))
    gap = min(1.0, (end - start) / 6)
    return [(start + gap, _BARS_FOOT), (start + gap, top), (end - gap, top), (end - gap, _BARS_FOOT)]


def _labels(labels: Sequence[tuple[float, str]]) -> list[Markup]:
    every = -(-len(labels) // _MOST_LABELS)
    kept = [label for i, label in enumerate(labels) if i % every == 0]
    words = [_words(_across(place), _LABELS, label, "middle") for place, label in kept]
    return [*words, _words(WIDTH, _LABELS, "not known", "end")]


def _words(x: float, y: float, words: str, anchor: str = "") -> Markup:
    return element("text", text(words), x=x, y=y, text_anchor=anchor)


def _path(class_: str, lines: Sequence[Sequence[Point]], end: str = "") -> Markup:
    """Draw lines, each through its points."""
    drawn = "".join("M" + "L".join(f"{round(x, 1):g} {round(y, 1):g}" for x, y in line) + end for line in lines)
    return element("path", class_=class_, d=drawn)


def _areas(class_: str, areas: Sequence[Sequence[Point]]) -> Markup:
    """Draw areas, each within its points."""
    return _path(class_, areas, "Z")


def sureness(title: str, points: Sequence[tuple[float, float, float]]) -> Markup:
    """Draw the interval of each score: (score, low, high), all as probabilities; the straight line is the score itself."""
    side, foot = 190.0, 200.0
    place = [(40 + side * score, foot - side * low, foot - side * high) for score, low, high in points]
    band = [(x, low) for x, low, _ in place] + [(x, high) for x, _, high in reversed(place)]
    itself = [(40 + side * score, foot - side * score) for score, _, _ in points]
    frame = [(40.0, foot - side), (40.0, foot), (40 + side, foot)]
    ticks = [_words(34, foot - side * at + 4, f"{100 * at:.0f}", "end") for at in (0.0, 0.5, 1.0)]
    ticks += [_words(40 + side * at, foot + 16, f"{100 * at:.0f}", "middle") for at in (0.0, 0.5, 1.0)]
    shapes = [_areas("refits", [band]), _path("curve", [itself]), _path("zero", [frame])]
    return svg(title, 250, 222, *shapes, *ticks, class_="drawn square")
