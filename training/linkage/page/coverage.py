"""Coverage: how many of each agency's ids were found elsewhere, and how many of its children each other agency has."""

from collections.abc import Iterator
from typing import Any

from models.markup import (
    Markup,
    body,
    cell,
    element,
    figure,
    heading,
    paragraph,
    row,
    table,
    text,
)
from training.linkage.page.charts import share_bar
from training.linkage.page.figures import count, percent, share_of

# Shades of the heat table, palest first, one for each fifth; every cell also says its figure.
_SHADES = 5


def coverage(report: dict[str, Any]) -> Iterator[Markup]:
    """Yield the section."""
    yield from _linked(report["agencies"])
    yield from _shared(report)


def _linked(agencies: list[dict[str, Any]]) -> Iterator[Markup]:
    yield paragraph(
        text(
            "An id is linked if another agency has a record of the same child. An agency that meets children no other agency "
            "meets has a lower share, and nothing is wrong with it."
        )
    )
    headings = [
        heading("agency", figures=False),
        *map(heading, ["ids", "children", "linked ids", "linked share"]),
        heading("linked", figures=False),
        heading("one id a child", figures=False),
    ]
    yield table("Each agency's ids, and those found in another agency", headings, body([_agency(a) for a in agencies]))


def _agency(agency: dict[str, Any]) -> Markup:
    linked, ids = agency["linked"], agency["people"]
    return row(
        agency["label"],
        *map(figure, [count(ids), count(agency["children"]), count(linked), share_of(linked, ids)]),
        cell(share_bar(agency["label"], linked, ids)),
        cell(text("yes" if agency["one_id_a_child"] else "no")),
    )


def _shared(report: dict[str, Any]) -> Iterator[Markup]:
    labels = {agency["agency"]: agency["label"] for agency in report["agencies"]}
    yield element("h3", text("Whom agencies have in common"))
    yield paragraph(
        text(
            "Read along a row: of all children of that agency, how many the agency above the column has too, and which share "
            "of the row that is. The darker, the larger the share."
        )
    )
    headings = [
        heading("of the children of", figures=False),
        *(heading(labels[one["agency"]]) for one in report["shared"]),
    ]
    rows = [_heat_row(one, labels) for one in report["shared"]]
    yield table("Children that another agency has too", headings, body(rows), class_="heat")


def _heat_row(one: dict[str, Any], labels: dict[str, str]) -> Markup:
    own, whole = one["agency"], one["of"]
    return row(labels[own], *(_heat(number, whole, own=other == own) for other, number in one["also"].items()))


def _heat(number: int, whole: int, *, own: bool) -> Markup:
    if own:
        return element("td", text(count(whole)), element("small", text("all")), class_="own")
    share = number / whole if whole else None
    shade = min(_SHADES - 1, int((share or 0.0) * _SHADES))
    return element("td", text(count(number)), element("small", text(percent(share))), class_=f"h{shade}")
