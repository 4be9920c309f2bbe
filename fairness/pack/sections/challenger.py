"""Champion against challenger: what would change for each group if the one took the other's place."""

from collections.abc import Iterator, Sequence

from fairness.pack.reading import Line, Part, Reading
from fairness.pack.sections.parts import Fold, folded, grid, part, said, source, symbols
from fairness.pack.sections.tables import name_of
from fairness.pack.words import HIDDEN, Figure, children, counted, hundred, initial, points, signed
from models.markup import Markup

NAME, TITLE = "challenger", "Champion against challenger"
_MEASURES = {"recall": "found, of 100 with the outcome", "ppv": "had the outcome, of 100 on the list"}


def challenger(reading: Reading) -> Markup:
    """Return the section: for each score, both models on the children whom both scored."""
    champion = reading.audit.get("champion")
    if champion is None:
        words = "Name the champion's scores to have it: earlyid audit SCORED --champion FILE."
        return part(NAME, TITLE, "No other model was named to compare with.", said(reading.missing("champion", words)))
    half = points((champion["half_margin"], None, None)).removeprefix("+")
    return part(
        NAME,
        TITLE,
        f"The challenger brings {counted(champion['new_gaps'], 'new gap')}; of {champion['could_not_tell']:,} comparisons the data cannot tell.",
        source(reading, "Source: audit of the children whom both models scored"),
        said(
            f"A new gap is a group's shortfall that is larger than half the margin ({half} points), and grew by more than that for certain."
        ),
        symbols(),
        *folded([_compared(one, champion, reading) for one in champion["compared"]], 0, "score"),
    )


def _compared(one: Part, champion: Part, reading: Reading) -> Fold:
    title = f"{reading.label('outcomes', one['outcome'])}, from {reading.label('landmarks', one['landmark'])}"
    lines = [("", one["overall"])] + [
        (f"{reading.label('attributes', attribute['attribute'])}: ", line)
        for attribute in one["attributes"]
        for line in attribute["groups"]
    ]
    tables = [_measure(name, lines) for name in _MEASURES]
    return Fold(initial(title), [*tables, _gaps(lines, champion), _moves(lines)])


def _measure(name: str, lines: list[tuple[str, Line]]) -> Markup:
    rows = [(_named(of, line), *_both(line["figures"].get(name))) for of, line in lines]
    return grid(initial(_MEASURES[name]), ["group", "champion", "challenger", "challenger less champion"], rows)


def _both(told: list[float | None] | None) -> Iterator[str]:
    before, after, *difference = told or [None, None, None, None, None]
    for value in (before, after):
        yield HIDDEN if value is None else str(hundred(value))
    yield points(_figure(difference))


def _figure(told: Sequence[float | None]) -> Figure:
    value, low, high = told
    return value, low, high


def _gaps(lines: list[tuple[str, Line]], champion: Part) -> Markup:
    says = champion["says"]
    rows = [
        (
            _named(of, line),
            *(HIDDEN if value is None else signed(hundred(value)) for value in line["gap"][:2]),
            points(_figure(line["gap"][2:])),
            "" if line["says"] is None else says[line["says"]],
        )
        for of, line in lines
        if line["gap"] is not None
    ]
    columns = ["group", "champion's gap", "challenger's gap", "change", "what it says"]
    return grid("Gap to everyone else, in points: below zero is worse for the group", columns, rows, words=[4])


def _moves(lines: list[tuple[str, Line]]) -> Markup:
    rows = [
        (_named(of, line), *(children(line["moves"][name]) for name in ("on", "off", "stays_on")))
        for of, line in lines
        if line["moves"] is not None
    ]
    return grid("Children who would move", ["group", "on to the list", "off the list", "stay on it"], rows)


def _named(of: str, line: Line) -> str:
    return f"{of}{name_of(line)}" if of else "Everyone"
