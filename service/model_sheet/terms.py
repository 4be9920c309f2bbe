"""
Terms as they are served, calibration folded in, and how much each matters: the spread of its contribution over children.

A linear term has no cells: its spread is worked out from that of its feature.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from models.terms import Input, LinearTerm, PairTerm, StepTerm

Rows = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Served:
    """A term, its place in the order of addition, its contributions (a row for each of a pair's first cells), its spread."""

    term: LinearTerm | StepTerm | PairTerm
    place: int
    values: Rows
    spread: float

    @property
    def least(self) -> float:
        """The contribution that lowers the score most."""
        return min(chain.from_iterable(self.values))

    @property
    def most(self) -> float:
        """The contribution that raises the score most."""
        return max(chain.from_iterable(self.values))


def served(term: LinearTerm | StepTerm | PairTerm, place: int, slope: float, inputs: Mapping[str, Input]) -> Served:
    """
    Return a term as it is served under a calibration of that slope.

    A linear term's contributions are those at the least, the typical and the most value seen, and of *not known*.
    """
    match term:
        case LinearTerm():
            given = inputs[term.feature]
            line = (*(along(term, slope, x) for x in (term.low, given.typical, term.high)), slope * term.not_known)
            return Served(term, place, (line,), _line_spread(term, slope, given))
        case StepTerm():
            values: Rows = (tuple(slope * value for value in term.values),)
            return Served(term, place, values, _spread(values, (term.n,)))
        case PairTerm():
            values = tuple(tuple(slope * value for value in line) for line in term.values)
            return Served(term, place, values, _spread(values, term.n))


def along(term: LinearTerm, slope: float, x: float) -> float:
    """Return the served contribution of a linear term at a value, as the estimator works it out."""
    return slope * term.coefficient * (min(max(x, term.low), term.high) - term.centre)


def _spread(values: Rows, counts: Sequence[Sequence[int]]) -> float:
    weighed = list(zip(chain.from_iterable(values), chain.from_iterable(counts), strict=True))
    children = sum(n for _, n in weighed)
    if not children:
        return 0.0
    mean = math.fsum(value * n for value, n in weighed) / children
    return math.sqrt(math.fsum(n * (value - mean) ** 2 for value, n in weighed) / children)


def _line_spread(term: LinearTerm, slope: float, given: Input) -> float:
    """Return the spread of a line: what it varies by among those known, and what knowing or not varies it by."""
    children = given.n_known + given.n_not_known
    if not given.n_known:
        return 0.0
    unknown, not_known = given.n_not_known / children, slope * term.not_known
    # The training mean of the whole is 0, so that this is the mean among those known.
    mean = -not_known * unknown / (1 - unknown)
    among_known = (slope * term.coefficient * given.spread) ** 2
    return math.sqrt((1 - unknown) * (among_known + mean**2) + unknown * not_known**2)
