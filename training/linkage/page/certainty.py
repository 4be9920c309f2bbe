"""How sure the links are: errors that the match probabilities foresee, and beside them those that were counted."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from models.markup import Markup, body, figure, heading, paragraph, row, table, text
from training.linkage.page.figures import HIDDEN, NOTHING, count, percent
from training.linkage.page.strengths import children_by_strength, pairs_by_weight


def certainty(report: dict[str, Any]) -> Iterator[Markup]:
    """Yield the section."""
    yield from _errors(report)
    yield from children_by_strength(report["children"])
    yield from pairs_by_weight(report["weights"])


def _errors(report: dict[str, Any]) -> Iterator[Markup]:
    counted = report["truth"]
    yield paragraph(
        text(
            "Precision is the share of the pairs joined that are of one child; recall the share of the pairs of one child that "
            "were joined. Those foreseen are estimates: sums of the match probabilities, which are the linkage's own opinion of "
            "itself, and in which pairs that were never tried have no part."
            + (" Those counted stand beside the true identities that were given." if counted is not None else "")
        )
    )
    estimated = ["pairs joined", "expected wrong", "expected missed", "precision (estimate)", "recall (estimate)"]
    known = ["precision (counted)", "true pairs", "recall (counted)"] if counted is not None else []
    headings = [heading("agencies", figures=False), *map(heading, [*estimated, *known])]
    yield table(
        "Expected errors (estimates), by the two agencies of a pair", headings, *_error_bodies(report, len(headings))
    )
    hidden = f"; {HIDDEN}: hidden, too few pairs" if counted is not None else ""
    yield paragraph(text(f"{NOTHING}: no pairs, nothing to measure{hidden}."))


def _error_bodies(report: dict[str, Any], across: int) -> Iterator[Markup]:
    """Yield a row for all agencies, and the pairs of agencies under the first of the two."""
    labels = {agency["agency"]: agency["label"] for agency in report["agencies"]}
    estimates, counted = report["estimates"], {} if report["truth"] is None else _counted(report["truth"])
    yield body([_error_row("All agencies", estimates["overall"], counted.get(None, []))])
    for first, pairs in groupby(estimates["by_agencies"], key=lambda one: one["agencies"][0]):
        rows = [_error_row(labels[one["agencies"][1]], one, counted.get(tuple(one["agencies"]), [])) for one in pairs]
        yield body(rows, f"{labels[first]}, and", across)


def _error_row(name: str, estimate: dict[str, Any], counted: list[str]) -> Markup:
    return row(name, *map(figure, [*_estimated(estimate), *counted]))


def _estimated(estimate: dict[str, Any]) -> list[str]:
    return [
        count(estimate["linked"]),
        f"{estimate['expected_wrong']:,.1f}",
        f"{estimate['expected_missed']:,.1f}",
        percent(estimate["precision"]),
        percent(estimate["recall"]),
    ]


def _counted(truth: dict[str, Any]) -> dict[tuple[str, ...] | None, list[str]]:
    """Return by agencies (none for all of them) what was counted: precision, true pairs, recall."""
    overall = truth["recall"]["overall"]
    recall: dict[tuple[str, ...] | None, list[str]] = {
        None: [count(overall["pairs"]), percent(overall["recall"] and overall["recall"]["value"])],
        **{
            tuple(one["agencies"]): [count(one["pairs"]), percent(one["recall"])] for one in truth["recall_by_agencies"]
        },
    }
    found = {one["agencies"] and tuple(one["agencies"]): one for one in truth["precision"]}
    return {two: [_precision(one), *recall[two]] for two, one in found.items()}


def _precision(found: dict[str, Any]) -> str:
    if found["precision"] is None:
        return HIDDEN if found["linked"] else NOTHING
    return percent(found["precision"]["value"])
