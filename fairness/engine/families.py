"""How a measure's rows come in families: in how many, and how large a row's family is, in each group and in the rest."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairness.engine.measures import SHARES, shares

# Counts of cells by family that are held at one time: 8 MB.
_AT_ONCE = 2**21

Floats = NDArray[np.float64]
Counts = NDArray[np.float32]
Integers = NDArray[np.int64]


@dataclass(slots=True, eq=False)
class InFamilies:
    """Of the rows of a measure in how many families they are, and the sum of the squares of each family's rows."""

    families: Floats
    squares: Floats

    def add(self, n: Counts, *, alone: bool) -> None:
        """Add the families whose rows these are, (..., families); or of rows that are `alone`, counted as one family."""
        if alone:
            self.families = self.families + n[..., 0]
            self.squares = self.squares + n[..., 0]
        else:
            self.families = self.families + np.count_nonzero(n, axis=-1)
            self.squares = self.squares + np.einsum("...f,...f->...", n, n)


@dataclass(frozen=True, slots=True, eq=False)
class Families:
    """
    Which rows are alone in their family, and which are not, by family: `first` (families + 1,) is where each begins.

    A row alone is one family of one row, and needs no counting by family.
    """

    alone: Integers
    together: Integers
    first: Integers

    def some(self, step: int) -> Iterator[tuple[Integers, Integers, int]]:
        """Yield the rows of so many families at a time, which of these families each is of, and how many families they are."""
        for start in range(0, len(self.first) - 1, step):
            bounds = self.first[start : start + step + 1]
            families = len(bounds) - 1
            yield self.together[bounds[0] : bounds[-1]], np.repeat(np.arange(families), np.diff(bounds)), families


def families_of(family: Integers, families: int) -> Families:
    """Return which rows share a family, given each row's as a number."""
    size = np.bincount(family, minlength=families)
    shared = np.flatnonzero(size[family] > 1)
    together = shared[np.argsort(family[shared], kind="stable")]
    return Families(np.flatnonzero(size[family] == 1), together, np.append(0, np.cumsum(size[size > 1])))


def in_families(
    rows: Families, cell: Integers, number: Integers, shape: tuple[int, int, int]
) -> tuple[dict[str, InFamilies], dict[str, InFamilies]]:
    """
    Return how the rows of each of SHARES come in families, in the groups and in the rest of each: (lists or 1, groups) each.

    `cell` (rows,) is a row's place among observed × places, `number` its place among the groups (under 0: in none); `shape` is
    how many there are of the three.
    """
    observed, places, groups = shape
    inside, outside = ({name: InFamilies(np.zeros(1), np.zeros(1)) for name in SHARES} for _ in range(2))
    alone = (rows.alone, np.zeros(len(rows.alone), dtype=np.int64), 1)
    for which, (some, family, families) in enumerate([alone, *rows.some(max(1, _AT_ONCE // int(np.prod(shape))))]):
        every = _counted(cell[some], family, observed * places, families).reshape(observed, places, 1, families)
        grouped = np.where(number[some] < 0, -1, cell[some] * groups + number[some])
        in_group = _counted(grouped, family, observed * places * groups, families).reshape(*shape, families)
        for side, counts in ((inside, in_group), (outside, every - in_group)):
            for name, part in shares(counts).items():
                side[name].add(part.n, alone=which == 0)
    return inside, outside


def _counted(cell: Integers, family: Integers, width: int, families: int) -> Counts:
    """Return how many rows each family has in each cell, (width * families,)."""
    inside = cell >= 0
    place = (cell * families + family)[inside]
    return np.bincount(place, minlength=width * families).astype(np.float32)
