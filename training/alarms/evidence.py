"""
How much it means that a look-alike pair agrees: the likelihood of one person against that of two children.

Of each column and value: how much rarer the value is among look-alikes than among all children (twins are never single births),
and how seldom two children who look alike agree on it. Both are learned from pairs who differ in something else.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from math import fsum, log2, sqrt

from models.record import Exact
from training.alarms.look_alikes import Cell, Column, Days, LookAlike, Telling, cells_of

# What is thought of a column before any pair was seen weighs as much as so many pairs.
PRIOR_PAIRS = 5


class Evidence:
    """Weighs agreement, by children drawn from all (their days) and by look-alikes who are certainly two."""

    def __init__(self, telling: Telling, drawn: Iterable[Days], alike: Iterable[LookAlike]) -> None:
        self._common: dict[Column, Counter[Exact]] = defaultdict(Counter)
        self._held: dict[Column, Counter[Exact]] = defaultdict(Counter)
        self._agreed: dict[Column, Counter[Exact]] = defaultdict(Counter)
        for days in drawn:
            for column, value in cells_of(telling, days):
                self._common[column][value] += 1
        for one in alike:
            self._learn(one)

    def _learn(self, one: LookAlike) -> None:
        """Count a pair in every column but the only one that shows them to be two: it would always differ in that."""
        for cell in one.cells:
            if one.apart - {cell.column}:
                self._held[cell.column].update((cell.first, cell.second))
                self._agreed[cell.column][cell.first] += cell.agrees

    def bits(self, one: LookAlike) -> float:
        """Return the evidence, as a power of two, that a pair who agree in every cell are one person."""
        by_column: dict[Column, list[float]] = defaultdict(list)
        for cell in one.cells:
            by_column[cell.column].append(self._of(cell))
        # The same thing noted again adds nothing, so that a column counts once.
        return fsum(fsum(each) / len(each) for each in by_column.values())

    def _of(self, cell: Cell) -> float:
        column, value = cell.column, cell.first
        common, held, agreed = self._common[column], self._held[column], self._agreed[column]
        share = max(common[value], 1) / max(common.total(), 1)
        among_alike = (held[value] + 1) / (held.total() + 1 / share)
        # Nothing seen of a column: two who look alike agree in half the bits that strangers do.
        usual = (agreed.total() + PRIOR_PAIRS * sqrt(share)) / (held.total() / 2 + PRIOR_PAIRS)
        agree = (2 * agreed[value] + PRIOR_PAIRS * usual) / (held[value] + PRIOR_PAIRS)
        return log2(share / among_alike) - log2(agree)
