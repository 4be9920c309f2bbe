"""Dot and whisker: each group's gap with its interval, above the shaded margin; the mark's shape is the verdict."""

from collections.abc import Sequence
from dataclasses import dataclass

from fairness.pack.charts.marks import phrase
from fairness.pack.charts.rows import chart, said, untold
from fairness.pack.charts.scale import Scale, of_gaps, tick
from fairness.pack.charts.track import axis, ground, track
from fairness.pack.words import Figure, points
from models.markup import Markup, cell, heading, text


@dataclass(frozen=True, slots=True)
class Whisker:
    """
    One group: its gap as told, its verdict (a place in VERDICTS; None: not judged), and what it is a group of.

    `cells` are the writer's own columns.
    """

    label: str
    n: int | None
    figure: Figure
    verdict: int | None
    section: str = ""
    cells: tuple[str, ...] = ()


def whiskers(
    title: str,
    subtitle: str,
    rows: Sequence[Whisker],
    margin: float | None,
    *,
    what: str = "Difference from everyone else, in points",
    columns: Sequence[str] = (),
) -> Markup:
    """
    Return the groups' gaps, one a row, in the order given, around no gap; `what` says what the scale is of.

    The scale is straight also where a gap is one of two ratios: the margin is agreed as a distance, as wide to either side.
    """
    scale = of_gaps([row.figure for row in rows], margin)
    judged = any(row.verdict is not None for row in rows)
    drawn = [(row, _cells(row, scale, judged=judged)) for row in rows]
    shaded = "" if margin is None else f" (shaded: {tick(margin)} to either side)"
    headings = [axis(what + shaded, scale, tick), heading("Range", figures=False)]
    headings += [heading("Verdict", figures=False)] * judged
    return chart(title, subtitle, drawn, headings, columns, ground(scale, margin, at=0.0))


def _cells(row: Whisker, scale: Scale, *, judged: bool) -> list[Markup]:
    drawn = [track(scale, row.figure, row.verdict), said(points(row.figure, untold(row.n)))]
    return drawn + [cell(text(phrase(row.verdict)), "verdict")] * judged
