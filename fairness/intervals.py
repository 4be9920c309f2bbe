"""
Intervals of shares, and of the gap between a group's share and everyone else's, where rows come in families (M8).

Rows of one family hit or miss together, so that n rows are worth fewer independent ones. How many fewer is measured by
drawing whole families again, with replacement. A gap with few hits or misses has the Newcombe-Wilson interval at that
effective n, any other the plain family bootstrap: with ten events the percentile bootstrap called a large gap in 9.6 %
of audits that had none.
"""

import math
import zlib
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from fairness import draws, proportions
from fairness.sides import Side

RESAMPLES, SEED = 1_000, 8
# From this many on each side, hits and misses alike, the plain bootstrap holds what it says (M8).
BOOTSTRAP_CELL = 50
Z95 = proportions.Z95
# Draws held at one time: 32 MB as integers, whatever the number of families and resamples.
_DRAWS_AT_ONCE = 2**22

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Bounds = tuple[float, float]


class Gap(Protocol):
    """A group's share minus everyone else's, with its 95 % two-sided interval."""

    @property
    def value(self) -> float:
        """The gap that was observed."""

    @property
    def bounds(self) -> Bounds:
        """The lower and upper end of the interval."""

    @property
    def method(self) -> str:
        """How the interval was made, in words."""

    def p_beyond(self, margin: float) -> float:
        """Return the smallest alpha whose 1 - alpha interval lies wholly beyond the margin, on either side."""


@dataclass(frozen=True, slots=True)
class Share:
    """Hits among `n` rows of so many families, and the number of independent rows that they are worth."""

    n: int
    hits: int
    families: int
    effective_n: float

    @property
    def value(self) -> float:
        """The share of hits; NaN where there is no row."""
        return self.hits / self.n if self.n else math.nan

    @property
    def bounds(self) -> Bounds:
        """The 95 % Wilson interval; NaN where there is no row."""
        return wilson(self.value, self.effective_n, Z95) if self.n else (math.nan, math.nan)

    @property
    def smaller_cell(self) -> float:
        """Hits or misses, whichever are fewer, as independent rows, and no more than there are families."""
        return min(self.families, self.value * self.effective_n, (1 - self.value) * self.effective_n)


@dataclass(frozen=True, slots=True)
class NewcombeWilson:
    """The gap of two shares taken as independent; where families have rows on both sides it is a little too wide."""

    group: Share
    rest: Share
    method: ClassVar[str] = "Newcombe-Wilson"

    @property
    def value(self) -> float:
        """The gap that was observed."""
        return self.group.value - self.rest.value

    @property
    def bounds(self) -> Bounds:
        """The lower and upper end of the interval."""
        return newcombe_wilson(self.group, self.rest, Z95)

    def p_beyond(self, margin: float) -> float:
        """Return the smallest alpha whose 1 - alpha interval lies wholly beyond the margin, by bisection."""
        return float(proportions.newcombe_p(*_numbers(self.group), *_numbers(self.rest), margin))


@dataclass(frozen=True, slots=True, eq=False)
class FamilyBootstrap:
    """The gap as it varies over resamples of whole families: `drawn` (resamples,)."""

    value: float
    drawn: Floats
    method: ClassVar[str] = "family bootstrap"

    @property
    def bounds(self) -> Bounds:
        """The lower and upper end of the percentile interval."""
        low, high = draws.percentiles(np.sort(self.drawn))
        return float(low), float(high)

    def p_beyond(self, margin: float) -> float:
        """Return the smallest alpha whose 1 - alpha percentile interval lies wholly beyond the margin."""
        return float(draws.p_beyond(np.asarray(self.value), np.sort(self.drawn), margin))


@dataclass(frozen=True, slots=True)
class Comparison:
    """One group beside everyone else; no gap where either has no row."""

    group: Share
    rest: Share
    gap: Gap | None


def wilson(share: float, n: float, z: float) -> Bounds:
    """Return the Wilson score interval of a share of n independent rows (not necessarily whole), z deviations wide."""
    low, high = proportions.wilson(np.asarray(share), np.asarray(n), z)
    return float(low), float(high)


def newcombe_wilson(first: Share, second: Share, z: float) -> Bounds:
    """Return Newcombe's hybrid score interval of first minus second, z deviations wide (his method 10, 1998)."""
    low, high = proportions.newcombe_wilson(*_numbers(first), *_numbers(second), z)
    return float(low), float(high)


def resample_families(counts: Integers) -> Floats:
    """
    Return the totals (RESAMPLES, columns) of `counts` (families, columns) over families drawn with replacement.

    Families with equal counts are drawn together, which is the same draw: memory and time follow the number of
    different families, never rows times resamples. The counts seed the draw: with one seed for all, like families in one
    order would have the same luck in every audit (intervals then held the truth in 93.5 % of audits, not 95 %).
    """
    if not len(counts):
        return np.zeros((RESAMPLES, counts.shape[1]))
    different, times = _different(counts)
    seed = zlib.crc32(different.tobytes(), zlib.crc32(times.astype(np.int64).tobytes()))
    chance, cells = np.random.default_rng([SEED, seed]), different.astype(np.float64)
    at_once = max(1, _DRAWS_AT_ONCE // len(different))
    sizes = [min(at_once, RESAMPLES - start) for start in range(0, RESAMPLES, at_once)]
    return np.concatenate([chance.multinomial(len(counts), times / len(counts), size) @ cells for size in sizes])


def share_of(n: Integers, hits: Integers) -> Share:
    """Return the share of hits among all rows, given each family's rows and hits: (families,) each."""
    side = _side(n[:, None], hits[:, None], resample_families(np.column_stack([n, hits])))
    return _shares(side, side.correlation())[0]


def compare_groups(n: Integers, hits: Integers) -> list[Comparison]:
    """Compare each group with everyone else, given each family's rows and hits in it: (families, groups) each."""
    drawn = resample_families(np.column_stack([n, hits]))
    all_n, all_hits = (each.sum(axis=1, keepdims=True) for each in (n, hits))
    all_drawn = np.column_stack([each.sum(axis=1) for each in np.hsplit(drawn, 2)])
    everyone = _side(all_n, all_hits, all_drawn)
    group = _side(n, hits, drawn)
    rest = _side(all_n - n, all_hits - hits, np.repeat(all_drawn, n.shape[1], axis=1) - drawn)
    correlation = everyone.correlation()
    sides = zip(_shares(group, correlation), _shares(rest, correlation), group.drawn - rest.drawn, strict=True)
    return [Comparison(one, other, _gap(one, other, gaps)) for one, other, gaps in sides]


def _side(n: Integers, hits: Integers, drawn: Floats) -> Side:
    """Return groups as a side, given each family's rows and hits (families, groups), and their totals in every resample."""
    drawn_n, drawn_hits = np.vsplit(drawn.T, 2)
    with np.errstate(invalid="ignore"):
        shares = drawn_hits / drawn_n
    totals, rows, families, squares = (each.sum(axis=0).astype(np.float64) for each in (hits, n, n > 0, n**2))
    return Side(totals, rows, families, squares, shares)


def _shares(side: Side, correlation: Floats) -> list[Share]:
    """Return each group's share, with the number of independent rows that its own are worth."""
    worth = np.where(side.n > 0, side.n / np.where(side.n > 0, side.effect(correlation), 1), 0)
    counts = (each.astype(np.int64).tolist() for each in (side.n, side.hits, side.families))
    return [Share(*each) for each in zip(*counts, worth.tolist(), strict=True)]


def _numbers(share: Share) -> tuple[Floats, Floats]:
    return np.asarray(share.value), np.asarray(share.effective_n)


def _gap(group: Share, rest: Share, drawn: Floats) -> Gap | None:
    if not (group.n and rest.n):
        return None
    if min(group.smaller_cell, rest.smaller_cell) < BOOTSTRAP_CELL:
        return NewcombeWilson(group, rest)
    return FamilyBootstrap(group.value - rest.value, drawn)


def _different(counts: Integers) -> tuple[Integers, Integers]:
    """Return the different rows, sorted, and how often each stands there; a sort by column is the fastest way."""
    ordered = counts[np.lexsort(counts.T)]
    first = np.flatnonzero(np.append(True, (ordered[1:] != ordered[:-1]).any(axis=1)))
    return ordered[first], np.diff(first, append=len(counts))
