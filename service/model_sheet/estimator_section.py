"""One landmark and outcome on the page: where its scores start, how sure they are, and every term, the weightiest first."""

from collections.abc import Iterator
from itertools import chain

from models.contract import Contract
from models.estimator import expit, logit
from models.interval import LEVEL
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
    section,
    table,
    text,
)
from models.plain_words import out_of_100
from service.model_sheet.drawing import sureness
from service.model_sheet.figures import between, bound, children, initial, measured, percent, precise, signed
from service.model_sheet.parts import Part
from service.model_sheet.term_article import Articles

# Scores, of 100, whose intervals are told; those beyond the bundle's table of intervals are left out.
_SCORES = (2, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 98)
_DRAWN = 40
_KINDS = {"logistic": "logistic regression", "glass box": "glass box"}


def estimator_section(contract: Contract, part: Part) -> Markup:
    """Return the section of one landmark and outcome."""
    articles = Articles(contract, part)
    return section(
        part.name,
        part.title,
        *_start(part),
        *_sure(part),
        *_contents(part, articles),
        *(articles.article(term, rank) for rank, term in enumerate(part.terms, start=1)),
    )


def _start(part: Part) -> Iterator[Markup]:
    yield element("h3", text("Where every score starts"))
    calibration, baseline = part.calibration, part.head.estimator.baseline
    yield bullets(
        [
            text(
                f"Of 100 children here, {out_of_100(part.head.base_rate)} {part.head.outcome.happens}: so it was of the "
                f"children it was calibrated on ({children(calibration.n)}), knowing nothing more of them."
            ),
            text(
                f"Baseline: {signed(baseline)} on the log-odds, {out_of_100(expit(baseline))} of 100: a child who is the "
                "average of training in every term."
            ),
            text(
                f"Calibration: {signed(calibration.intercept)} + {precise(calibration.slope)} × what was learned "
                f"({signed(part.spec.intercept)} and the terms). It is folded into every figure of this page."
            ),
            text(
                f"It is a {_KINDS[part.spec.kind]}: {len(part.terms)} terms, of {len(part.features)} features. "
                f"{_learned(part)}{_refitted(part)}"
            ),
        ]
    )
    if part.evaluated is not None:
        shipped = part.evaluated.shipped
        yield paragraph(
            text(
                f"On children it had not seen: AUC {measured(shipped.auc)}, calibration slope "
                f"{measured(shipped.calibration_slope)} and intercept {measured(shipped.calibration_intercept)}, Brier score "
                f"{measured(shipped.brier, 3)}, log-loss {measured(shipped.log_loss, 3)}, average precision "
                f"{measured(shipped.average_precision)}; 95 % intervals."
            )
        )


def _learned(part: Part) -> str:
    counted = part.evaluated.procedure.learned_on if part.evaluated is not None else None
    return f"Children learned from: {children(counted)}. " if counted is not None else ""


def _refitted(part: Part) -> str:
    if part.refit is None:
        return "It was not learned again to see how far its curves move."
    return f"It was learned again {part.refit.refits} times, from families drawn anew, to see how far its curves move."


def _sure(part: Part) -> Iterator[Markup]:
    yield element("h3", text("How sure a score is"))
    first, last = part.interval.log_odds[0], part.interval.log_odds[-1]
    told = [logit(score / 100) for score in _SCORES if first <= logit(score / 100) <= last]
    grid = [first + (last - first) * i / _DRAWN for i in range(_DRAWN + 1)]
    drawing = sureness(
        f"The {percent(LEVEL)} interval of each score from {100 * expit(first):.0f} to {100 * expit(last):.0f} of 100; figures follow.",
        [_interval(part, at) for at in grid],
    )
    headings = [heading("score, of 100", figures=False), *map(heading, ["interval", "width"])]
    rows = [
        row(f"{100 * score:.0f}", figure(f"{100 * low:.1f} to {100 * high:.1f}"), figure(f"{100 * (high - low):.1f}"))
        for score, low, high in (_interval(part, at) for at in told)
    ]
    counted = table(f"{percent(LEVEL)} interval of the share, by score. {part.title}", headings, body(rows))
    yield element("div", element("figure", drawing), counted, class_="beside")
    yield paragraph(
        text(
            "Across: the score, of 100. Up: where the share of children with that score who have the outcome lies, given this "
            "fitted model. How far learning again would move a score is no part of it: see the refits of each term. Where a "
            f"source is not known, it is {100 * part.interval.widest:.0f} points wide or wider."
        )
    )


def _interval(part: Part, log_odds: float) -> tuple[float, float, float]:
    score = expit(log_odds)
    found = part.head.intervals.at(log_odds, score, widened=False)
    return score, found.low, found.high


def _contents(part: Part, articles: Articles) -> Iterator[Markup]:
    yield element("h3", text("Every term, the weightiest first"))
    headings = [
        heading("term", figures=False),
        *map(heading, ["spread over children", "adds to the log-odds"]),
        heading("kind", figures=False),
    ]
    rows = [
        element(
            "tr",
            element(
                "th",
                text(f"{rank}. "),
                element("a", text(articles.title(term)), href=f"#{articles.address(term)}"),
                scope="row",
            ),
            figure(f"{term.spread:.3f}"),
            figure(between(term.least, term.most)),
            cell(text({"linear": "line", "step": "steps", "pair": "two together"}[term.term.kind])),
        )
        for rank, term in enumerate(part.terms, start=1)
    ]
    yield table(f"Terms of {part.title}", headings, body(rows))
    used = set(chain.from_iterable(term.term.features for term in part.terms))
    idle = [initial(feature.label) for feature in part.features if feature.name not in used]
    if idle:
        yield paragraph(text("Asked here, and given no term by learning: " + "; ".join(idle) + "."))
    yield paragraph(text(f"A sum beyond {bound(12)} either way counts as {bound(12)}."))
