"""
Whole families drawn again, over counts of cells: every measure of every group and list from one set of resamples.

Families are put at random, by a hash of their name, into at most 4,096 blocks of as many families each; where there are fewer
families each is its own. What is drawn with replacement are blocks, so that a resample is a row of small numbers, how often
each block was drawn, and every total of every resample one product of two matrices. Dealing whole families into blocks leaves
the variance of a total as it is on average; with 4,096 of them it is known to about two parts in a hundred.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from fairness.intervals import RESAMPLES, SEED

MOST_BLOCKS = 4_096
# With fewer rows for each cell and block than this, most counts are 0 and are not multiplied.
_DENSE = 0.02

Integers = NDArray[np.int64]
# Whole numbers up to 2^24 are exact in 32 bits, and twice as many of them are added at a time.
Totals = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Resamples:
    """The block that each row is in (rows,), and how often each block was drawn in each resample (blocks, RESAMPLES)."""

    block: Integers
    times: Totals

    def totals(self, cell: Integers, cells: int) -> Totals:
        """Return how many rows each cell has in each resample (cells, RESAMPLES); `cell` is under 0 for rows in none."""
        inside = cell >= 0
        cell, block = (cell, self.block) if inside.all() else (cell[inside], self.block[inside])
        blocks = len(self.times)
        if len(cell) > _DENSE * cells * blocks:
            counts = np.bincount(cell * blocks + block, minlength=cells * blocks)
            return np.asarray(counts.astype(np.float32).reshape(cells, blocks) @ self.times)
        ones = np.ones(len(cell), dtype=np.float32)
        return np.asarray(csr_array((ones, (cell, block)), shape=(cells, blocks)) @ self.times)


def resamples_of(family: Integers, families: int) -> Resamples:
    """Return the resamples of rows whose families are numbered at random (`numbered`)."""
    blocks = min(families, MOST_BLOCKS)
    return Resamples(family % blocks, _times(blocks))


# One large table after another has as many blocks, and a resample of them does not depend on whose they are.
@lru_cache(maxsize=1)
def _times(blocks: int) -> Totals:
    """Return how often each of so many blocks is drawn in each resample (blocks, RESAMPLES)."""
    drawn = np.random.default_rng([SEED, blocks]).integers(0, blocks, (RESAMPLES, blocks))
    drawn += np.arange(RESAMPLES)[:, None] * blocks
    times = np.bincount(drawn.ravel(), minlength=RESAMPLES * blocks).reshape(RESAMPLES, blocks)
    drawn_together = np.ascontiguousarray(times.T, dtype=np.float32)
    drawn_together.flags.writeable = False
    return drawn_together


def numbered(family: "pd.Series[Any]") -> tuple[Integers, int]:
    """Return each row's family as a number (rows,), in an order that only the names decide, and how many families there are."""
    codes, names = pd.factorize(family)
    order = np.argsort(pd.util.hash_array(np.asarray(names, dtype=object)), kind="stable")
    place = np.empty(len(names), dtype=np.int64)
    place[order] = np.arange(len(names))
    return place[codes], len(names)
