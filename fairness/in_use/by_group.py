"""The page of a score in use, by group: the list, what people did, and what they changed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fairness.in_use.measures import PAIRS
from fairness.pack.charts.whiskers import Whisker, whiskers
from fairness.pack.sections.parts import grid
from fairness.pack.words import HIDDEN, NOBODY, UNRELIABLE, children, points, share, verdict
from models.markup import Markup, element, text

Part = dict[str, Any]
# What people changed, in words: the chart's title, what it is of.
_CHANGED = {
    "reached": ("Offered help, compared with the list", "Of 100 children asked about"),
    "recall": ("Found by people, compared with the list", "Of 100 children with the outcome"),
    "ppv": ("With the outcome, of those offered help and of the list", "Of 100 offered help, and of 100 listed"),
}
# Each table: its caption, the measure, whether it is judged.
_TABLES = (
    ("Could not be scored, of 100 asked about", "refused"),
    ("On the list, not offered help, of 100 on the list", "set_aside"),
    ("Offered help though not on the list, of 100 not on it", "added"),
    ("Somebody looked, of 100 on the list", "viewed"),
    ("Took it up, of 100 offers of which it is known", "accepted"),
    ("Outcome known by now, of 100 asked about", "outcome_known"),
)


def by_group(head: Part, margins: Mapping[str, float]) -> Iterator[Markup]:
    """Yield what people changed for each group, and beneath it each measure of each group beside everyone else."""
    lines = [(attribute["attribute"], line) for attribute in head["attributes"] for line in attribute["groups"]]
    for name, (title, subtitle) in _CHANGED.items():
        rows = [_whisker(of, line, line["differences"][name]) for of, line in lines if _told(line, name)]
        if rows:
            what = "People, minus the list alone, in points"
            columns = ["list alone", "people", "people: difference from everyone else", "verdict"]
            yield whiskers(
                title,
                subtitle,
                [_with(row, line, name) for row, line in rows],
                None,
                what=what,
                columns=columns,
            )
    tables = [_table(caption, name, lines) for caption, name in _TABLES]
    yield element("details", element("summary", text("Each measure, by group")), *tables, class_="head")
    yield _margins(margins)


def _told(line: Part, name: str) -> bool:
    return bool(line["differences"]) and line["differences"][name][0] is not None


def _whisker(of: str, line: Part, figure: Sequence[float | None]) -> tuple[Whisker, Part]:
    value, low, high = figure
    return Whisker(_name(line), line["n"], (value, low, high), None, _plain(of)), line


def _with(row: Whisker, line: Part, name: str) -> Whisker:
    pair = PAIRS[name]
    alone, people = (line["figures"][which] for which in (pair.alone, pair.people))
    cells = (_share(alone), _share(people), _gap(people), verdict(people[7]))
    return Whisker(row.label, row.n, row.figure, row.verdict, row.section, cells)


def _table(caption: str, name: str, lines: Sequence[tuple[str, Part]]) -> Markup:
    rows = [(f"{_plain(of)}: {_name(line)}", children(line["n"]), *_cells(line, name)) for of, line in lines]
    return grid(
        caption,
        ["group", "children asked about", "of 100", "difference from everyone else", "verdict"],
        rows,
        words=[4],
    )


def _cells(line: Part, name: str) -> tuple[str, str, str]:
    if not line["figures"]:
        symbol = NOBODY if line["n"] == 0 else HIDDEN
        return symbol, symbol, ""
    figure = line["figures"][name]
    return _share(figure), _gap(figure), verdict(figure[7])


def _share(figure: Sequence[float | None]) -> str:
    value, low, high = figure[:3]
    return share((value, low, high))


def _gap(figure: Sequence[float | None]) -> str:
    value, low, high = figure[3:6]
    return points((value, low, high))


def _name(line: Part) -> str:
    return f"{line['group']} ({UNRELIABLE})" if line["small"] and line["n"] else line["group"]


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _margins(margins: Mapping[str, float]) -> Markup:
    told = ", ".join(f"{words} {round(100 * margins[name]):g}" for name, words in _JUDGED.items())
    return element(
        "p", text(f"Judged by the policy's margins, in points: {told}. Ranges are 95 % intervals."), class_="source"
    )


_JUDGED = {
    "refused": "could not be scored",
    "recall": "found, of those with the outcome",
    "fdr": "flagged or offered needlessly",
}
