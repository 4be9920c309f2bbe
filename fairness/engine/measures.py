"""
The measures that depend on how long the list is, from counts of cells: (2, lists + 1, groups, ...), by observed and by place.

A row's place is the first of the lists, in order of their length, that it is on; the last place is that of rows on none.
Whatever comes after the groups (resamples, families) is carried along. Results are (lists, groups, ...), or (1, groups, ...)
where the length does not matter. Sampling weights do not enter: what is counted are children who were judged.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

# Counts that are exact are in 64 bits, those of resamples in 32.
Counts = NDArray[Any]
# Shares of children: what is counted, and among whom.
SHARES = ("selection_rate", "recall", "fpr", "ppv", "false_omission")


class Part(NamedTuple):
    """Hits, and all rows that they are among."""

    hits: Counts
    n: Counts

    @property
    def share(self) -> Counts:
        """The share of hits; NaN where there is no row."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self.hits / self.n)


def running(counts: Counts) -> Counts:
    """Return running totals along the first axis; `cumsum` is many times slower wherever that is not the only one."""
    total = counts.copy()
    for k in range(1, len(total)):
        total[k] += total[k - 1]
    return total


def shares(cells: Counts) -> dict[str, Part]:
    """Return hits and rows of each of SHARES."""
    without, outcome = (running(each) for each in cells)
    needless, found = without[:-1], outcome[:-1]
    without, events = without[-1:], outcome[-1:]
    flagged, n = needless + found, without + events
    return {
        "selection_rate": Part(flagged, n),
        "recall": Part(found, events),
        "fpr": Part(needless, without),
        "ppv": Part(found, flagged),
        "false_omission": Part(events - found, n - flagged),
    }


def net_benefit(parts: dict[str, Part], odds: NDArray[np.float64]) -> Counts:
    """
    Return children found, less needless flags at the odds (lists,) of the threshold, for each child (Vickers and Elkin, 2006).

    The odds say how many needless flags one child found is worth to whoever chose that threshold.
    """
    flagged, n = parts["selection_rate"]
    found = parts["recall"].hits
    worth = odds.astype(found.dtype).reshape(-1, *(1,) * (found.ndim - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((found - (flagged - found) * worth) / n)
