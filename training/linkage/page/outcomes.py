"""What linking does to each outcome: whether the results that found their child's records tell the same as all results."""

from collections.abc import Iterator
from typing import Any

from models.markup import Markup, body, element, figure, heading, paragraph, row, table, text
from training.linkage.page.figures import NOTHING, count, percent, points, share_of, spoken


def outcomes(report: dict[str, Any]) -> Iterator[Markup]:
    """Yield the part of the section on who is missing that tells of outcomes; true identities add two columns."""
    true = {} if report["truth"] is None else {one["outcome"]: one for one in report["truth"]["outcomes"]}
    yield element("h3", text("What that does to each outcome"))
    yield paragraph(
        text(
            "Training can use a result only if the child's records were found in the sources that the contract needs. The "
            "difference foreseen is the share among usable results less the share among all of them: what a model would learn "
            "to foresee too often (+) or too seldom (\N{MINUS SIGN}), if the others are children of the area too."
        )
    )
    headings = [
        "results",
        "usable",
        "usable share",
        "share, all results",
        "share, usable",
        "difference foreseen, points",
    ]
    known = ["share, true identities", "usable less true, points"] if true else []
    heads = [heading("outcome", figures=False), *map(heading, [*headings, *known])]
    yield table("Share of children with each outcome", heads, body([_row(one, true) for one in report["outcomes"]]))
    yield paragraph(text(f"{NOTHING}: no usable result, nothing to measure."))


def _row(outcome: dict[str, Any], true: dict[str, dict[str, Any]]) -> Markup:
    cells = [
        count(outcome["results"]),
        count(outcome["usable"]),
        share_of(outcome["usable"], outcome["results"]),
        percent(outcome["share"]),
        percent(outcome["share_usable"]),
        points(outcome["foreseen_difference"]),
    ]
    if true:
        share, usable = true[outcome["outcome"]]["share_on_true_identities"], outcome["share_usable"]
        cells += [percent(share), points(None if share is None or usable is None else usable - share)]
    return row(spoken(outcome["outcome"]), *map(figure, cells))
