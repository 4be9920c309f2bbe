"""
Scores a matrix row: terms to contributions, contributions to log-odds, log-odds to a probability.

Contributions are added one by one in term order, and one `expit` built on `math.exp` serves one child and millions, so
that single, batch and HTTP answers are equal to the bit.
"""

import math
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.terms import Calibration, EstimatorSpec, LinearTerm, PairTerm, StepTerm, Term

# Beyond these odds (1 in 160,000) no record of this kind can speak; the excess is a term of its own.
LOG_ODDS_BOUND = 12.0
# More than the order of additions can change a sum of a few dozen contributions.
ROUNDING = 1e-9

Floats = NDArray[np.float64]
Cells = NDArray[np.int64]


class RowScore(NamedTuple):
    """One matrix row, scored: baseline + the contributions, in term order with the excess last, = log_odds."""

    log_odds: float
    probability: float
    baseline: float
    contributions: list[float]


class _PairEnds(NamedTuple):
    """The least and the most of a pair's table: of all of it, of each line, and of each column."""

    all: tuple[float, float]
    lines: list[tuple[float, float]]
    columns: list[tuple[float, float]]

    @classmethod
    def of(cls, table: Sequence[Sequence[float]]) -> "_PairEnds":
        every = [value for line in table for value in line]
        return cls(
            _ends(every), [_ends(line) for line in table], [_ends(column) for column in zip(*table, strict=True)]
        )


def _ends(values: Sequence[float]) -> tuple[float, float]:
    return min(values), max(values)


def expit(log_odds: float) -> float:
    """Return the probability that a log-odds is."""
    if log_odds >= 0.0:
        return 1.0 / (1.0 + math.exp(-log_odds))
    odds = math.exp(log_odds)
    return odds / (1.0 + odds)


def logit(probability: float) -> float:
    """Return the log-odds that a probability is."""
    return math.log(probability / (1.0 - probability))


class Estimator:
    """
    An estimator with its calibration folded into every term, ready to score rows of its matrix.

    `used` are the columns whose value some term goes by; `asked` those, and the ones of which a term asks whether they are
    known, which is all that can be asked of a feature that never varied in training.
    """

    def __init__(self, spec: EstimatorSpec, calibration: Calibration | None = None) -> None:
        """Fold `calibration` (none: the raw estimator) into the terms of `spec`."""
        self.spec = spec
        slope = calibration.slope if calibration is not None else 1.0
        self.baseline = (calibration.intercept if calibration is not None else 0.0) + slope * spec.intercept
        columns = {given.feature: column for column, given in enumerate(spec.inputs)}
        self.used = frozenset(columns[feature] for term in spec.terms for feature in _varying(term))
        self.asked = frozenset(columns[feature] for term in spec.terms for feature in _asking(term))
        self._edges = [_edges_of(spec, given.feature) for given in spec.inputs]
        self._linear = [_linear(t, columns[t.feature], slope) for t in spec.terms if isinstance(t, LinearTerm)]
        self._steps = [_step(t, columns[t.feature], self._edges, slope) for t in spec.terms if isinstance(t, StepTerm)]
        self._pairs = [_pair(t, columns, self._edges, slope) for t in spec.terms if isinstance(t, PairTerm)]
        self._linear_ends = [_ends((c * (low - at), c * (high - at), nk)) for _, c, at, low, high, nk in self._linear]
        self._step_ends = [_ends(values) for _, values in self._steps]
        self._pair_ends = [_PairEnds.of(table) for _, _, table in self._pairs]

    def score(self, row: Sequence[float]) -> RowScore:
        """Score one row: a number or NaN for every input, in order."""
        # A list's last place is -1: that is where each table keeps *not known*.
        cells = [bisect_left(e, x) if x == x else -1 for e, x in zip(self._edges, row, strict=True)]
        contributions = [
            coefficient * ((low if x < low else min(x, high)) - centre) if (x := row[c]) == x else not_known
            for c, coefficient, centre, low, high, not_known in self._linear
        ]
        contributions += [values[cells[c]] for c, values in self._steps]
        contributions += [table[cells[a]][cells[b]] for a, b, table in self._pairs]
        total = self.baseline
        for contribution in contributions:
            total += contribution
        excess = min(max(total, -LOG_ODDS_BOUND), LOG_ODDS_BOUND) - total
        contributions.append(excess)
        total += excess
        return RowScore(total, expit(total), self.baseline, contributions)

    def reach(self, row: Sequence[float], unknown: Collection[int]) -> tuple[float, float]:
        """
        Return the log-odds that the row's could not fall below, and could not pass, whatever the columns `unknown` held.

        Each term is taken at the least and the most that those of its columns could make it, *not known* included.
        """
        cells = [bisect_left(e, x) if x == x else -1 for e, x in zip(self._edges, row, strict=True)]
        least, most = self.baseline - ROUNDING, self.baseline + ROUNDING
        for low, high in self._could_be(row, cells, unknown):
            least += low
            most += high
        return _bounded(least), _bounded(most)

    def _could_be(
        self, row: Sequence[float], cells: Sequence[int], unknown: Collection[int]
    ) -> Iterator[tuple[float, float]]:
        """Yield the least and the most that each term could be: its one contribution twice, where it rests on nothing unknown."""
        for (column, coefficient, centre, low, high, not_known), ends in zip(
            self._linear, self._linear_ends, strict=True
        ):
            x = row[column]
            value = coefficient * (min(max(x, low), high) - centre) if x == x else not_known
            yield ends if column in unknown else (value, value)
        for (column, values), ends in zip(self._steps, self._step_ends, strict=True):
            yield ends if column in unknown else (values[cells[column]],) * 2
        for (first, second, table), ends_of in zip(self._pairs, self._pair_ends, strict=True):
            if first in unknown:
                yield ends_of.all if second in unknown else ends_of.columns[cells[second]]
            else:
                yield ends_of.lines[cells[first]] if second in unknown else (table[cells[first]][cells[second]],) * 2

    def score_matrix(self, matrix: Floats) -> tuple[Floats, Floats, Floats]:
        """
        Score rows at once: (n, inputs) to log-odds (n,), probabilities (n,) and contributions (n, terms + 1).

        Every number is equal to the bit to what `score` gives for the row alone.
        """
        contributions = np.empty((len(matrix), len(self.spec.terms) + 1))
        total = np.full(len(matrix), self.baseline)
        for k, contribution in enumerate(self._by_term(matrix, self._cells(matrix))):
            contributions[:, k] = contribution
            total += contribution
        contributions[:, -1] = np.clip(total, -LOG_ODDS_BOUND, LOG_ODDS_BOUND) - total
        total += contributions[:, -1]
        return total, np.array([expit(x) for x in total.tolist()]), contributions

    def log_odds(self, matrix: Floats) -> Floats:
        """Return the log-odds (n,) of rows at once."""
        return self.score_matrix(matrix)[0]

    def _cells(self, matrix: Floats) -> Cells:
        cells = np.empty(matrix.shape, dtype=np.int64)
        for column, edges in enumerate(self._edges):
            x = matrix[:, column]
            cells[:, column] = np.where(np.isnan(x), -1, np.searchsorted(edges, x, side="left"))
        return cells

    def _by_term(self, matrix: Floats, cells: Cells) -> Iterator[Floats]:
        """Yield each term's contribution to every row, in the order and by the operations of `score`."""
        for column, coefficient, centre, low, high, not_known in self._linear:
            x = matrix[:, column]
            yield np.where(np.isnan(x), not_known, coefficient * (np.clip(x, low, high) - centre))
        for column, values in self._steps:
            yield np.array(values)[cells[:, column]]
        for first, second, table in self._pairs:
            yield np.array(table)[cells[:, first], cells[:, second]]


def _bounded(log_odds: float) -> float:
    return min(max(log_odds, -LOG_ODDS_BOUND), LOG_ODDS_BOUND)


def _edges_of(spec: EstimatorSpec, feature: str) -> list[float]:
    """Return every edge at which some term of the feature steps; each term's own edges are a part of them."""
    edges: set[float] = set()
    for term in spec.terms:
        if isinstance(term, StepTerm) and term.feature == feature:
            edges |= set(term.edges)
        elif isinstance(term, PairTerm) and feature in term.features:
            edges |= set(term.edges[term.features.index(feature)])
    return sorted(edges)


def _varying(term: Term) -> Iterator[str]:
    """Yield the features of a term whose value, once known, makes a difference to it."""
    match term:
        case LinearTerm():
            if term.coefficient != 0.0 and term.low < term.high:
                yield term.feature
        case StepTerm():
            if len(set(term.values[:-1])) > 1:
                yield term.feature
        case PairTerm():
            down, across = term.features
            if len(set(term.values[:-1])) > 1:
                yield down
            if any(len(set(line[:-1])) > 1 for line in term.values):
                yield across


def _asking(term: Term) -> Iterator[str]:
    """Yield the features of a term to which it makes a difference whether they are known, or as what."""
    yield from _varying(term)
    match term:
        case LinearTerm():
            if term.not_known != 0.0:
                yield term.feature
        case StepTerm():
            if len(set(term.values)) > 1:
                yield term.feature
        case PairTerm():
            yield from term.features


def _widened(own: Sequence[float], edges: list[float]) -> list[int]:
    """Return, for each cell of all edges (*not known* last), the cell of a term's own edges that holds it."""
    return [bisect_left(own, edge) for edge in edges] + [len(own), len(own) + 1]


def _linear(term: LinearTerm, column: int, slope: float) -> tuple[int, float, float, float, float, float]:
    return column, slope * term.coefficient, term.centre, term.low, term.high, slope * term.not_known


def _step(term: StepTerm, column: int, edges: list[list[float]], slope: float) -> tuple[int, list[float]]:
    return column, [slope * term.values[cell] for cell in _widened(term.edges, edges[column])]


def _pair(
    term: PairTerm, columns: dict[str, int], edges: list[list[float]], slope: float
) -> tuple[int, int, list[list[float]]]:
    first, second = (columns[feature] for feature in term.features)
    down, across = _widened(term.edges[0], edges[first]), _widened(term.edges[1], edges[second])
    lines = [[slope * line[cell] for cell in across] for line in term.values]
    return first, second, [lines[cell] for cell in down]
