"""How well the score works for everyone together."""

from collections.abc import Iterator
from typing import Any

from fairness.pack.charts.frequency import of_hundred
from fairness.pack.charts.reliability import reliability
from fairness.pack.reading import Head, Reading, Shown, shown
from fairness.pack.sections.decision.worth import ALMOST_ALL, NOT_TOLD, ceiling
from fairness.pack.sections.parts import each_head, grid, part, said, source
from fairness.pack.words import Figure, children, decimal, figure_of, hundred, of_100, ratio, share
from models.markup import Markup, element

NAME, TITLE = "how-well", "How well it works"


def how_well(reading: Reading) -> Markup:
    """Return the section: a table of every score, and of each score its list and its reliability curve."""
    return part(
        NAME,
        TITLE,
        _headline(reading),
        source(reading),
        said(
            "“AUC”: of two children, one with the outcome and one without, how often the one with it has the higher score; a coin has 0.50.",
            "“Had it, for each one foreseen”: 1.00 where as many had the outcome as were foreseen.",
            "“As old as in use”: learned only from outcomes that were known when these children stood at that age. Quote that figure.",
        ),
        _table(reading),
        *each_head(reading, lambda head: _details(head, reading), NAME, _least_told_apart(reading)),
    )


def _headline(reading: Reading) -> str:
    older = [told for head in reading.heads if (told := _lagged_auc(head))[0] is not None]
    shipped = (_standing(head, "auc").figure for head in reading.heads)
    quoted = older or [figure for figure in shipped if figure[0] is not None]
    if not quoted:
        return "How well the score tells children apart is not known."
    values, lows, highs = ([number for each in quoted if (number := each[at]) is not None] for at in range(3))
    low, high = decimal(min(values)), decimal(max(values))
    span = f" (range {decimal(min(lows))} to {decimal(max(highs))})" if lows and highs else ""
    age = ", by a model as old as in use" if older else ""
    return f"How well it tells children apart, where a coin has 0.50{age}: AUC {low if low == high else f'{low} to {high}'}{span}."


def _table(reading: Reading) -> Markup:
    columns = ["score", "children", "with the outcome", "AUC", "AUC as old as in use", "had it, for each one foreseen"]
    rows = [
        (
            head.title,
            children(head.overall["n"]),
            children(head.overall["events"]),
            ratio(_standing(head, "auc").figure),
            ratio(_lagged_auc(head), NOT_TOLD),
            ratio(_standing(head, "observed_over_expected").figure),
        )
        for head in reading.heads
    ]
    return grid("Each score, on children whom it had not seen", columns, rows)


def _least_told_apart(reading: Reading) -> Head | None:
    aucs = {at: auc for at, head in enumerate(reading.heads) if (auc := _standing(head, "auc").value) is not None}
    return reading.heads[min(aucs, key=aucs.__getitem__)] if aucs else None


def _standing(head: Head, measure: str) -> Shown:
    return Shown() if head.standing is None else shown(head.standing["overall"], measure)


def _lagged_auc(head: Head) -> Figure:
    lagged = (head.evaluation or {}).get("lagged")
    return figure_of(lagged["candidates"][lagged["ships"]]["auc"] if lagged else None)


def _details(head: Head, reading: Reading) -> Iterator[Markup]:
    found, recall = shown(head.overall, "ppv"), shown(head.overall, "recall")
    if found.value is not None and recall.value is not None:
        yield said(*_sentences(head, reading, found, recall))
        yield element(
            "div",
            of_hundred("Of 100 children on the list", hundred(found.value), ("had the outcome", "flagged needlessly")),
            of_hundred("Of 100 children with the outcome", hundred(recall.value), ("on the list", "missed")),
            class_="pair",
        )
    curve = (head.standing or {"overall": {"curve": None}})["overall"]["curve"]
    if curve:
        bins = [(foreseen, n, happened, low, high) for foreseen, n, happened, low, high in curve]
        drawn = reliability(
            "Does 30 in 100 mean 30 in 100?",
            f"{head.title}: children by score, and how many of 100 had the outcome",
            bins,
        )
        yield element("div", drawn, _curve(bins), class_="beside")


def _sentences(head: Head, reading: Reading, found: Shown, recall: Shown) -> Iterator[str]:
    length = hundred(reading.audit["capacity"])
    yield f"With a list of {length} in 100 children: of 100 on the list, {share(found.figure)} had the outcome."
    yield f"Of 100 with the outcome, {share(recall.figure)} were on the list."
    if (most := ceiling(head, reading)) is not None and most < ALMOST_ALL:
        yield f"A list of this length cannot hold more than {of_100(most)} of them, however good the score."


def _curve(bins: list[tuple[float, Any, float, float, float]]) -> Markup:
    rows = [
        (str(hundred(foreseen)), children(n), share((happened, low, high))) for foreseen, n, happened, low, high in bins
    ]
    return grid("The same numbers, of 100 children each", ["foreseen", "children", "had the outcome"], rows)
