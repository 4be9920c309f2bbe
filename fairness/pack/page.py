"""
The pack: one page that needs nothing else, the same for the same files wherever and whenever it is drawn.

Everything on it comes from the audit as it may be told, and from a bundle's other files where they are given.
"""

from collections.abc import Mapping

from fairness.pack.charts.key import verdict_key
from fairness.pack.charts.style import style
from fairness.pack.look import LOOK
from fairness.pack.reading import Reading, read
from fairness.pack.sections import (
    calibration,
    cannot_judge,
    challenger,
    choices,
    how_well,
    intersections,
    lists,
    method,
    missed,
    what_it_does,
    who_is_missing,
    with_and_without,
    worst_segment,
)
from fairness.pack.sections.decision import sheet
from fairness.pack.sections.parts import ON_PAPER, said
from models.markup import Markup, element, text

_SECTIONS = (
    (what_it_does, what_it_does.what_it_does),
    (how_well, how_well.how_well),
    (calibration, calibration.calibration),
    (missed, missed.missed),
    (cannot_judge, cannot_judge.cannot_judge),
    (who_is_missing, who_is_missing.who_is_missing),
    (with_and_without, with_and_without.with_and_without),
    (intersections, intersections.intersections),
    (worst_segment, worst_segment.worst_segment),
    (choices, choices.choices),
    (challenger, challenger.challenger),
    (lists, lists.lists),
    (method, method.method),
)
TITLE = "Fairness audit: the pack for the board"
# Nothing is fetched and nothing runs: the page holds all that it shows.
_RULES = "default-src 'none'; style-src 'unsafe-inline'"


def pack(files: Mapping[str, bytes]) -> str:
    """
    Return the pack as HTML, from `audit.json` and whichever of `reading.BESIDE` are there.

    Raises IntegrityError where the audit is missing, or a file cannot be read.
    """
    reading = read(files)
    sections = [draw(reading) for _, draw in _SECTIONS]
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en-GB">',
            '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta http-equiv="Content-Security-Policy" content="{_RULES}">',
            f"{element('title', text(TITLE))}<style>{style(_running(reading))}{LOOK}</style></head>",
            "<body>",
            element("a", text("Skip to the pack"), href="#main", class_="skip"),
            _top(reading),
            element("main", sheet.sheet(reading), _contents(), said(ON_PAPER), verdict_key(), *sections, id="main"),
            _foot(),
            "</body></html>",
            "",
        ]
    )


def _top(reading: Reading) -> Markup:
    subject = reading.contract["label"] if reading.contract else "An audit of scored children"
    return element("header", element("h1", text(TITLE)), element("p", text(subject), class_="subject"))


def _contents() -> Markup:
    entries = [(sheet.NAME, sheet.TITLE), *((module.NAME, module.TITLE) for module, _ in _SECTIONS)]
    links = [element("li", element("a", text(title), href=f"#{name}")) for name, title in entries]
    return element("nav", element("ol", *links), aria_label="Contents")


def _foot() -> Markup:
    words = "No child's record is in this pack. Counts of children are to the nearest five, and small ones are hidden."
    return element("footer", element("p", text(words)))


def _running(reading: Reading) -> str:
    return f"{TITLE} · policy {reading.policy['digest'][:12]}"
