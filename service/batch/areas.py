"""Expected numbers of children by area, for planning: no child is in them, and small numbers are protected."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.batch import SCORED, Batch
from models.plain_words import STAMP
from models.small_numbers import nearest, rounded, shown

NOT_KNOWN, ALL_SHOWN = "not known", "all areas shown"
# What whoever reads the numbers must know of them; it goes where the numbers go.
NOTES = (
    "children: scored at the landmark, to the nearest 5; empty: fewer than 10, or hidden so that none is hidden alone",
    "expected: how many of them are expected to have the outcome, to the nearest 5; they are not these or those children",
    "low, high: the sums of the ends of the intervals of their scores, at 95 % and given this model",
    "not in low and high: chance in who has the outcome, and what learning again would change",
    "not_scored: in the matrix but not scored, protected likewise; all areas shown: of the areas whose children are shown",
)


class AreaRow(NamedTuple):
    """What is told of one area at one landmark for one outcome; None: hidden."""

    area: str
    landmark: str
    outcome: str
    children: int | None
    expected: int | None
    low: int | None
    high: int | None
    not_scored: int | None
    stamp: str = STAMP


@dataclass(slots=True)
class _Sums:
    children: int = 0
    not_scored: int = 0
    expected: float = 0.0
    low: float = 0.0
    high: float = 0.0

    def add(self, other: "_Sums") -> None:
        self.children += other.children
        self.not_scored += other.not_scored
        self.expected += other.expected
        self.low += other.low
        self.high += other.high


@dataclass(slots=True)
class AreaCounts:
    """Adds up batches; holds a few numbers for each area, whatever the number of children."""

    _sums: dict[tuple[str, str], dict[str, _Sums]] = field(default_factory=dict)

    def add(self, batch: Batch, areas: list[str], of_row: NDArray[np.int64]) -> None:
        """Add the answers of rows, each in the area that stands at `of_row` in `areas`."""
        scored, most = batch.refused == SCORED, len(areas)
        children, not_scored = (np.bincount(of_row[which], minlength=most).tolist() for which in (scored, ~scored))
        for score in batch.scores:
            held = self._sums.setdefault((batch.landmark.name, score.head.outcome.name), {})
            sums = (
                np.bincount(of_row[scored], weights=part, minlength=most).tolist()
                for part in (score.probability, score.low, score.high)
            )
            for area, *parts in zip(areas, children, not_scored, *sums, strict=True):
                held.setdefault(area, _Sums()).add(_Sums(*parts))

    def rows(self) -> Iterator[AreaRow]:
        """Yield what may be told, area by area, and of all that are shown together."""
        for (landmark, outcome), held in sorted(self._sums.items()):
            areas = sorted(held)
            kept = shown([held[area].children for area in areas])
            aside = shown([held[area].not_scored for area in areas])
            whole = _Sums()
            for area, is_kept, is_aside in zip(areas, kept, aside, strict=True):
                sums = held[area]
                not_scored = rounded(sums.not_scored) if is_aside else None
                yield AreaRow(area, landmark, outcome, *_told(sums if is_kept else _Sums()), not_scored)
                if is_kept:
                    whole.add(sums)
            yield AreaRow(ALL_SHOWN, landmark, outcome, *_told(whole), None)


def _told(sums: _Sums) -> tuple[int | None, int | None, int | None, int | None]:
    """Return the children, how many are expected, and the low and high of that; None where there are too few to tell."""
    children = rounded(sums.children)
    if children is None:
        return None, None, None, None
    return children, nearest(sums.expected), nearest(sums.low), nearest(sums.high)
