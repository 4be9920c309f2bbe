"""Groups beside everyone else: how often their records were linked, drawn and in figures, with the verdict in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fairness.verdicts import Verdict
from models.markup import (
    Markup,
    body,
    bullets,
    cell,
    element,
    figure,
    heading,
    paragraph,
    row,
    table,
    text,
)
from training.linkage.page.figures import HIDDEN, NOTHING, count, interval, percent, points, spoken
from training.linkage.page.gaps import Gaps, verdict_mark

_TO_NAME = (Verdict.LARGER_THAN_AGREED, Verdict.KEEP_WATCHING)


@dataclass(frozen=True, slots=True)
class _Line:
    """One group of one attribute as the report tells of it; `minimum` families are enough to show a figure."""

    attribute: str
    minimum: int
    found: dict[str, Any]

    @property
    def name(self) -> str:
        """Attribute and group."""
        return f"{self.attribute}: {self.found['group']}"

    @property
    def verdict(self) -> Verdict:
        """One of the four phrases."""
        return Verdict(self.found["verdict"])

    @property
    def unshown(self) -> str:
        """The mark of a figure that is not there: nothing to measure, or too few families to tell of."""
        return NOTHING if self.found["families"] == 0 else HIDDEN

    def rate(self) -> str:
        """The share that was linked, and its interval."""
        rate = self.found["recall"]
        return self.unshown if rate is None else f"{percent(rate['value'])} ({interval(rate)})"

    def gap(self) -> str:
        """How far the group is from everyone else, and the interval."""
        gap = self.found["gap"]
        return (
            self.unshown if gap is None else f"{points(gap['value'])} ({points(gap['low'])} to {points(gap['high'])})"
        )

    def size(self, of: str) -> str:
        """How many pairs, children or families; so few that they could tell of one child are not shown."""
        families = self.found["families"]
        return HIDDEN if families is None or 0 < families < self.minimum else count(self.found[of])


def groups(audit: dict[str, Any], caption: str, measure: str, of: str) -> Iterator[Markup]:
    """Yield an audit of missed matches: verdicts counted, each group drawn, and those of which nothing can be told."""
    lines = {
        one["attribute"]: [_Line(spoken(one["attribute"]), audit["minimum_cell"], group) for group in one["groups"]]
        for one in audit["attributes"]
    }
    every = [line for of_attribute in lines.values() for line in of_attribute]
    yield from _said(measure, every)
    yield _legend(audit)
    yield _drawn(caption, measure, of, Gaps(audit["margin"]), lines)
    yield from _untold(caption, every)


def _said(measure: str, lines: list[_Line]) -> Iterator[Markup]:
    """Say how many groups have which verdict, and name those that call for a look."""
    with_records = [line for line in lines if line.found["families"] != 0]
    counted = [f"{v.value}: {sum(line.verdict == v for line in with_records)}" for v in Verdict]
    yield paragraph(text(f"Verdicts of the {len(with_records)} groups with records – {'; '.join(counted)}."))
    named = [line for verdict in _TO_NAME for line in lines if line.verdict == verdict]
    if named:
        yield bullets(
            [
                Markup(
                    element("strong", text(line.name))
                    + text(f": {measure} {line.rate()}, {line.gap()} points: {line.verdict.value}")
                )
                for line in named
            ]
        )


def _legend(audit: dict[str, Any]) -> Markup:
    marks = [Markup(verdict_mark(verdict) + text(verdict.value)) for verdict in Verdict]
    margin, least = f"{100 * audit['margin']:g}", audit["minimum_cell"]
    words = [
        f"band: the margin agreed, {margin} points to either side of everyone else (the line)",
        "whisker: the 95 % interval; an arrow where it goes on",
        f"{HIDDEN}: hidden, fewer than {least} families in the group or among everyone else",
        f"{NOTHING}: no records, nothing to measure",
    ]
    return element("ul", *(element("li", line) for line in [*marks, *map(text, words)]), class_="legend")


def _drawn(caption: str, measure: str, of: str, scale: Gaps, lines: dict[str, list[_Line]]) -> Markup:
    headings = [
        heading("group", figures=False),
        heading("beside everyone else, in points", scale.axis(), figures=False),
        heading("verdict", figures=False),
        heading(f"{measure} (95 % interval)"),
        heading("difference in points"),
        heading(of),
        heading("families"),
    ]
    bodies = [
        body([_row(line, scale) for line in of_attribute], spoken(attribute), len(headings))
        for attribute, of_attribute in lines.items()
    ]
    return table(caption, headings, *bodies)


def _row(line: _Line, scale: Gaps) -> Markup:
    gap = line.gap()
    title = f"{line.name}: {gap} points, {line.verdict.value}"
    return row(
        line.found["group"],
        cell(scale.drawn(title, line.found["gap"], line.verdict)),
        cell(text(line.verdict.value), "verdict"),
        *map(figure, [line.rate(), gap, line.size("pairs"), line.size("families")]),
    )


def _untold(caption: str, lines: list[_Line]) -> Iterator[Markup]:
    """List the groups of which nothing can be told, with what could have been seen."""
    untold = [line for line in lines if line.verdict is Verdict.CANNOT_TELL and line.found["families"] != 0]
    if untold:
        headings = [heading("group", figures=False), heading("smallest gap that could have been seen, in points")]
        rows = [row(line.name, figure(_smallest(line))) for line in untold]
        yield paragraph(
            text(
                "Too little is on record of these groups. A gap of the size given would have been told from none by four of five "
                "audits like this one, and a smaller one by fewer: that none was seen does not mean that there is none."
            )
        )
        yield table(f"{caption}: not enough data to tell", headings, body(rows))


def _smallest(line: _Line) -> str:
    gap = line.found["gap"]
    return line.unshown if gap is None else f"{100 * gap['smallest_gap_seen']:.1f}"
