"""How finely each line's counts are told, the counts as they are then told, and what a reader knows by them."""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fairness.disclosure import rounding
from fairness.disclosure.recovered import EVENTS_TALLY, FLAGGED, FOUND, N_TALLY, PARTS, Bounds, every_tally
from fairness.disclosure.tallies import EVERYONE, Block, Tallies
from models.small_numbers import FEWEST

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Told = tuple[Floats, Floats, Floats, Floats]

FINE, COARSE, NOT_TOLD = 0, 1, 2
# Columns are the lists, then how many have the outcome, then how many there are.
EVENTS, SIZE = -2, -1
# What is left of everyone stands for a group while the others' rounding has carried it no further off than this.
_NEAR = 10.0


@dataclass(slots=True, eq=False)
class Telling:
    """
    How each line is told: `level` (lines, columns), FINE, COARSE or NOT_TOLD, and whether it is `left` by the others.

    `exact` (shares, lines, lists) says which of PARTS are told exactly (`exactly`); none at first.
    """

    tallies: Tallies
    level: NDArray[np.int64] = field(init=False)
    left: Flags = field(init=False)
    exact: Flags = field(init=False)

    def __post_init__(self) -> None:
        lines, lists = self.tallies.flagged.shape
        self.left = np.zeros((lines, lists + 2), dtype=np.bool_)
        self.level = np.full((lines, lists + 2), NOT_TOLD)
        self.exact = np.zeros((len(PARTS), lines, lists), dtype=np.bool_)
        shown = {line for block in self.tallies.blocks for line in _shown(block)}
        self.level[[EVERYONE, *sorted(shown)]] = FINE

    def shown(self, block: Block) -> list[int]:
        """Return the lines told of a block's groups: of those that have a child and are not hidden."""
        return [line for line in _shown(block) if self.level[line, SIZE] < NOT_TOLD]

    def withhold(self, line: int, column: int) -> None:
        """Tell nothing of a line's count, and nothing at all of a line without its size; no other is then what is left."""
        self.level[line, column if column != SIZE else slice(None)] = NOT_TOLD
        for block in self.tallies.blocks:
            if line in block.line:
                self.left[list(block.line), column] = False

    def leave(self, block: Block, line: int, column: int) -> bool:
        """Tell a line as what the others leave, if nobody of everyone is told nowhere and that is near what it is."""
        whole = block.grouped.kind != "pooled" and (block.hidden_in is not None or not any(block.hidden))
        lines = _shown(block)
        if not whole or self.left[line, column] or (self.level[lines, column] == NOT_TOLD).any():
            return False
        of, at = self.tallies, [EVERYONE, *(other for other in lines if other != line)]
        tallies = _counted(of, column)
        for counts in tallies:
            all_of, *others = rounding.told(counts[at], self.level[at, column] == COARSE).tolist()
            if abs(all_of - math.fsum(others) - counts[line]) > _NEAR:
                return False
        self.left[line, column] = True
        return True

    def counts(self) -> Told:
        """Return the told n and events (lines,), flagged and found (lines, lists); NaN where a count is not told."""
        of, lists = self.tallies, slice(None, EVENTS)
        n = self._told(of.n[:, None], slice(SIZE, None))
        events = np.minimum(self._told(of.events[:, None], slice(EVENTS, SIZE)), n)
        flagged = np.minimum(self._told(of.flagged, lists), n)
        found = np.fmin(np.minimum(self._told(of.found, lists), flagged), events)
        return n[:, 0], events[:, 0], flagged, np.where(np.isnan(flagged), np.nan, found)

    def _told(self, counts: Floats, columns: slice) -> Floats:
        level, left = self.level[:, columns], self.left[:, columns]
        found = rounding.told(counts, level == COARSE)
        found[level == NOT_TOLD] = np.nan
        for line, column in zip(*map(np.ndarray.tolist, np.nonzero(left)), strict=True):
            block = next(block for block in self.tallies.blocks if line in block.line)
            others = [other for other in _shown(block) if other != line]
            found[line, column] = max(0.0, found[EVERYONE, column] - found[others, column].sum())
        return found

    def bounds(self) -> Bounds:
        """Return what whoever reads the counts knows before any equation: with everyone's exact counts, and who is hidden."""
        of, (lines, lists) = self.tallies, self.tallies.flagged.shape
        exact = every_tally(of.n, of.events, of.flagged, of.found)
        low, high = np.zeros_like(exact), np.zeros_like(exact) + exact[:, [EVERYONE]]
        # A mean over repeats need not be whole, and what it is told as is then half a child wider.
        slack = 0.0 if np.array_equal(exact, np.round(exact)) else 0.5
        wide = (lines, lists)
        for tally, columns in (
            (N_TALLY, slice(SIZE, None)),
            (EVENTS_TALLY, slice(EVENTS, SIZE)),
            (FLAGGED, slice(None, EVENTS)),
            (FOUND, slice(None, EVENTS)),
        ):
            own = np.broadcast_to((self.level[:, columns] < NOT_TOLD) & ~self.left[:, columns], wide)
            coarse = np.broadcast_to(self.level[:, columns] == COARSE, wide)
            low[tally] = np.where(own, rounding.least(exact[tally], coarse) - slack, low[tally])
            high[tally] = np.where(own, rounding.most(exact[tally], coarse) + slack, high[tally])
        few = of.hidden & (of.n < FEWEST)
        low[N_TALLY, of.hidden], high[N_TALLY, few] = 1.0, FEWEST - 1.0
        high[:, of.n == 0] = 0.0
        self._everyone(exact, low, high)
        for where, tallies in zip(self.exact, PARTS.values(), strict=True):
            for tally in tallies:
                low[tally, where] = high[tally, where] = exact[tally, where]
        return Bounds(low, high)

    def _everyone(self, exact: Floats, low: Floats, high: Floats) -> None:
        """Know of everyone every count but of a list with few of either kind, of which the figures are nowhere told."""
        of = self.tallies
        few = np.minimum(of.found[EVERYONE], (of.flagged - of.found)[EVERYONE]) < FEWEST
        for tally in range(len(exact)):
            known = np.ones_like(few) if tally in {N_TALLY, EVENTS_TALLY, FLAGGED} else ~few
            if tally in {N_TALLY, EVENTS_TALLY, FLAGGED, FOUND}:
                low[tally, EVERYONE, known] = high[tally, EVERYONE, known] = exact[tally, EVERYONE, known]


def _shown(block: Block) -> list[int]:
    each = zip(block.line, block.hidden, block.grouped.n.tolist(), strict=True)
    return [line for line, is_hidden, n in each if not is_hidden and n > 0]


def _counted(of: Tallies, column: int) -> tuple[Floats, ...]:
    """Return the counts that a column is of, (lines,) each."""
    match column:
        case -1:
            return (of.n,)
        case -2:
            return (of.events,)
        case _:
            return of.flagged[:, column], of.found[:, column]
