"""The twenty lengths of a list that were audited, and what each would find."""

from collections.abc import Iterator
from typing import Any

from fairness.pack.charts.lists import ListPoint
from fairness.pack.charts.lists import lists as drawn
from fairness.pack.reading import Head, Line, Part, Reading, Shown, shown
from fairness.pack.sections.decision.worth import by_chance
from fairness.pack.sections.gaps import gravest, is_worse
from fairness.pack.sections.parts import each_head, grid, part, said, source, symbols
from fairness.pack.words import HIDDEN, hundred, share, verdict
from models.markup import Markup, element

NAME, TITLE = "lists", "Longer and shorter lists"
_THE_TEAMS = " (the team's list)"


def lists(reading: Reading) -> Markup:
    """Return the section: of each score, every list that was audited."""
    if reading.capacities is None:
        why = f"This audit is of one list, of {hundred(reading.audit['capacity'])} in 100 children. The pack of a bundle has twenty."
        return part(NAME, TITLE, "Only one length of list was audited.", said(why))
    return part(
        NAME,
        TITLE,
        "A longer list finds more of those with the outcome, and flags more families needlessly.",
        source(reading),
        said(
            "The team can change the length of its list to any of these, with no new data and nothing learned again. The new list needs its own signatures.",
            "“At most”: what no list so long can exceed.",
        ),
        symbols(HIDDEN),
        *each_head(
            reading,
            lambda head: _details(head, reading.capacities or {}, reading),
            NAME,
            gravest(reading, reading.primary),
        ),
    )


def _details(head: Head, capacities: Part, reading: Reading) -> Iterator[Markup]:
    each_list = [_point(told["capacity"], _listed(told, head), head, reading) for told in capacities["audits"]]
    columns = ["on the list, of 100 children", "found", "at most", "widest protected shortfall, in points", "verdict"]
    rows = [
        (
            _length(point.capacity, reading),
            share(point.recall),
            "" if point.ceiling is None else str(hundred(point.ceiling)),
            HIDDEN if point.shortfall is None else str(hundred(point.shortfall)),
            verdict(point.verdict),
        )
        for point in each_list
    ]
    found = grid("Of 100 with the outcome", columns, rows, words=[4])
    of_list = [(_length(point.capacity, reading), share(point.ppv)) for point in each_list]
    of_100 = grid("Of 100 on the list", ["on the list, of 100 children", "had the outcome"], of_list)
    yield drawn("What each length of list would find", head.title, each_list)
    yield element("div", found, of_100, class_="lists")


def _length(capacity: float, reading: Reading) -> str:
    return f"{hundred(capacity)}{_THE_TEAMS if capacity == reading.audit['capacity'] else ''}"


def _listed(told: Part, head: Head) -> dict[str, Any]:
    return next(
        (each for each in told["audits"] if (each["landmark"], each["outcome"]) == (head.landmark, head.outcome)),
        {"overall": {"figures": {}}, "attributes": ()},
    )


def _point(capacity: float, listed: dict[str, Any], head: Head, reading: Reading) -> ListPoint:
    chance = by_chance(head)
    widest = _widest(listed, reading)
    return ListPoint(
        capacity,
        shown(listed["overall"], "recall").figure,
        shown(listed["overall"], "ppv").figure,
        None if not chance else min(1.0, capacity / chance),
        None if widest is None else abs(widest.gap or 0.0),
        None if widest is None else widest.verdict,
    )


def _widest(listed: dict[str, Any], reading: Reading) -> Shown | None:
    """Return the widest shortfall of a group that the policy protects; None where none can be told."""
    gaps = [
        told
        for attribute in listed["attributes"]
        if attribute["kind"] == "attribute"
        for line in attribute["groups"]
        if line["protected"] and (told := _gap(line, reading)) is not None
    ]
    return max(gaps, key=lambda told: abs(told.gap or 0.0), default=None)


def _gap(line: Line, reading: Reading) -> Shown | None:
    told = shown(line, reading.primary)
    return told if told.gap is not None and is_worse(reading.primary, told.gap) else None
