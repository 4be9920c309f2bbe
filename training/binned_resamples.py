"""
Bootstrap resamples of families, counted by bins of their children's log-odds.

What is fitted to a resample then costs by the bin and not by the child, and hundreds of resamples are held at once.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

BINS = 1000
# A chunk of draws, families by resamples, holds no more numbers than this (32 MB).
_MOST_DRAWN = 4_000_000

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Binned(NamedTuple):
    """The mean log-odds of each bin (bins,), and each resample's children with and without the outcome: (B, bins)."""

    log_odds: Floats
    events: Floats
    others: Floats


class _Cells(NamedTuple):
    """Each child's cell (n,), how many cells there are, and how many children it stands for (n,)."""

    of: Integers
    number: int
    weights: Floats


def binned_resamples(
    log_odds: Floats,
    y: Floats,
    families: NDArray[np.str_],
    resamples: int,
    seed: int,
    bins: int = BINS,
    weights: Floats | None = None,
) -> Binned:
    """
    Draw whole families with replacement, `resamples` times.

    log_odds is (n,), or (repeats, n) where each child has one in every repeat: all of a family's go together. y and
    families are (n,), and so are the weights that say how many children each stands for (None: one). Up to `bins` distinct
    log-odds are each a bin of their own, and nothing is lost.
    """
    scores = np.atleast_2d(log_odds)
    place = _bins(scores.ravel(), bins)
    count = int(place.max()) + 1
    mean = np.bincount(place, scores.ravel()) / np.bincount(place)
    _, family = np.unique(families, return_inverse=True)
    cell = 2 * place + np.tile(y, len(scores)).astype(np.int64)
    stand_for = np.tile(np.ones(len(y)) if weights is None else weights, len(scores))
    counts = _drawn(_Cells(cell, 2 * count, stand_for), np.tile(family, len(scores)), resamples, seed)
    return Binned(mean, counts[:, 1::2], counts[:, ::2])


def _bins(log_odds: Floats, bins: int) -> Integers:
    """Return each log-odds' bin: few in each where they lie close, and none wide where they lie far apart."""
    distinct, place = np.unique(log_odds, return_inverse=True)
    if len(distinct) <= bins:
        return np.asarray(place)
    along = (distinct - distinct[0]) / (distinct[-1] - distinct[0])
    by_count, by_width = np.arange(len(distinct)) * (bins // 2) // len(distinct), np.floor(along * (bins // 2 - 1))
    # Both ascend, so that two log-odds have one sum only where both agree.
    _, parted = np.unique(by_count + by_width, return_inverse=True)
    return np.asarray(parted[place])


def _drawn(cells: _Cells, family: Integers, resamples: int, seed: int) -> Floats:
    """Return how many of each cell every resample holds: (resamples, cells), whole numbers where nobody is weighted."""
    # Families of one child are alike if that child's cell and weight are: how many of them are drawn is one draw, not many.
    alone = np.bincount(family)[family] == 1
    levels, level = np.unique(cells.weights, return_inverse=True)
    kind = np.empty(int(family.max()) + 1, dtype=np.int64)
    kind[family] = np.where(alone, cells.of * len(levels) + level, cells.number * len(levels) + family)
    kinds, first, kind, alike = np.unique(kind, return_index=True, return_inverse=True, return_counts=True)
    kept = first[kind[family]] == family
    held = csr_array((cells.weights[kept], (kind[family[kept]], cells.of[kept])), shape=(len(kinds), cells.number))
    chance, size = np.random.default_rng(seed), max(1, _MOST_DRAWN // len(kinds))
    chunks = [min(size, resamples - start) for start in range(0, resamples, size)]
    share = alike / len(kind)
    return np.vstack([chance.multinomial(len(kind), share, size=chunk).astype(np.float64) @ held for chunk in chunks])
