"""
What all verdicts that are told let out together: each narrows a count, and all equations between counts narrow the others.

Where a small count comes out, whatever narrows it gives way, from near to far: the verdicts of that line at that list, those beside
it, those of the lines that it is added up with, and so on. Only a verdict that says something of a count is withheld.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairness.disclosure.recovered import Bounds, Equations, every_tally
from fairness.disclosure.tallies import Tallies

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]
# Those that leave a count few numbers give way before those that leave it many.
_WIDTHS = (2.0, 4.0, np.inf)


@dataclass(frozen=True, slots=True, eq=False)
class Clue:
    """What one measure's sayings tell of one tally: of (cells,) at `line` and `list`, whether it is withheld, whether it says anything, and the counts that agree."""

    measure: str
    tally: int
    line: Integers
    list: Integers
    kept: Flags
    narrows: Flags
    least: Floats
    most: Floats


def withhold_together(clues: Sequence[Clue], hidden: dict[str, Flags], of: Tallies, known: Bounds) -> None:
    """Withhold verdicts (`hidden`, by measure: lines, lists) until all that are told let no small count out; `known` is without them."""
    equations, near = Equations.of(of.sums, len(of.n)), np.eye(len(of.n), dtype=np.bool_)
    for whole, parts in of.sums:
        near[np.ix_([whole, *parts], [whole, *parts])] = True
    while (out := _out(clues, hidden, of, known, equations)).any():
        circles = itertools.product(_WIDTHS, _wider(out, near))
        if not any(_withhold(clues, hidden, where, width) for width, where in circles):
            return


def _wider(out: Flags, near: Flags) -> Iterator[Flags]:
    """Yield wider and wider circles about places (lines, lists); `near` (lines, lines) are added up together."""
    beside, every = out.copy(), np.ones_like(out)
    beside[:, 1:] |= out[:, :-1]
    beside[:, :-1] |= out[:, 1:]
    yield from (out, beside, near @ out, near @ beside)
    yield from (each.any(axis=1, keepdims=True) & every for each in (out, near @ out))
    yield every


def _out(clues: Sequence[Clue], hidden: Mapping[str, Flags], of: Tallies, known: Bounds, equations: Equations) -> Flags:
    """Return (lines, lists): where a small count comes out of what is told."""
    bounds = Bounds(known.low.copy(), known.high.copy())
    for clue in clues:
        told = ~hidden[clue.measure][clue.line, clue.list]
        where = (clue.tally, clue.line[told], clue.list[told])
        bounds.low[where] = np.maximum(bounds.low[where], clue.least[told])
        bounds.high[where] = np.minimum(bounds.high[where], clue.most[told])
    single = np.array([line for block in of.blocks for line in block.lines], dtype=np.int64)
    exact = every_tally(of.n, of.events, of.flagged, of.found)
    return np.asarray(bounds.out(equations, exact, single).any(axis=0))


def _withhold(clues: Sequence[Clue], hidden: dict[str, Flags], where: Flags, width: float) -> bool:
    """Withhold there the verdicts that leave a count no wider; whether there was one to withhold."""
    more = False
    for clue in clues:
        gives = (
            clue.narrows
            & (clue.most - clue.least <= width)
            & where[clue.line, clue.list]
            & ~hidden[clue.measure][clue.line, clue.list]
        )
        hidden[clue.measure][clue.line[gives], clue.list[gives]] = True
        more |= bool(gives.any())
    return more
