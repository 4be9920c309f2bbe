"""The match weights of pairs, drawn in three panels: those linked, those to look at, and the others."""

from collections.abc import Sequence

from models.markup import Markup, element, svg, text
from training.linkage.page.charts import tick
from training.linkage.page.figures import count, signed

# What a panel counts, its words, and the class that colours it.
PANELS = (("linked", "linked"), ("to_review", "to look at"), ("neither", "neither"))
_WIDTH, _PANEL, _TOP, _BOTTOM = 640.0, 64.0, 18.0, 18.0
_TICK_BITS = 10


def with_neither(bins: Sequence[dict[str, int]]) -> list[dict[str, int]]:
    """Return bins of match weights (bits, pairs, linked, to_review) with how many of each are neither."""
    return [{**one, "neither": one["pairs"] - one["linked"] - one["to_review"]} for one in bins]


def weights_histogram(bins: Sequence[dict[str, int]]) -> Markup:
    """Draw pairs by the whole bits of their weight; each panel has a scale of its own, up to the figure it names."""
    counted = with_neither(bins)
    low, high = min(one["bits"] for one in bins), max(one["bits"] for one in bins) + 1
    drawn = [shape for at, (name, words) in enumerate(PANELS) for shape in _panel(counted, name, words, at, low, high)]
    height = len(PANELS) * _PANEL + _BOTTOM
    title = f"Pairs of records by match weight, from {signed(low)} to {signed(high)} bits, in three panels"
    return svg(title, _WIDTH, height, *drawn, *_axis(low, high, height), class_="wide")


def _panel(bins: list[dict[str, int]], name: str, words: str, at: int, low: int, high: int) -> list[Markup]:
    most, foot = max(one[name] for one in bins), (at + 1) * _PANEL
    step, scale = _WIDTH / (high - low), (_PANEL - _TOP) / max(1, most)
    bars = [_bar(name, (one["bits"] - low) * step, step, foot, one[name] * scale) for one in bins if one[name]]
    label = element("text", text(f"{words}: at most {count(most)} in one bar"), x=0.0, y=foot - _PANEL + 13)
    return [label, *bars, element("line", class_="foot", x1=0.0, x2=_WIDTH, y1=foot, y2=foot)]


def _bar(name: str, x: float, width: float, foot: float, height: float) -> Markup:
    """Draw a bar, at least a pixel high: one pair among thousands is still there."""
    tall = max(1.0, height)
    return element("rect", class_=name.replace("_", "-"), x=x, y=foot - tall, width=max(1.0, width - 1), height=tall)


def _axis(low: int, high: int, height: float) -> list[Markup]:
    first = -(-low // _TICK_BITS) * _TICK_BITS
    marks = range(first, high + 1, _TICK_BITS)
    return [
        element("g", tick((at - low) / (high - low) * _WIDTH, at), transform=f"translate(0 {height - _BOTTOM + 3:g})")
        for at in marks
    ]
