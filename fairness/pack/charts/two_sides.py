"""Who is missed and who is flagged needlessly, side by side and on one scale, so that neither error hides behind the other."""

from collections.abc import Sequence
from dataclasses import dataclass

from fairness.pack.charts.rows import chart, said, untold
from fairness.pack.charts.scale import HUNDRED, tick
from fairness.pack.charts.track import axis, ground, track
from fairness.pack.words import Figure, share
from models.markup import Markup, heading


@dataclass(frozen=True, slots=True)
class Sides:
    """One group: the share missed of those with the outcome, needless of those flagged, and the verdict of either."""

    label: str
    n: int | None
    missed: Figure
    needless: Figure
    verdicts: tuple[int | None, int | None]
    section: str = ""
    cells: tuple[str, ...] = ()


def two_sides(
    title: str, subtitle: str, rows: Sequence[Sides], everyone: Sides, *, columns: Sequence[str] = ()
) -> Markup:
    """Return both errors of each group, in the order given, of a hundred; everyone's are the upright lines, and the first row."""
    drawn = [(row, _cells(row, judged=row is not everyone)) for row in (everyone, *rows)]
    headings = [
        axis("Missed, of 100 with the outcome", HUNDRED, tick),
        heading("Range", figures=False),
        axis("Needless, of 100 flagged", HUNDRED, tick),
        heading("Range", figures=False),
    ]
    lines = ground(HUNDRED, at=everyone.missed[0], beside=everyone.needless[0])
    return chart(title, subtitle, drawn, headings, columns, lines)


def _cells(row: Sides, *, judged: bool) -> list[Markup]:
    sides = zip((row.missed, row.needless), row.verdicts, strict=True)
    return [cell for figure, verdict in sides for cell in _side(figure, verdict, untold(row.n), judged=judged)]


def _side(figure: Figure, verdict: int | None, none: str, *, judged: bool) -> list[Markup]:
    words = said(share(figure, none), verdict, judged=judged and figure[0] is not None)
    return [track(HUNDRED, figure, verdict), words]
