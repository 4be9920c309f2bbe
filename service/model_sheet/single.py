"""A term of one feature: its curve, and every figure of it in a table."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from models.markup import Markup, body, figure, heading, row, table
from models.refits import Curve
from models.terms import Input, LinearTerm, StepTerm
from service.model_sheet.cells import Cells
from service.model_sheet.drawing import Bar, Bounds, Stretch, curve
from service.model_sheet.figures import between, bound, many, signed, times
from service.model_sheet.population import Population, population
from service.model_sheet.terms import Served

NOT_KNOWN = "not known"


class Told(NamedTuple):
    """What is told of a term of one feature: its label, whose score it is of, its cells in words, what was seen in training, its refits."""

    label: str
    place: str
    cells: Cells
    seen: Input
    moved: Curve | None


def drawn(term: Served, told: Told) -> tuple[Markup, Markup]:
    """Return the drawing of a linear or a step term, and its table."""
    title = (
        f"Curve of {told.label}: from {signed(term.least)} to {signed(term.most)} on the log-odds; "
        f"{signed(term.values[0][-1])} where it is not known. Every figure is in the table that follows."
    )
    if isinstance(term.term, LinearTerm):
        return _line(title, term, term.term, told), _line_table(term, term.term, told)
    if isinstance(term.term, StepTerm):
        return _steps(title, term, term.term, told), _step_table(term, term.term, told)
    raise TypeError(type(term.term))


def _steps(title: str, term: Served, step: StepTerm, told: Told) -> Markup:
    known, people = len(step.n) - 1, population(step.n)
    bounds = _cell_bounds(step, told.moved)
    stretches = [
        Stretch(i / known, (i + 1) / known, value, value, (bounds[i], bounds[i]))
        for i, value in enumerate(term.values[0][:-1])
    ]
    labels = [((i + 0.5) / known, cell.short) for i, cell in enumerate(told.cells.of(step.edges))]
    return curve(title, stretches, _bars(people, known), labels, (term.values[0][-1], bounds[-1], people.not_known))


def _bars(people: Population, known: int) -> list[Bar]:
    """Return a bar for each group of cells, as high as its children are to the cell."""
    return [
        Bar(
            group.first / known,
            (group.last + 1) / known,
            group.children / (group.last + 1 - group.first) if group.children is not None else None,
        )
        for group in people.groups
    ]


def _cell_bounds(step: StepTerm, moved: Curve | None) -> list[Bounds]:
    """Return how far each cell moved over the refits, *not known* last; None where no value of it was looked at."""
    cells: list[list[tuple[float, float]]] = [[] for _ in step.n]
    if moved is not None:
        for at, low, high in zip(moved.at, moved.low, moved.high, strict=False):
            cells[bisect_left(step.edges, at)].append((low, high))
        cells[-1].append((moved.low[-1], moved.high[-1]))
    return [(min(low for low, _ in cell), max(high for _, high in cell)) if cell else None for cell in cells]


def _step_table(term: Served, step: StepTerm, told: Told) -> Markup:
    people, bounds = population(step.n), _cell_bounds(step, told.moved)
    names = [*(cell.words for cell in told.cells.of(step.edges)), NOT_KNOWN]
    counts = [_count(people, i) for i in range(len(names) - 1)] + [_unknown(people.not_known)]
    lines = [
        row(name, *_figures(value, bound), figure(count))
        for name, value, bound, count in zip(names, term.values[0], bounds, counts, strict=True)
    ]
    return _table(told, "children it was learned from", lines)


def _count(people: Population, cell: int) -> str:
    group = people.of(cell)
    if cell > group.first:
        return "counted above"
    together = [f"{group.last + 1 - group.first} cells together"] if group.last > cell else []
    if cell == 0 and people.not_known is None:
        together.append("with those not known")
    return ", ".join([many(group.children), *together])


def _unknown(children: int | None) -> str:
    if children is None:
        return "counted with the first"
    return "none" if children == 0 else many(children)


def _line(title: str, term: Served, line: LinearTerm, told: Told) -> Markup:
    first, _, last, unknown = term.values[0]
    (low, high, not_known), seen = _line_bounds(line, told.moved), told.seen
    stretches = [Stretch(0.0, 1.0, first, last, (low, high))]
    labels = [(0.0, bound(line.low)), (1.0, bound(line.high))]
    span = line.high - line.low
    place = (seen.typical - line.low) / span if span > 0 else 0.5
    if 0.2 < place < 0.8:
        labels.insert(1, (place, bound(seen.typical)))
    people = population(seen.n) if seen.n else None
    bars = _bars(people, len(seen.n) - 1) if people is not None else []
    return curve(title, stretches, bars, labels, (unknown, not_known, people.not_known if people is not None else None))


def _line_bounds(line: LinearTerm, moved: Curve | None) -> tuple[Bounds, Bounds, Bounds]:
    """Return how far the line moved over the refits at its least and its most value, and for *not known*."""
    if moved is None:
        return None, None, None
    at = {x: (low, high) for x, low, high in zip(moved.at, moved.low, moved.high, strict=False)}
    return at.get(line.low), at.get(line.high), (moved.low[-1], moved.high[-1])


def _line_table(term: Served, line: LinearTerm, told: Told) -> Markup:
    first, typical, last, unknown = term.values[0]
    (low, high, not_known), seen = _line_bounds(line, told.moved), told.seen
    people = population((seen.n_known, seen.n_not_known))
    rows = [
        row(f"{told.cells.value(line.low)}, the least seen, or less", *_figures(first, low), figure("")),
        row(
            f"{told.cells.value(seen.typical)}, typical",
            *_figures(typical, None),
            figure(f"all values: {_count(people, 0)}"),
        ),
        row(f"{told.cells.value(line.high)}, the most seen, or more", *_figures(last, high), figure("")),
        *_line_rows(told),
        row(NOT_KNOWN, *_figures(unknown, not_known), figure(_unknown(people.not_known))),
    ]
    return _table(told, "children it was learned from", rows)


def _line_rows(told: Told) -> list[Markup]:
    """Return a row for each stretch of the range, with its children: what the bars show."""
    seen = told.seen
    if not seen.n:
        return []
    people, words = population(seen.n), told.cells.of(seen.edges)
    return [
        row(cell.words, figure(""), figure(""), figure(""), figure(_count(people, i))) for i, cell in enumerate(words)
    ]


def _figures(value: float, bounds: Bounds) -> Sequence[Markup]:
    moved = between(*bounds) if bounds is not None else ""
    return [figure(signed(value)), figure(times(value)), figure(moved)]


def _table(told: Told, counted: str, rows: Sequence[Markup]) -> Markup:
    headings = ["adds to the log-odds", "times the odds", "over the refits", counted]
    return table(
        f"{told.label}: every figure. {told.place}",
        [heading("value", figures=False), *map(heading, headings)],
        body(rows),
    )
