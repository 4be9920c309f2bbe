"""What each agency holds of an identity, and what became of the rows of its people and of its extracts."""

from collections.abc import Iterator
from typing import Any

from models.markup import Markup, body, cell, figure, heading, paragraph, row, table, text
from training.linkage.page.charts import share_bar
from training.linkage.page.figures import count, share_of, spoken


def holdings(report: dict[str, Any]) -> Iterator[Markup]:
    """Yield the section."""
    yield _people(report["agencies"])
    yield from _parts(report["agencies"])
    yield _extracts(report["sources"])


def _people(agencies: list[dict[str, Any]]) -> Markup:
    headings = [heading("agency", figures=False), *map(heading, ["rows", "ids", "rows without id", "unreadable rows"])]
    rows = [
        row(
            agency["label"],
            *(figure(count(agency[name])) for name in ("rows", "people", "without_id", "unreadable")),
        )
        for agency in agencies
    ]
    return table("Rows of people, by agency", headings, body(rows))


def _parts(agencies: list[dict[str, Any]]) -> Iterator[Markup]:
    headings = [
        heading("part of an identity", figures=False),
        heading("held"),
        heading("empty"),
        heading("unusable"),
        heading("share held"),
        heading("of all rows", figures=False),
    ]
    said = (
        "A placeholder that stands for no name counts as empty. What is unusable was written, but is not what it should be: a "
        "number whose check fails, a date that is none."
    )
    bodies = [
        body([_part(spoken(part), counts) for part, counts in agency["parts"].items()], agency["label"], len(headings))
        for agency in agencies
    ]
    yield paragraph(text(said))
    yield table("Parts of an identity, by agency", headings, *bodies)


def _part(name: str, counts: dict[str, int]) -> Markup:
    held, rows = counts["held"], sum(counts[state] for state in ("held", "empty", "unusable"))
    return row(
        name,
        *(figure(count(counts[state])) for state in ("held", "empty", "unusable")),
        figure(share_of(held, rows)),
        cell(share_bar(name, held, rows)),
    )


def _extracts(sources: list[dict[str, Any]]) -> Markup:
    columns = {
        "rows": "rows written",
        "unknown_id": "rows whose id no person has",
        "unreadable": "unreadable rows",
        "cells_withheld": "cells withheld",
        "no_place": "rows with an unknown postcode",
    }
    headings = [heading("extract", figures=False), *map(heading, columns.values())]
    rows = [row(spoken(source["source"]), *(figure(count(source[name])) for name in columns)) for source in sources]
    return table("Rows of the extracts that were linked", headings, body(rows))
