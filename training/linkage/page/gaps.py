"""How far a group is from everyone else, drawn as dot and whisker over the margin that was agreed."""

from dataclasses import dataclass

from fairness.verdicts import Verdict
from models.markup import Markup, element, svg
from training.linkage.page.charts import AXIS_HEIGHT, HEIGHT, ROOM, WIDTH, rule, tick

# A gap is drawn on a scale of so many margins to either side of none.
_MARGINS_SHOWN = 2.0
_MIDDLE = HEIGHT / 2


@dataclass(frozen=True, slots=True)
class Gaps:
    """The scale on which gaps are drawn: the margin agreed to either side of none, as a band, and as much again."""

    margin: float

    def drawn(self, title: str, gap: dict[str, float] | None, verdict: Verdict) -> Markup:
        """Draw a gap (`value`, `low`, `high`) as dot and whisker; without one, the band alone."""
        left, right = self._place(-self.margin), self._place(self.margin)
        band = element("rect", class_="band", x=left, y=0, width=right - left, height=HEIGHT)
        marks = [] if gap is None else [*self._whisker(gap), _mark(verdict, self._place(gap["value"]))]
        return svg(title, WIDTH, HEIGHT, band, rule(self._place(0)), *marks)

    def axis(self) -> Markup:
        """Draw the scale's figures, in percentage points."""
        figures = [tick(self._place(at), 100 * at) for at in (-self.margin, 0.0, self.margin)]
        title = f"Percentage points; the band reaches {100 * self.margin:g} to either side of no difference"
        return svg(title, WIDTH, AXIS_HEIGHT, *figures, class_="axis")

    def _place(self, gap: float) -> float:
        """Return where a gap stands, held within the drawing."""
        middle = WIDTH / 2
        shown = gap / (_MARGINS_SHOWN * self.margin) * (middle - ROOM)
        return middle + max(ROOM - middle, min(middle - ROOM, shown))

    def _whisker(self, gap: dict[str, float]) -> list[Markup]:
        """Draw the interval, with an arrow where it goes on beyond the drawing."""
        ends = {"x1": self._place(gap["low"]), "x2": self._place(gap["high"])}
        line = element("line", class_="whisker", y1=_MIDDLE, y2=_MIDDLE, **ends)
        beyond = _MARGINS_SHOWN * self.margin
        left = [_arrow(0.0, ROOM - 1)] if gap["low"] < -beyond else []
        return [line, *left, *([_arrow(WIDTH, WIDTH - ROOM + 1)] if gap["high"] > beyond else [])]


def verdict_mark(verdict: Verdict) -> Markup:
    """Draw the mark of a verdict alone, for a legend."""
    return svg(f"mark of: {verdict.value}", 2 * ROOM, HEIGHT, _mark(verdict, ROOM), class_="mark")


def _arrow(tip: float, back: float) -> Markup:
    return _polygon("arrow", (tip, _MIDDLE), (back, _MIDDLE - 4), (back, _MIDDLE + 4))


def _mark(verdict: Verdict, x: float) -> Markup:
    """Draw each verdict in a shape of its own, so that none is told by its colour alone."""
    match verdict:
        case Verdict.WITHIN_MARGIN:
            return element("circle", class_="within", cx=x, cy=_MIDDLE, r=4)
        case Verdict.CANNOT_TELL:
            return element("circle", class_="untold", cx=x, cy=_MIDDLE, r=4)
        case Verdict.LARGER_THAN_AGREED:
            return _polygon("larger", (x, _MIDDLE - 6), (x + 6, _MIDDLE), (x, _MIDDLE + 6), (x - 6, _MIDDLE))
        case Verdict.KEEP_WATCHING:
            return _polygon("watch", (x, _MIDDLE - 6), (x + 6, _MIDDLE + 5), (x - 6, _MIDDLE + 5))


def _polygon(name: str, *corners: tuple[float, float]) -> Markup:
    return element("polygon", class_=name, points=" ".join(f"{x:.1f},{y:.1f}" for x, y in corners))
