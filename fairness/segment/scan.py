"""
Looks at every segment of up to three characteristics, and returns the one that stands out most.

How far a segment stands out is the log-likelihood ratio of its events against those foreseen, as in Kulldorff's scan statistic
(1997): z²/2 for many children, and less where a rare outcome makes a large z out of little. There are many more segments of
three characteristics than of one, and the largest of many is large by chance. So of each ratio ln m is taken off, m being how
many of as many characteristics were looked at: near enough the logarithm of how rarely one of them would reach so far. Both
serve to find the whole of an excess, not the part of it where chance added most.
"""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairness.segment.marks import Mark
from models.small_numbers import FEWEST

MOST_CHARACTERISTICS = 3
# With the outcome, and without: so many that ten of each may be looked for in a half as large.
LEAST = 2 * FEWEST

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
# A segment: each mark's number, and the group's place in it.
Cell = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Scanned:
    """How many segments were looked at, and the one that stands out most; None where in none more happened than foreseen."""

    searched: int
    worst: Cell | None


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """The segments of some marks that are large enough: where in the table of all their cells, and how far each stands out."""

    marks: tuple[int, ...]
    shape: tuple[int, ...]
    places: Integers
    ratio: Floats

    def cell(self, which: int) -> Cell:
        groups = np.unravel_index(self.places[which], self.shape)
        return tuple(zip(self.marks, (int(group) for group in groups), strict=True))


def scan(marks: Sequence[Mark], rows: NDArray[np.bool_], observed: Integers, foreseen: Floats) -> Scanned:
    """
    Scan some of the rows; `observed` 0 or 1 and `foreseen`, the probability it is held against, are (rows,) of all.

    Of segments that stand out alike, the one of fewer characteristics, and then the first in the order of the marks.
    """
    places = [mark.place[rows] for mark in marks]
    sizes = [len(mark.groups) + 1 for mark in marks]
    y, p = observed[rows], foreseen[rows]
    searched, furthest, worst = 0, -math.inf, None
    for count in range(1, MOST_CHARACTERISTICS + 1):
        tables = list(_tables(places, sizes, count, y, p))
        of_count = sum(len(table.ratio) for table in tables)
        searched += of_count
        for table in tables:
            which = int(np.argmax(table.ratio))
            if (far := float(table.ratio[which]) - math.log(of_count)) > furthest:
                furthest, worst = far, table.cell(which)
    return Scanned(searched, worst)


def _tables(
    places: Sequence[Integers], sizes: Sequence[int], count: int, observed: Integers, foreseen: Floats
) -> Iterator[_Table]:
    """Yield the table of every so many marks that has a segment to look at."""
    for marks in itertools.combinations(range(len(places)), count):
        shape = tuple(sizes[mark] for mark in marks)
        cell = _cells([places[mark] for mark in marks], shape)
        cells = math.prod(shape)
        without, events = np.bincount(2 * cell + observed, minlength=2 * cells).reshape(cells, 2).T
        looked_at = np.flatnonzero((events >= LEAST) & (without >= LEAST) & _named(shape))
        if len(looked_at):
            n, happened = (events + without)[looked_at], events[looked_at]
            expected = np.bincount(cell, weights=foreseen, minlength=cells).astype(np.float64)[looked_at]
            yield _Table(marks, shape, looked_at, _likelihood_ratio(n, happened, expected))


def _cells(places: Sequence[Integers], shape: tuple[int, ...]) -> Integers:
    """Return each row's cell in a table of this shape, as `np.ravel_multi_index` does, without its checks."""
    cell = places[0]
    for place, size in zip(places[1:], shape[1:], strict=True):
        cell = cell * size + place
    return cell


def _named(shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return which cells of a table are of groups that may all be named: those that are at UNNAMED, the first, on no side."""
    named = np.zeros(shape, dtype=bool)
    named[(slice(1, None),) * len(shape)] = True
    return named.ravel()


def _likelihood_ratio(n: Integers, events: Integers, expected: Floats) -> Floats:
    """Return how far segments stand out; minus infinity where no more happened than was expected."""
    with_it = events * np.log(events / expected)
    without = (n - events) * np.log((n - events) / (n - expected))
    return np.where(events > expected, with_it + without, -np.inf)
