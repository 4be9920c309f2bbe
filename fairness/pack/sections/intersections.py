"""Two characteristics at once, where the policy asks for it."""

from collections.abc import Iterator
from itertools import product

from fairness.pack.reading import Head, Line, Part, Reading, shown
from fairness.pack.sections.gaps import is_worse
from fairness.pack.sections.parts import Fold, folded, grid, part, said, source, symbols
from fairness.pack.sections.tables import name_of
from fairness.pack.words import HIDDEN, LARGER, MARKS, NOBODY, VERDICTS, WATCH, band, counted, points
from models.markup import Markup

NAME, TITLE = "intersections", "Two characteristics at once"


def intersections(reading: Reading) -> Markup:
    """Return the section: for each pair of attributes and each outcome, every combination's gap at every age."""
    if not any(True for head in reading.heads for _ in head.groups("intersection")):
        why = reading.missing("intersections", "The policy names no two characteristics to look at together.")
        return part(NAME, TITLE, "No two characteristics were looked at together.", said(why))
    return part(
        NAME,
        TITLE,
        _headline(reading),
        source(reading),
        said(
            "Each cell is the difference from everyone else, in points, on the measure that decides. "
            "Then come its range and its verdict: "
            f"{', '.join(f'{mark} {words.lower()}' for mark, words in zip(MARKS, VERDICTS, strict=True))}.",
            "Combinations of few children are many: among so many, chance alone makes some look remarkable.",
        ),
        symbols(),
        *folded(list(_folds(reading)), _gravest(reading), "table"),
    )


def _headline(reading: Reading) -> str:
    verdicts = [
        shown(line, reading.primary).verdict for head in reading.heads for _, line in head.groups("intersection")
    ]
    return (
        f"Of {counted(len(verdicts), 'comparison')}, {verdicts.count(LARGER):,} found a gap larger than agreed and "
        f"{verdicts.count(WATCH):,} a possible gap."
    )


def _folds(reading: Reading) -> Iterator[Fold]:
    for label, outcome in _pairs(reading):
        heads = [head for head in reading.heads if head.foreseen == outcome]
        columns = ["group", "children", *(f"from {head.from_when}" for head in heads)]
        caption = "Difference from everyone else, in points"
        yield Fold(f"{label}; outcome: {outcome}", [grid(caption, columns, _rows(label, heads, reading))])


def _pairs(reading: Reading) -> list[tuple[str, str]]:
    labels = dict.fromkeys(each["label"] for head in reading.heads for each, _ in head.groups("intersection"))
    return list(product(labels, dict.fromkeys(head.foreseen for head in reading.heads)))


def _gravest(reading: Reading) -> int:
    """Return which of the tables has the most shortfalls that are larger than agreed; then, the most possible ones."""
    counts = [_shortfalls(label, outcome, reading) for label, outcome in _pairs(reading)]
    return counts.index(max(counts))


def _shortfalls(label: str, outcome: str, reading: Reading) -> tuple[int, int]:
    gaps = [
        shown(line, reading.primary)
        for head in reading.heads
        if head.foreseen == outcome
        for _, line in _of(head, label)
    ]
    verdicts = [told.verdict for told in gaps if told.gap is not None and is_worse(reading.primary, told.gap)]
    return verdicts.count(LARGER), verdicts.count(WATCH)


def _rows(label: str, heads: list[Head], reading: Reading) -> Iterator[list[str]]:
    lines: dict[str, dict[str, Line]] = {}
    for head in heads:
        for _, line in _of(head, label):
            lines.setdefault(name_of(line), {})[head.id] = line
    for name, at in lines.items():
        counts = [line["n"] for line in at.values()]
        cells = [_cell(at.get(head.id), reading) for head in heads]
        yield [name, band(None if None in counts else min(counts)), *cells]


def _of(head: Head, label: str) -> Iterator[tuple[Part, Line]]:
    return ((each, line) for each, line in head.groups("intersection") if each["label"] == label)


def _cell(line: Line | None, reading: Reading) -> str:
    if line is None or line["n"] == 0:
        return NOBODY
    told = shown(line, reading.primary)
    if told.gap is None:
        return HIDDEN
    return f"{points(told.difference)}{'' if told.verdict is None else f' {MARKS[told.verdict]}'}"
