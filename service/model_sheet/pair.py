"""A term of two features together, as a table shaded by how far each cell pushes."""

from collections.abc import Sequence

from models.markup import Markup, element, table, text
from models.small_numbers import FEWEST
from models.terms import PairTerm
from service.model_sheet.cells import Cells
from service.model_sheet.figures import initial, signed
from service.model_sheet.terms import Served

# Where a darker shade begins, on the log-odds, whichever way; the paler ones are shared by every table of the page.
SHADES = (0.02, 0.05, 0.1, 0.2)
FEW = "°"
LEGEND = (
    "In the tables of two features together, orange cells raise a score and blue cells lower it, the more the darker; the "
    f"sign of each figure says the same. {FEW} marks a cell that fewer than {FEWEST} training children were in."
)


def heat_map(term: Served, labels: tuple[str, str], cells: tuple[Cells, Cells], place: str) -> Markup:
    """Return the table of a pair, the feature with more cells going down: every cell has its figure."""
    pair = term.term
    if not isinstance(pair, PairTerm):
        raise TypeError(type(pair))
    words = [
        [*(cell.words for cell in says.of(edges)), "not known"] for says, edges in zip(cells, pair.edges, strict=True)
    ]
    values: Sequence[Sequence[float]] = term.values
    counts: Sequence[Sequence[int]] = pair.n
    down, across = labels
    if len(words[1]) > len(words[0]):
        words.reverse()
        values, counts = list(zip(*values, strict=True)), list(zip(*counts, strict=True))
        down, across = across, down
    corner = element("th", text(f"{initial(down)} ↓ {across} →"), scope="col")
    headings = [corner, *(element("th", text(word), scope="col") for word in words[1])]
    lines = [
        element("tr", element("th", text(word), scope="row"), *map(_cell, line, n))
        for word, line, n in zip(words[0], values, counts, strict=True)
    ]
    caption = f"{initial(down)} (down) together with {across} (across): what each cell adds to the log-odds. {place}"
    return table(caption, headings, element("tbody", *lines), class_="heat wide" if len(words[1]) > 9 else "heat")


def _cell(value: float, n: int) -> Markup:
    shade = sum(abs(value) >= start for start in SHADES)
    way = "u" if value > 0 else "d"
    return element("td", text(signed(value) + FEW * (n < FEWEST)), class_=f"{way}{shade}" if shade else "")
