"""Groups as the charts draw them: those with a figure, in the audit's order; the others named under the table."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from fairness.pack.reading import Line, Part, shown
from fairness.pack.words import HIDDEN, NOBODY, UNRELIABLE
from models.markup import Markup, element, text

Rows = Sequence[tuple[Part, Line]]


def name_of(line: Line) -> str:
    """Return a group's name, with the symbol of low reliability where it is small and a star where it is protected."""
    return f"{line['group']}{' *' if line['protected'] else ''}{f' ({UNRELIABLE})' if line['small'] else ''}"


def drawn(rows: Iterable[tuple[Part, Line]], *measures: str) -> Rows:
    """Return the groups of which at least one of these measures is told."""
    return [row for row in rows if any(shown(row[1], measure).value is not None for measure in measures)]


def not_drawn(rows: Rows, *measures: str) -> Markup:
    """Return a line that names the other groups, with the symbol that says why: none is left out."""
    told = [id(line) for _, line in drawn(rows, *measures)]
    left = [(attribute["label"], line) for attribute, line in rows if id(line) not in told]
    if not left:
        return Markup("")
    parts = [
        f"{label}: {', '.join(_named(line) for _, line in lines)}"
        for label, lines in groupby(left, key=lambda each: each[0])
    ]
    return element("p", text(f"Not shown: {'; '.join(parts)}."), class_="legend")


def _named(line: Line) -> str:
    return f"{line['group']} ({NOBODY if line['n'] == 0 else HIDDEN})"
