"""Who is missed, and who is flagged needlessly: both errors on one scale, and the gap that decides."""

from collections.abc import Iterator

from fairness.pack.charts.two_sides import Sides, two_sides
from fairness.pack.charts.whiskers import Whisker, whiskers
from fairness.pack.reading import Head, Line, Part, Reading, shown
from fairness.pack.sections.gaps import RATIO, Found, found, gravest
from fairness.pack.sections.parts import each_head, part, said, source, symbols
from fairness.pack.sections.tables import drawn, name_of, not_drawn
from fairness.pack.words import counted, hundred, points, verdict
from models.markup import Markup, bullets, element, text

NAME, TITLE = "missed", "Who is missed, and who is flagged needlessly"
KINDS = ("attribute", "pooled")
_MOST_SENTENCES = 12
_SIDES = ("fnr", "fdr")
_DECIDES = {"recall": "found, the other side of those missed", "fdr": "flagged needlessly"}
WORDS = {
    "recall": "Found: on the list, of those with the outcome",
    "fdr": "Flagged needlessly: without the outcome, of those on the list",
}


def missed(reading: Reading) -> Markup:
    """Return the section: gaps in sentences, then every group of each score."""
    return part(
        NAME,
        TITLE,
        _headline(reading),
        source(reading),
        said(
            "Missed: with the outcome, and not on the list. Flagged needlessly: on the list, and without the outcome.",
            f"The policy decides by those {_DECIDES[reading.primary]}. {reading.policy['primary']['reason']}",
            "Both errors cannot be made equal in every group, nor either made equal while every score keeps its meaning.",
        ),
        *_sentences(reading),
        symbols(),
        element("p", text("* a group that the policy protects."), class_="legend"),
        *each_head(reading, lambda head: _details(head, reading), NAME, gravest(reading, "recall", "fdr")),
    )


def _headline(reading: Reading) -> str:
    gaps = [each for each in found(reading) if each.measure != RATIO]
    if not gaps:
        return "No group was shown to be missed, or flagged needlessly, more often than agreed; for many the data cannot tell."
    return f"{counted(len(gaps), 'group')} may be missed, or flagged needlessly, more often than others; for many the data cannot tell."


def _sentences(reading: Reading) -> Iterator[Markup]:
    lines = [text(_sentence(each)) for each in found(reading) if each.measure != RATIO]
    if lines:
        yield bullets(lines[:_MOST_SENTENCES])
    if len(lines) > _MOST_SENTENCES:
        yield said(f"And {len(lines) - _MOST_SENTENCES} more groups, in the tables below.")


def _sentence(each: Found) -> str:
    return f"{each.who}. {each.what_differs()} {verdict(each.shown.verdict)}. Score: {each.head.title}."


def _details(head: Head, reading: Reading) -> Iterator[Markup]:
    rows = list(head.groups(*KINDS))
    told = drawn(rows, *_SIDES)
    if not told:
        return
    yield two_sides(
        "Missed, of 100 with the outcome; flagged needlessly, of 100 on the list",
        f"{head.title}, with a list of {hundred(reading.audit['capacity'])} in 100 children",
        [_sides(attribute["label"], line) for attribute, line in told],
        _sides("", head.overall),
    )
    yield whiskers(
        f"{WORDS[reading.primary]}. How far each group is from everyone else",
        head.title,
        [_gap(attribute, line, reading) for attribute, line in told],
        reading.margin,
        columns=["smallest gap that could be seen", "range with the list drawn anew"],
    )
    yield not_drawn(rows, *_SIDES)


def _sides(section: str, line: Line) -> Sides:
    without, needless = (shown(line, side) for side in _SIDES)
    name = name_of(line) if section else "Everyone"
    return Sides(name, line["n"], without.figure, needless.figure, (without.verdict, needless.verdict), section)


def _gap(attribute: Part, line: Line, reading: Reading) -> Whisker:
    told = shown(line, reading.primary)
    smallest = "" if told.smallest_gap is None else str(hundred(told.smallest_gap))
    return Whisker(
        name_of(line), line["n"], told.difference, told.verdict, attribute["label"], (smallest, _again(line, reading))
    )


def _again(line: Line, reading: Reading) -> str:
    """Return the range of the gap with the threshold drawn again in each resample."""
    if line["again"] is None or line["again"][2] is None or line["again"][3] is None:
        return ""
    low, high = line["again"][2:]
    if reading.primary == "fdr":
        low, high = -high, -low
    span = points((low, low, high))
    return span[span.index("(") + 1 : -1]
