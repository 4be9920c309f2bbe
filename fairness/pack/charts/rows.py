"""The table that a chart of groups is: a drawing in each row, beside the group's name, its figures and its verdict."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Protocol

from fairness.pack.charts.marks import phrase
from fairness.pack.words import HIDDEN, NOBODY
from models.markup import Markup, body, element, figure, heading, text


class Row(Protocol):
    """What every row has."""

    @property
    def label(self) -> str:
        """The group's name."""

    @property
    def n(self) -> int | None:
        """How many children are in it; None where that is not told."""

    @property
    def section(self) -> str:
        """What it is a group of."""

    @property
    def cells(self) -> tuple[str, ...]:
        """The writer's own columns."""


def chart(
    title: str,
    subtitle: str,
    drawn: Sequence[tuple[Row, Sequence[Markup]]],
    headings: Sequence[Markup],
    columns: Sequence[str],
    ground: str = "",
) -> Markup:
    """Return the table of rows in the order given, each with its drawings on their `ground`, under a headline and what is drawn."""
    own = [heading(words) for words in columns]
    head = element("thead", element("tr", heading("Children", figures=False), *headings, *own))
    caption = element("caption", element("strong", text(title)), element("span", text(subtitle)))
    across = 1 + len(headings) + len(columns)
    bodies = [
        body([_row(row, cells) for row, cells in part], section, across)
        for section, part in groupby(drawn, key=lambda each: each[0].section)
    ]
    table = element("table", caption, head, *bodies, class_="chart", style=ground)
    return element("div", table, class_="scroll", role="region", tabindex="0", aria_label=title)


def said(words: str, verdict: int | None = None, *, judged: bool = False) -> Markup:
    """Return the cell with a row's figure in words, and its verdict under it where it was judged; the style puts its mark before it."""
    under = [element("small", text(phrase(verdict)), class_=f"v{'' if verdict is None else verdict}")] if judged else []
    return element("td", text(words), *under)


def untold(n: int | None) -> str:
    """Return the symbol that stands for the figure of a group of so many children, where none is told."""
    return NOBODY if n == 0 else HIDDEN


def _row(row: Row, cells: Iterable[Markup]) -> Markup:
    counted = f"n {row.n:,}" if row.n else ""
    name = element("th", text(row.label), *([element("small", text(counted))] if counted else []), scope="row")
    return element("tr", name, *cells, *map(figure, row.cells))
