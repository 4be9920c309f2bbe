"""Whether a score means the same in every group: had the outcome, for each one foreseen."""

from collections.abc import Iterator

from fairness.pack.charts.whiskers import Whisker, whiskers
from fairness.pack.reading import Head, Reading, shown
from fairness.pack.sections.gaps import RATIO, gravest
from fairness.pack.sections.parts import each_head, part, said, source, symbols
from fairness.pack.sections.tables import drawn, name_of, not_drawn
from fairness.pack.words import LARGER, WATCH, counted, ratio
from models.markup import Markup

NAME, TITLE = "calibration", "Does a score mean the same in every group?"
_KINDS = ("attribute", "pooled")


def calibration(reading: Reading) -> Markup:
    """Return the section: of each score, every group's ratio of observed to foreseen."""
    return part(
        NAME,
        TITLE,
        _headline(reading),
        source(reading),
        said(
            "1.00 for each one foreseen: as many had the outcome as the scores foresaw. Above it, more did: the scores are too low.",
            "Drawn is what is judged: how far a group is from everyone else.",
            "A group that the score does not ask for is often off, and no release is blocked for that: section 8 says why.",
        ),
        symbols(),
        *each_head(reading, lambda head: _details(head, reading), NAME, gravest(reading, RATIO)),
    )


def _headline(reading: Reading) -> str:
    verdicts = [shown(line, RATIO).verdict for head in reading.heads for _, line in head.groups(*_KINDS, standing=True)]
    asked = sum(verdict is not None for verdict in verdicts)
    if not asked:
        return "It could not be asked of any group whether a score means the same there."
    larger, watch = verdicts.count(LARGER), verdicts.count(WATCH)
    return (
        f"Of {counted(asked, 'comparison')} of a group with everyone else, {larger:,} found a gap larger than agreed, "
        f"and {watch:,} a possible gap."
    )


def _details(head: Head, reading: Reading) -> Iterator[Markup]:
    rows = list(head.groups(*_KINDS, standing=True))
    told = [
        Whisker(name_of(line), line["n"], found.difference, found.verdict, attribute["label"], (ratio(found.figure),))
        for attribute, line in drawn(rows, RATIO)
        for found in [shown(line, RATIO)]
    ]
    if told:
        yield whiskers(
            "Had the outcome, for each 100 foreseen: how far each group is from everyone else",
            head.title,
            told,
            reading.policy["margins"][RATIO],
            what="More or fewer than among everyone else, for each 100 foreseen",
            columns=["had it, for each one foreseen"],
        )
        yield not_drawn(rows, RATIO)
