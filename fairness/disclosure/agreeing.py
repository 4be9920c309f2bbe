"""
Which numbers that a count could be agree with a verdict: what it tells of the count to whoever works it out again.

A verdict goes by exact counts. With the told counts, everyone's, and the design effects that told intervals give, one can ask of
each number that a count could be what the verdict would then have been. Where Benjamini and Hochberg's step decides between a
gap larger than agreed and a possible one, either is taken to be possible.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairness.audited import VERDICTS
from fairness.disclosure.recovered import POSSIBLE
from fairness.proportions import Z95, newcombe_wilson
from fairness.verdicts import Verdict
from models.small_numbers import FEWEST

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# What is said of a cell: a verdict's place, or that a group too small to be judged lies beyond the margin all the same.
BEYOND = len(VERDICTS)
_WITHIN, _LARGER, _WATCH, _CANNOT = (
    VERDICTS.index(each)
    for each in (Verdict.WITHIN_MARGIN, Verdict.LARGER_THAN_AGREED, Verdict.KEEP_WATCHING, Verdict.CANNOT_TELL)
)
# A design effect is told to one decimal.
_OFF = 0.05
# A denominator told in fives is tried at each of the numbers that it could be.
_BETWEEN = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """
    A share of some groups at some lists, (cells,) each, as a reader knows it.

    The group's denominator is `least` to `most`, everyone's hits and denominator are exact, and the design effects are told ones.
    """

    least: Floats
    most: Floats
    all_hits: Floats
    all_n: Floats
    effect: Floats
    rest_effect: Floats
    judged: Flags

    def said(self, counts: Floats, margin: float, *, misses: bool) -> Flags:
        """Return (cells, counts, sayings): what could be said of each cell if its hits (or its misses) were `counts` (cells, counts)."""
        (low_least, low_most), (high_least, high_most) = self._ends(counts, misses=misses)
        surely = (low_least > -margin) & (high_most < margin)
        judged = self.judged[:, None]
        said = np.zeros((*counts.shape, BEYOND + 1), dtype=np.bool_)
        said[..., _WITHIN] = judged & (low_most > -margin) & (high_least < margin)
        said[..., _LARGER] = judged & ((low_most > margin) | (high_least < -margin))
        said[..., _WATCH] = judged & ~surely & ((low_most > 0) | (high_least < 0))
        said[..., _CANNOT] = np.where(judged, ~surely & (low_least <= 0) & (high_most >= 0), high_most >= -margin)
        said[..., BEYOND] = ~judged & (high_least < -margin)
        return said

    def _ends(self, counts: Floats, *, misses: bool) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
        """Return the least and the most that the lower end of the gap's interval could be, and the same of the upper."""
        ends = []
        for part in _BETWEEN:
            n = np.round(self.least + part * (self.most - self.least))[:, None]
            hits = n - counts if misses else counts
            share = np.where((hits >= 0) & (hits <= n), hits, np.nan) / n
            others = np.maximum(self.all_n[:, None] - n, 1.0)
            rest = np.clip((self.all_hits[:, None] - hits) / others, 0.0, 1.0)
            for off in (-_OFF, _OFF):
                effect, rest_effect = (_near(each, off)[:, None] for each in (self.effect, self.rest_effect))
                ends.append(newcombe_wilson(share, n / effect, rest, others / rest_effect, Z95))
        low, high = (np.stack(each) for each in zip(*ends, strict=True))
        return (np.fmin.reduce(low), np.fmax.reduce(low)), (np.fmin.reduce(high), np.fmax.reduce(high))


def _near(effect: Floats, off: float) -> Floats:
    """Return a design effect told to one decimal as it could be; of children judged once it is never under 1."""
    return np.where(effect >= 1, np.maximum(effect + off, 1.0), np.maximum(effect + off, _OFF))


def too_telling(said: Flags, counts: Floats) -> Flags:
    """
    Return (cells, sayings): what may not be said of a cell, given what could be (cells, counts, sayings) of each count.

    That is what only one or two counts agree with, one of them under ten; and so that silence does not tell as much, what the
    fewest others agree with until three agree with silence. It follows from what a reader knows, never from what is true.
    """
    size = said.sum(axis=1)
    few = ((counts > 0) & (counts < FEWEST))[..., None]
    kept: Flags = (said & few).any(axis=1) & (size < POSSIBLE)
    for _ in range(BEYOND):
        silent = (said & kept[:, None, :]).any(axis=2).sum(axis=1)
        more = kept.any(axis=1) & (silent < POSSIBLE)
        others = np.where(kept | (size == 0), np.inf, size)
        fewest = others.argmin(axis=1)
        more &= np.isfinite(others.min(axis=1))
        kept[np.flatnonzero(more), fewest[more]] = True
    return kept
