"""
The curves of what ships, from what stands in its bundle: ROC and precision-recall at the twenty capacities, and its terms.

A curve through every score would tell of single children; twenty lists do not, and they are the lists a team can choose from.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.bands import AtCapacity
from models.refits import Curve
from models.small_numbers import FEWEST
from models.terms import EstimatorSpec, LinearTerm, StepTerm, Term

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ListPoint:
    """A list of one capacity: its figures, and the share of those without the outcome who are on it; None: not defined."""

    capacity: float
    recall: float
    recall_low: float | None
    recall_high: float | None
    ppv: float
    ppv_low: float | None
    ppv_high: float | None
    false_positive_rate: float


def list_points(lists: Sequence[AtCapacity], n: int, prevalence: float) -> Iterator[ListPoint]:
    """Yield the lists of n children, shortest first, that have ten on them who had the outcome, and ten who did not."""
    for at in lists:
        recall, ppv = at.recall.value, at.ppv.value
        if recall is not None and ppv is not None and n * at.flagged * min(ppv, 1.0 - ppv) >= FEWEST:
            wrongly = round(min(at.flagged * (1.0 - ppv) / (1.0 - prevalence), 1.0), 6)
            yield ListPoint(at.capacity, recall, at.recall.low, at.recall.high, ppv, at.ppv.low, at.ppv.high, wrongly)


@dataclass(frozen=True, slots=True)
class TermPoint:
    """A term's contribution at a value of its feature (None: not known), and its bounds over the refits, on the log-odds."""

    value: float | None
    contribution: float
    low: float
    high: float


def term_points(spec: EstimatorSpec, slope: float, curve: Curve) -> list[TermPoint]:
    """Return the curve of a feature's own terms, as they are served under a calibration's slope; *not known* last."""
    terms = [term for term in spec.terms if term.features == (curve.feature,)]
    values: list[float | None] = [*curve.at, None]
    return [
        TermPoint(value, round(slope * _summed(terms, value), 6), low, high)
        for value, low, high in zip(values, curve.low, curve.high, strict=True)
    ]


def reach(points: Sequence[TermPoint]) -> float:
    """Return how far apart the least and the most of a term lie."""
    return max(point.contribution for point in points) - min(point.contribution for point in points)


def stairs(spec: EstimatorSpec, feature: str, points: Sequence[TermPoint]) -> tuple[list[Place], list[Place]]:
    """Return a term's curve over the values known, and its bounds: a line as it is, a step from the end of one cell to the next."""
    known = [(point.value, point) for point in points if point.value is not None]
    stepped = any(isinstance(term, StepTerm) and term.feature == feature for term in spec.terms)
    lowest = next(given.low for given in spec.inputs if given.feature == feature)
    starts = [min(lowest, known[0][0]), *(x for x, _ in known)]
    drawn = [
        (x, at) for start, (end, at) in zip(starts, known, strict=False) for x in ((start, end) if stepped else (end,))
    ]
    return [(x, at.contribution) for x, at in drawn], [(at.low, at.high) for _, at in drawn]


def _summed(terms: Sequence[Term], value: float | None) -> float:
    total = 0.0
    for term in terms:
        match term:
            case LinearTerm():
                known = (
                    term.coefficient * (min(max(value, term.low), term.high) - term.centre) if value is not None else 0
                )
                total += term.not_known if value is None else known
            case StepTerm():
                total += term.values[-1 if value is None else bisect_left(term.edges, value)]
    return total
