"""The link report's drawings, as inline SVG: each has a title that says in words what it shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.markup import Markup, element, svg, text
from training.linkage.page.figures import bits, share_of, signed

WIDTH, HEIGHT, AXIS_HEIGHT = 220.0, 18.0, 14.0
# Room for half a mark, or half a figure, at either end of a scale.
ROOM = 9.0
_TICK_BITS = 5
_BAR = {"y": 3.0, "height": HEIGHT - 6}


def rule(x: float) -> Markup:
    """Draw a line from top to bottom."""
    return element("line", class_="rule", x1=x, x2=x, y1=0.0, y2=HEIGHT)


def tick(x: float, figure: float) -> Markup:
    """Draw a figure of an axis."""
    return element("text", text(signed(figure)), x=x, y=11.0, text_anchor="middle")


@dataclass(frozen=True, slots=True)
class Weights:
    """The scale on which match weights are drawn, in bits: against one child to the left of 0, for it to the right."""

    low: float
    high: float

    @classmethod
    def of(cls, weights: Sequence[float]) -> "Weights":
        """Return the scale that holds these weights, and 0, between whole ticks."""
        low, high = min([0.0, *weights]), max([1.0, *weights])
        return cls(low // _TICK_BITS * _TICK_BITS, -(-high // _TICK_BITS) * _TICK_BITS)

    def drawn(self, title: str, weight: float) -> Markup:
        """Draw a weight as a bar from 0."""
        start, end = sorted([self._place(0), self._place(weight)])
        bar = element("rect", class_="for" if weight > 0 else "against", x=start, width=end - start, **_BAR)
        return svg(f"{title}: {bits(weight)} bits", WIDTH, HEIGHT, bar, rule(self._place(0)))

    def axis(self) -> Markup:
        """Draw the scale's figures, at its ends and at 0."""
        figures = [tick(self._place(at), at) for at in sorted({self.low, 0.0, self.high})]
        return svg(f"Bits, from {signed(self.low)} to {signed(self.high)}", WIDTH, AXIS_HEIGHT, *figures, class_="axis")

    def _place(self, weight: float) -> float:
        return ROOM + (weight - self.low) / (self.high - self.low) * (WIDTH - 2 * ROOM)


def share_bar(title: str, part: int, whole: int) -> Markup:
    """Draw a part of a whole as a bar; of nothing, an empty one."""
    width = WIDTH / 2
    ground = element("rect", class_="all", x=0.0, width=width, **_BAR)
    bar = element("rect", class_="part", x=0.0, width=width * part / max(1, whole), **_BAR)
    return svg(f"{title}: {share_of(part, whole)}", width, HEIGHT, ground, bar)
