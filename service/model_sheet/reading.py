"""How to read the page, and how to work a score out by hand."""

from collections.abc import Iterator

from models.estimator import LOG_ODDS_BOUND, expit, logit
from models.markup import Markup, body, bullets, element, figure, heading, paragraph, row, table, text
from models.small_numbers import FEWEST
from service.model_sheet.figures import bound, signed, times
from service.model_sheet.pair import LEGEND
from service.model_sheet.parts import Part

_EXAMPLES = (-1.0, -0.5, -0.2, -0.1, 0.1, 0.2, 0.5, 1.0)
_FROM = (0.1, 0.3, 0.5)
_SUMS = (-4.0, -3.0, -2.5, -2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0)
# Half of the last place that is shown, and the most that a probability moves with its log-odds.
_HALF_A_PLACE, _STEEPEST = 0.0005, 0.25


def how_to_read(parts: tuple[Part, ...]) -> Iterator[Markup]:
    """Yield the section."""
    yield paragraph(
        text(
            "Every term adds an amount to the log-odds, or takes one from it; 0 is the average child of training. An amount "
            "multiplies the odds, so that what it means of 100 children depends on where they start:"
        )
    )
    headings = [
        heading("a term adds", figures=False),
        heading("the odds are times"),
        *(heading(f"from {100 * start:.0f} of 100 to") for start in _FROM),
    ]
    examples = [
        row(signed(at, 1), figure(times(at)), *(figure(f"{100 * expit(logit(start) + at):.0f}") for start in _FROM))
        for at in _EXAMPLES
    ]
    yield table("What a contribution comes to", headings, body(examples))
    yield from _drawings()
    yield from _by_hand(max(len(part.terms) for part in parts))


def _drawings() -> Iterator[Markup]:
    yield element("h3", text("The drawings"))
    yield bullets(
        [
            text(
                "The dark line is what the term adds at each value; the broken line on the right, where it is not known. The "
                "scale is written on the left, and is one of a few: look at it before two drawings are compared."
            ),
            text(
                "The grey area is where the line lay when the model was learned again, from families drawn anew. A wide "
                "area says that other children would have given another curve."
            ),
            text(
                "The bars are the training children: per cell of a step, which are drawn of one width whatever span of values "
                "they hold, or per tenth of the range of a line. "
                f"Counts are to the nearest five; fewer than {FEWEST} are counted together with those of the cells beside them."
            ),
            text(LEGEND),
            text(
                "Terms stand in the order of their spread over the training children: how much they tell one child from "
                "another."
            ),
        ]
    )


def _by_hand(terms: int) -> Iterator[Markup]:
    yield element("h3", text("A score by hand"))
    off = 100 * _STEEPEST * _HALF_A_PLACE * (terms + 1)
    yield bullets(
        [
            text("Take the landmark and the outcome, and start from its baseline."),
            text("For each of its terms, find the child's cell, or work out the line, and add what stands there."),
            text(f"Hold the sum between {signed(-LOG_ODDS_BOUND, 0)} and {signed(LOG_ODDS_BOUND, 0)}."),
            text(
                "Turn it into a share of 100 children: 100 ÷ (1 + e to the power of minus the sum), or the table below."
            ),
            text(
                f"Three places are shown, which give the score to within {bound(off)} of 100. In full they stand in the "
                "bundle's model.json and calibration.json."
            ),
        ],
        numbered=True,
    )
    rows = [row(signed(at, 1), figure(f"{100 * expit(at):.1f}")) for at in _SUMS]
    yield table("From log-odds to children", [heading("sum", figures=False), heading("of 100 children")], body(rows))
