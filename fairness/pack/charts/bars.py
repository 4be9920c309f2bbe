"""Bars of shares from nothing: who could not be scored, what could not be linked, who is not in the data."""

from collections.abc import Sequence
from dataclasses import dataclass

from fairness.pack.charts.rows import chart, said, untold
from fairness.pack.charts.scale import Scale, of_shares, tick
from fairness.pack.charts.track import axis, bar
from fairness.pack.words import Figure, share
from models.markup import Markup, heading


@dataclass(frozen=True, slots=True)
class Bar:
    """One group's share, as told; `cells` are the writer's own columns."""

    label: str
    n: int | None
    figure: Figure
    section: str = ""
    cells: tuple[str, ...] = ()


def bars(title: str, subtitle: str, rows: Sequence[Bar], unit_words: str, *, columns: Sequence[str] = ()) -> Markup:
    """Return the groups' shares of a hundred, in the order given; `unit_words` say of whom they are a share."""
    scale = of_shares([end for row in rows for end in row.figure])
    headings = [axis(unit_words, scale, tick), heading("Range", figures=False)]
    return chart(title, subtitle, [(row, _cells(row, scale)) for row in rows], headings, columns)


def _cells(row: Bar, scale: Scale) -> list[Markup]:
    return [bar(scale, row.figure), said(share(row.figure, untold(row.n)))]
