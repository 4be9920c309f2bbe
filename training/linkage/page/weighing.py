"""How it was decided: what each agreement weighs, how many relatives a child has, and which pairs were tried."""

import math
from collections.abc import Iterator
from typing import Any

from models.markup import (
    Markup,
    body,
    bullets,
    cell,
    element,
    figure,
    heading,
    paragraph,
    row,
    table,
    text,
)
from training.linkage.page.charts import Weights
from training.linkage.page.figures import bits, chance, percent, spoken

_START = "Where every pair starts"


def weighing(report: dict[str, Any]) -> Iterator[Markup]:
    """Yield the section."""
    model = report["model"]
    yield _rule(report)
    yield _weights(model)
    yield from _relatives(model["relatives_a_child"])
    yield from _tried(model["pairs_tried_where"])


def _rule(report: dict[str, Any]) -> Markup:
    threshold, review = percent(report["threshold"]), percent(report["review_from"])
    return paragraph(
        text(
            f"Two records are joined if they are one child with a probability of {threshold} or more. Pairs from {review} up to "
            f"{threshold}, and likelier ones that would give a child two ids where an agency promises one, are laid before a "
            f"person. The pairs were compared with the backend "
        ),
        element("code", text(report["backend"])),
        text(
            ". Each agreement adds to a pair's match weight and each disagreement takes from it, in bits: one bit doubles or "
            "halves the odds. A part that either record lacks weighs nothing. "
            "Every pair starts where two records taken at random stand, which are one child with a probability of "
            f"{chance(report['model']['two_random_records_match'])}."
        ),
    )


def _weights(model: dict[str, Any]) -> Markup:
    start = _start(model["two_random_records_match"])
    scale = Weights.of([start, *(level["weight"] for part in model["parts"] for level in part["levels"])])
    headings = [
        heading("agreement", figures=False),
        heading("weight in bits", scale.axis(), figures=False),
        heading("bits"),
        heading("among records of one child (m)"),
        heading("among records of strangers (u)"),
    ]
    first = row(
        "two records taken at random",
        cell(scale.drawn(_START, start)),
        figure(bits(start)),
        *map(figure, ["", ""]),
    )
    bodies = [body([first], _START, len(headings)), *(_part(part, scale, len(headings)) for part in model["parts"])]
    return table("What each agreement weighs", headings, *bodies)


def _start(probability: float) -> float:
    """Return the odds that two records taken at random are one child, in bits."""
    return math.log2(probability / (1 - probability))


def _part(part: dict[str, Any], scale: Weights, across: int) -> Markup:
    name = spoken(part["part"])
    return body([_level(level, name, scale) for level in part["levels"]], name, across)


def _level(level: dict[str, Any], part: str, scale: Weights) -> Markup:
    return row(
        level["level"],
        cell(scale.drawn(f"{part}, {level['level']}", level["weight"])),
        *map(figure, [bits(level["weight"]), chance(level["among_one_child"]), chance(level["among_strangers"])]),
    )


def _relatives(relatives: dict[str, float]) -> Iterator[Markup]:
    yield element("h3", text("Relatives a child has"))
    yield paragraph(
        text(
            f"Counted within agencies, 100 children have {100 * relatives['twins']:.1f} twins and "
            f"{100 * relatives['family']:.1f} other relatives at one address. They share much of an identity, so that a pair "
            "must also be likelier to be one child than to be two of a family."
        )
    )


def _tried(blocks: list[str]) -> Iterator[Markup]:
    yield element("h3", text("Pairs that were tried"))
    yield paragraph(text("No other pair was looked at. Two records were compared if they agree in any of these:"))
    yield bullets([text(" and ".join(map(_key, block.split(" and ")))) for block in blocks])


def _key(key: str) -> str:
    """Return a key of a block as words; two sides that cross are those of one record and of the other."""
    return ", in one record, as ".join(map(_aspect, key.split("="))) + (" in the other" if "=" in key else "")


def _aspect(side: str) -> str:
    part, _, aspect = side.strip().partition(".")
    return f"{aspect} of {spoken(part)}" if aspect else spoken(part)
