"""How well what ships foresaw the outcome of children it had not seen, for each landmark and outcome."""

from collections.abc import Iterator

from models.bands import Figure
from models.markup import Markup, body, element, figure, heading, paragraph, row, table, text
from models.plain_words import out_of_100
from service.model_sheet.evaluated import Lagged
from service.model_sheet.figures import NOTHING, children, initial, measured
from service.model_sheet.parts import Part

# The candidate that is judged beside the others, and never ships.
YARDSTICK = "full booster"


def how_well(parts: tuple[Part, ...]) -> Iterator[Markup]:
    """Yield the section."""
    yield paragraph(
        text(
            "AUC is how often, of a child with the outcome and one without, the first scores higher: 0.5 is chance. A "
            "calibration slope under 1 says that scores are too extreme, and one over 1 that they are too timid; an intercept "
            "above 0 says that they are too low on the whole. An unrestricted booster is a yardstick that nobody could read, and "
            "never ships. All on children the model had not seen, with 95 % intervals that draw whole families."
        )
    )
    headings = [
        heading("outcome", figures=False),
        *map(heading, ["children judged", "had the outcome, of 100", "AUC", "AUC to quote"]),
        *map(heading, ["calibration slope", "calibration intercept", "AUC of an unrestricted booster"]),
    ]
    landmarks = dict.fromkeys(part.landmark.name for part in parts)
    groups = [[part for part in parts if part.landmark.name == name] for name in landmarks]
    bodies = [body([_row(part) for part in group], initial(group[0].landmark.label), len(headings)) for group in groups]
    yield table("How well each score foresaw", headings, *bodies)
    yield paragraph(text(_quoted(parts)))


def _row(part: Part) -> Markup:
    found, label = part.evaluated, initial(part.head.outcome.label)
    if found is None:
        return row(label, *(figure(NOTHING) for _ in range(7)))
    shipped, lagged = found.shipped, found.lagged
    return row(
        label,
        figure(children(found.n)),
        figure(out_of_100(found.prevalence)),
        _measure(shipped.auc),
        _measure(lagged.shipped.auc if lagged is not None else None),
        _measure(shipped.calibration_slope),
        _measure(shipped.calibration_intercept),
        _measure(found.candidates[YARDSTICK].auc if YARDSTICK in found.candidates else None),
    )


def _measure(found: Figure | None) -> Markup:
    """Return a cell with a measure, and its interval under it."""
    value, _, spread = measured(found).partition(" (")
    if not spread:
        return figure(value)
    return element("td", text(value), element("small", text(spread.removesuffix(")"))), class_="n")


def _quoted(parts: tuple[Part, ...]) -> str:
    lags = [part.evaluated.lagged for part in parts if part.evaluated is not None and part.evaluated.lagged is not None]
    if not lags:
        return (
            "Without cohorts in time there is no figure of a model as old as it is in real use: expect these figures to be "
            "optimistic."
        )
    return (
        "The AUC to quote is that of the same procedure, learned on children as much older as they are in real use, or as "
        f"much as there are cohorts for: {_lag_words(lags)}. The figure beside it is optimistic about the model's age."
    )


def _lag_words(lags: list[Lagged]) -> str:
    told = {f"{lag.lag_in_cohorts} cohorts before (in real use: {lag.lag_in_real_use})": None for lag in lags}
    return "; ".join(told)
