"""What sections of the pack are made of: a headline, a source line, a legend, details of each score, one table of words."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from fairness.pack.reading import Head, Reading
from fairness.pack.words import HIDDEN, NOBODY, UNRELIABLE, counted, in_full, legend
from models.markup import Markup, body, element, heading, paragraph, row, section, table, text

# What is printed is what is unfolded, which at first is one part of each section.
ON_PAPER = (
    "On paper, each section with parts to unfold shows the one with the gravest finding, and says how many are left out. "
    "Those stand on screen, and in the pack.csv that earlyid audit writes. What is unfolded on screen is printed too."
)
_HELD_OUT = "Source: audit of children whom the score had not seen"


def part(name: str, title: str, headline: str, *inside: Markup) -> Markup:
    """Return a section of the pack, under one sentence that says what it found."""
    return section(name, title, element("p", text(headline), class_="headline"), *inside)


def said(*sentences: str) -> Markup:
    """Return a paragraph of sentences."""
    return paragraph(text(" ".join(sentence for sentence in sentences if sentence)))


def source(reading: Reading, words: str = _HELD_OUT) -> Markup:
    """Return the line that says where figures come from."""
    agreed = reading.policy["agreed"]
    policy = f"policy agreed on {in_full(agreed)}" if agreed else "policy not agreed yet"
    return element("p", text(f"{words}; {policy}; ranges are 95 % intervals."), class_="source")


def symbols(*used: str) -> Markup:
    """Return the legend of the symbols used; of all where none is named."""
    return element("p", text(legend(used or (HIDDEN, NOBODY, UNRELIABLE))), class_="legend")


class Fold(NamedTuple):
    """A part of a section that can be unfolded: its title, what is inside, and its id where it has one."""

    title: str
    inside: Sequence[Markup]
    id: str = ""


def each_head(
    reading: Reading, draw: Callable[[Head], Iterable[Markup]], prefix: str, gravest: Head | None = None
) -> Iterator[Markup]:
    """Yield the details of each score, under its name; that with the gravest finding is unfolded, of none the first."""
    heads = [(head, list(draw(head))) for head in reading.heads]
    drawn = [(head, inside) for head, inside in heads if inside]
    first = next((at for at, (head, _) in enumerate(drawn) if head is gravest), 0)
    yield from folded([Fold(head.title, inside, f"{prefix}-{head.id}") for head, inside in drawn], first, "score")


def folded(folds: Sequence[Fold], first: int, what: str) -> Iterator[Markup]:
    """Yield parts of a section, one of them unfolded, and so printed; then, on paper alone, how many (`what` they are) are left out."""
    for at, fold in enumerate(folds):
        opened = {"open": "open"} if at == first else {}
        summary = element("summary", text(fold.title))
        yield element("details", summary, *fold.inside, class_="head", id=fold.id, **opened)
    if left := len(folds) - 1:
        words = f"Not on paper: {counted(left, f'other {what}')}, on screen and in pack.csv."
        yield element("p", text(words), class_="paper")


def grid(caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]], words: Sequence[int] = ()) -> Markup:
    """Return a table of figures, each row's first cell its name; `words` are the columns of words, counted from 1."""
    headings = [heading(name, figures=at not in {0, *words}) for at, name in enumerate(columns)]
    return table(caption, headings, body([_row(cells, words) for cells in rows]), class_="figures")


def _row(cells: Sequence[str], words: Sequence[int]) -> Markup:
    """Return a row whose cells are figures by the table's class: there are thousands, and each class would be written anew."""
    name, *rest = cells
    drawn = [element("td", text(one), class_="words" if at in words else "") for at, one in enumerate(rest, start=1)]
    return row(name, *drawn)
