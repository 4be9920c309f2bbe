"""
One side of a gap of shares, of many groups together: hits and rows, how they come in families, and what resamples make of them.

Rows of one family hit or miss together, so that n rows are worth fewer independent ones. How many fewer is measured by drawing
whole families again, with replacement.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairness.draws import Drawn, variance

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """
    Hits among `n` rows of so many families, and the sum of squares of each family's rows, of one shape (..., groups) each.

    `drawn` (..., groups, resamples) is the share in every resample; NaN where it drew no family that has a row.
    """

    hits: Floats
    n: Floats
    families: Floats
    squares: Floats
    drawn: Drawn

    @property
    def value(self) -> Floats:
        """The share of hits; NaN where there is no row."""
        return _ratio(self.hits, self.n)

    def correlation(self) -> Floats:
        """Return how alike the rows of a family are, 0 to 1; 1 where that cannot be told."""
        effect, size = self._own_effect(), self._family_size()
        alike = np.where(size > 1, np.clip(_ratio(effect - 1, size - 1), 0, 1), 0)
        return np.where(np.isnan(effect), 1.0, alike)

    def effect(self, correlation: Floats) -> Floats:
        """
        Return the design effect of the share: that of its own bootstrap, or of everyone's family correlation if larger.

        In a group of few misses the bootstrap seldom sees two of one family: without everyone's correlation, intervals
        of fifteen families held the truth in 86 % of invented audits, and with it in 96 % (`make evidence`). Of rows that
        are each alone in their family it is 1, whatever a thousand resamples happen to say.
        """
        size = self._family_size()
        return np.where(size > 1, np.fmax(np.maximum(1.0, 1 + (size - 1) * correlation), self._own_effect()), 1.0)

    def smaller_cell(self, effect: Floats) -> Floats:
        """Return hits or misses, whichever are fewer, as independent rows, and no more than there are families."""
        return np.minimum(self.families, _ratio(np.minimum(self.hits, self.n - self.hits), effect))

    def _own_effect(self) -> Floats:
        """Return how many times as much the share varies as of independent rows; NaN where that cannot be told."""
        told = (self.hits > 0) & (self.hits < self.n) & (self.families > 1)
        return np.where(told, _ratio(variance(self.drawn) * self.n**3, self.hits * (self.n - self.hits)), np.nan)

    def _family_size(self) -> Floats:
        """Return the mean size of a row's family, the row itself included."""
        return _ratio(self.squares, self.n)


def _ratio(part: Floats, whole: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(part / whole)
