"""Who is missing from the data: children who could not be scored, what is not known of them, and whom linking missed."""

from collections.abc import Iterator
from typing import Any

from fairness.pack.charts.bars import Bar, bars
from fairness.pack.reading import Part, Reading, shown
from fairness.pack.sections.parts import Fold, folded, grid, part, said, source, symbols
from fairness.pack.sections.tables import drawn, name_of, not_drawn
from fairness.pack.words import HIDDEN, LARGER, MARKS, NOBODY, children, figure_of, initial, of_100, points, share
from fairness.verdicts import Verdict
from models.markup import Markup, element, text

NAME, TITLE = "missing", "Who is missing from the data"
WHY = {
    "identity-not-certain": "not certain enough that all records are of one child",
    "too-little-known": "too little was known",
    "moved-in-too-late": "had come to live here too short a time before",
    "too-stale": "what was known was too old",
}
_PLACES = {each.value: place for place, each in enumerate(Verdict)}
_TRUTH = (
    "Linked, of 100 true pairs of records. Each group is compared with everyone else.",
    "Linked, of 100 children of one agency: found in another too. A child whom no other agency met is rightly found nowhere.",
)


def who_is_missing(reading: Reading) -> Markup:
    """Return the section: by age who could not be scored, and by agency whom linking missed."""
    return part(
        NAME,
        TITLE,
        _headline(reading),
        source(reading, "Source: children on record at each age, in the cohorts judged"),
        said(
            "A child who is not in the data, or of whom too little is known, cannot be found by any score. The audit above is of the others.",
            _larger(reading),
        ),
        symbols(),
        *_coverage(reading),
        *_linkage(reading),
    )


def _headline(reading: Reading) -> str:
    refused = [
        told.value for one in reading.audit.get("coverage", ()) if (told := shown(one, "refused")).value is not None
    ]
    if not refused:
        return "How many children could not be scored is not known here."
    return (
        f"{initial(of_100(max(refused)))} children on record could not be scored, at the age where that is most common."
    )


def _larger(reading: Reading) -> str:
    """Say between how many groups and everyone else the gap of those not scored is larger than agreed."""
    verdicts = [
        shown(line, "refused").verdict
        for one in reading.audit.get("coverage", ())
        for attribute in one["attributes"]
        for line in attribute["groups"]
    ]
    return (
        f"Gaps in who could be scored that are larger than agreed: {verdicts.count(LARGER) or 'none shown'}."
        if verdicts
        else ""
    )


def _coverage(reading: Reading) -> Iterator[Markup]:
    if not reading.audit.get("coverage", ()):
        words = "Who could not be scored is not part of this audit. It is worked out when a model is trained (earlyid train)."
        yield said(reading.missing("coverage", words))
        return
    ages = reading.audit["coverage"]
    refused = [shown(one, "refused").value or 0.0 for one in ages]
    folds = [Fold(f"At {reading.label('landmarks', one['landmark'])}", list(_at_age(one, reading))) for one in ages]
    yield from folded(folds, refused.index(max(refused)), "age")


def _at_age(one: Part, reading: Reading) -> Iterator[Markup]:
    refused, unknown = shown(one, "refused"), shown(one, "unknown")
    if refused.value is not None:
        yield said(
            f"Of 100 children on record at this age, {share(refused.figure)} could not be scored.",
            ""
            if unknown.value is None
            else f"Of 100 things asked about a child who was scored, {share(unknown.figure)} were not known.",
        )
    reasons = [(WHY.get(code, code), HIDDEN if n is None else f"{n:,}") for code, n in one["reasons"].items()]
    yield grid(f"Of {children(one['n'])} children on record, why some were not scored", ["reason", "children"], reasons)
    rows = [
        (attribute | {"label": reading.label("attributes", attribute["attribute"])}, line)
        for attribute in one["attributes"]
        for line in attribute["groups"]
    ]
    told = [_bar(attribute, line) for attribute, line in drawn(rows, "refused")]
    if told:
        age = reading.label("landmarks", one["landmark"])
        columns = ["difference from everyone else", "not known, of 100 things asked"]
        yield bars(
            "Could not be scored, of 100 children on record", f"At {age}", told, "Of 100 children", columns=columns
        )
    yield not_drawn(rows, "refused")


def _bar(attribute: Part, line: Part) -> Bar:
    refused, unknown = shown(line, "refused"), shown(line, "unknown")
    cells = (_marked(points(refused.difference), refused.verdict), share(unknown.figure))
    return Bar(name_of(line), line["n"], refused.figure, attribute["label"], cells)


def _linkage(reading: Reading) -> Iterator[Markup]:
    linkage = reading.audit.get("linkage")
    yield element("h3", text("Whom linking missed"))
    if linkage is None:
        words = "Records came with one key for each child, so nobody was linked here. Whom the key misses is not known."
        yield said(reading.missing("linkage", words))
        return
    if linkage.get("truth"):
        yield said(_TRUTH[0])
        yield _linked(linkage["truth"]["recall"], "True pairs linked, of 100", reading)
        return
    yield said(_TRUTH[1])
    labels = {agency["agency"]: agency["label"] for agency in linkage["agencies"]}
    for audit in linkage["linked_by_group"]:
        yield _linked(audit, f"{labels[audit['agency']]}: children found in another agency too, of 100", reading)


def _linked(audit: dict[str, Any], title: str, reading: Reading) -> Markup:
    rows = [
        Bar(
            line["group"],
            line["pairs"],
            figure_of(line["recall"]),
            reading.label("attributes", attribute["attribute"]),
            (_marked(points(figure_of(line["gap"]), _untold(line)), _PLACES[line["verdict"]]),),
        )
        for attribute in audit["attributes"]
        for line in attribute["groups"]
    ]
    return bars(title, "Pairs of records, or children", rows, "Of 100", columns=["difference from everyone else"])


def _untold(line: dict[str, Any]) -> str:
    return NOBODY if line["pairs"] == 0 else HIDDEN


def _marked(words: str, place: int | None) -> str:
    return words if place is None else f"{words} {MARKS[place]}"
