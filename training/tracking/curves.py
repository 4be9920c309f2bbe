"""
The curves of what ships, from what stands in its bundle: ROC and precision-recall at the twenty capacities, and its terms.

A curve through every score would tell of single children; twenty lists do not, and they are the lists a team can choose from.
Nor does a term's curve reach to the lowest or the highest value that a child had: it ends where ten children lie beyond.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.bands import AtCapacity
from models.refits import Curve
from models.small_numbers import FEWEST
from models.terms import EstimatorSpec, Input, LinearTerm, StepTerm, Term

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
    """
    Return the curve of a feature's own terms, as they are served under a calibration's slope; *not known* last.

    No point is at the lowest or the highest value that a child had. A line is drawn between the outermost edges that ten
    children lie beyond; its bounds there are those of its ends, drawn straight, which is wider than need be. A step is drawn
    over the cells between such edges and to a little beyond the last of them, wherever the values in its last cell end.
    """
    terms = [term for term in spec.terms if term.features == (curve.feature,)]
    given = next(each for each in spec.inputs if each.feature == curve.feature)
    step = next((term for term in terms if isinstance(term, StepTerm)), None)
    told = _on_line(curve, given) if step is None else _on_steps(curve, step, given)
    points: list[tuple[float | None, float, float]] = [*told, (None, curve.low[-1], curve.high[-1])]
    return [TermPoint(value, round(slope * _summed(terms, value), 6), low, high) for value, low, high in points]


def _on_line(curve: Curve, given: Input) -> Iterator[tuple[float, float, float]]:
    """Yield the outermost edges of a feature that ten children lie beyond, with the bounds of its line there."""
    (first, last), inner = curve.at, _inner_edges(given.edges, given.n)
    for value in dict.fromkeys([*inner[:1], *inner[-1:]]):
        along = (value - first) / (last - first)
        low, high = (ends[0] + along * (ends[1] - ends[0]) for ends in (curve.low, curve.high))
        yield value, round(low, 6), round(high, 6)


def _on_steps(curve: Curve, step: StepTerm, given: Input) -> Iterator[tuple[float, float, float]]:
    """Yield a value of each cell of a step that ten children lie at or beyond, with its bounds."""
    edges, inner = step.edges, _inner_edges(step.edges, step.n)
    cells = [(edge, edges.index(edge)) for edge in inner]
    if cells:
        after = cells[-1][1] + 1
        cells.append(
            ((edges[-1] + _beyond(edges)) if after == len(edges) else sum(edges[after - 1 : after + 1]) / 2, after)
        )
    else:
        cells.append((given.typical, bisect_left(edges, given.typical)))
    yield from ((value, curve.low[cell], curve.high[cell]) for value, cell in cells)


def _beyond(edges: Sequence[float]) -> float:
    """Return how far beyond the last edge its cell is shown: half as far as from the edge before."""
    return (edges[-1] - edges[-2]) / 2 if len(edges) > 1 else 0.5


def _inner_edges(edges: Sequence[float], n: Sequence[int]) -> list[float]:
    """Return the edges that have ten children at or below them and ten above, by the n of their cells, *not known* last."""
    known = n[:-1]
    return [edge for k, edge in enumerate(edges) if min(sum(known[: k + 1]), sum(known[k + 1 :])) >= FEWEST]


def reach(points: Sequence[TermPoint]) -> float:
    """Return how far apart the least and the most of a term lie."""
    return max(point.contribution for point in points) - min(point.contribution for point in points)


def spans(spec: EstimatorSpec, feature: str, points: Sequence[TermPoint]) -> bool:
    """Whether there is a curve to draw: a step has a width wherever it has a value, a line from its second value on."""
    known = sum(point.value is not None for point in points)
    return known > 1 or (known == 1 and _is_stepped(spec, feature))


def _is_stepped(spec: EstimatorSpec, feature: str) -> bool:
    return any(isinstance(term, StepTerm) and term.feature == feature for term in spec.terms)


def stairs(spec: EstimatorSpec, feature: str, points: Sequence[TermPoint]) -> tuple[list[Place], list[Place]]:
    """
    Return a term's curve over the values known, and its bounds: a line as it is, a step from the end of one cell to the next.

    Where a step's first cell begins is not told either: it is drawn as wide as the next. There must be a value known.
    """
    known = [(point.value, point) for point in points if point.value is not None]
    stepped = _is_stepped(spec, feature)
    first = known[0][0] - (known[1][0] - known[0][0] if len(known) > 1 else 1.0)
    starts = [first, *(x for x, _ in known)]
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
