"""
How far the scores of many rows could move, whatever the cells that are not known held: `Estimator.reach` at once.

Each term's contribution to every cell is asked of the estimator itself, so that the numbers are its own to the bit.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.estimator import LOG_ODDS_BOUND, ROUNDING, Cells, Estimator, Floats
from models.terms import LinearTerm, StepTerm, Term


class Reach:
    """The least and the most that each term of an estimator could be."""

    def __init__(self, estimator: Estimator) -> None:
        self._baseline = estimator.baseline
        places = {given.feature: column for column, given in enumerate(estimator.spec.inputs)}
        self._terms = [_Table(estimator, k, term, places) for k, term in enumerate(estimator.spec.terms)]

    def of(self, matrix: Floats, contributions: Floats, unknown: NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """
        Return the least and the most log-odds (n,) of rows whose cells `unknown` (n, inputs) could hold anything.

        Every number is equal to the bit to what `Estimator.reach` gives for the row alone.
        """
        least = np.full(len(matrix), self._baseline - ROUNDING)
        most = np.full(len(matrix), self._baseline + ROUNDING)
        for k, term in enumerate(self._terms):
            low, high = term.reach(matrix, contributions[:, k], unknown)
            least += low
            most += high
        return np.maximum(least, -LOG_ODDS_BOUND), np.minimum(most, LOG_ODDS_BOUND)


class _Table:
    """One term's contribution to each of its cells: an axis for each of its columns, *not known* the last of each."""

    def __init__(self, estimator: Estimator, k: int, term: Term, places: dict[str, int]) -> None:
        self._columns = [places[name] for name in term.features]
        self._edges = _edges(term)
        held = [_values(term, edges) for edges in self._edges]
        rows = np.full((math.prod(map(len, held)), len(places)), np.nan)
        for column, values in zip(self._columns, np.meshgrid(*held, indexing="ij"), strict=True):
            rows[:, column] = values.ravel()
        self._values = estimator.score_matrix(rows)[2][:, k].reshape([len(values) for values in held])

    def reach(self, matrix: Floats, contribution: Floats, unknown: NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """Return the least and the most that it could be in each row."""
        free = unknown[:, self._columns]
        every = free.all(axis=1)
        low = np.where(every, self._values.min(), contribution)
        high = np.where(every, self._values.max(), contribution)
        if len(self._columns) > 1:
            for axis in (0, 1):
                half = np.flatnonzero(free[:, axis] & ~every)
                cells = _cells(self._edges[1 - axis], matrix[half, self._columns[1 - axis]])
                low[half] = self._values.min(axis=axis)[cells]
                high[half] = self._values.max(axis=axis)[cells]
        return low, high


def _edges(term: Term) -> list[Sequence[float]]:
    if isinstance(term, LinearTerm):
        return [()]
    return [term.edges] if isinstance(term, StepTerm) else list(term.edges)


def _values(term: Term, edges: Sequence[float]) -> list[float]:
    """Return a value in each cell, and NaN; of a linear term, which is furthest at its ends, those."""
    if isinstance(term, LinearTerm):
        return [term.low, term.high, math.nan]
    return [*edges, math.nextafter(edges[-1], math.inf) if edges else 0.0, math.nan]


def _cells(edges: Sequence[float], x: Floats) -> Cells:
    return np.where(np.isnan(x), -1, np.searchsorted(edges, x, side="left"))
