"""
Thresholds at each of the twenty capacities, from held-out children, with what a list of that length finds (M6).

Repeats are pooled: a threshold is one number, and what it finds is of every score a child was given. In the intervals the
thresholds are held fixed while whole families are drawn again.

What a list finds is not told where fewer than ten children on it have the outcome, or fewer than ten do not. Its threshold
stays, since bands are drawn by it: it is a score that a held-out child was given, and on a short list the score of one of few.
"""

import numpy as np
from numpy.typing import NDArray

from models.bands import AtCapacity, Figure
from models.capacities import CAPACITIES
from models.small_numbers import FEWEST
from training.cohort import CohortTable

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Children a month are told in round figures.
_ROUND = 5
# A cohort with fewer children than this share of the one before has not all come to the landmark yet.
_COMPLETE = 0.9
_HIDDEN = Figure(value=None, low=None, high=None)


def thresholds(log_odds: Floats, weights: Floats | None = None) -> tuple[Floats, Floats]:
    """
    Return, at each capacity, the smallest score that flags at most that share, and how many of the next score are left out.

    log_odds are (m,) or (repeats, m), all of it pooled; weights (m,) say how many children each stands for (None: one). A
    threshold is infinite where so many tie that no list is short enough; ties are never broken.
    """
    values, place = np.unique(log_odds, return_inverse=True)
    stands_for = np.ones(log_odds.shape) if weights is None else np.broadcast_to(weights, log_odds.shape)
    counts = np.bincount(place.ravel(), stands_for.ravel())
    flagged_from = np.cumsum(counts[::-1])[::-1]
    room = np.array(CAPACITIES) * flagged_from[0] + 1e-9
    # How many distinct scores are below the cut at each capacity: those from which too many would be flagged.
    below = np.searchsorted(-flagged_from, -room, side="left")
    left_out = np.where(below > 0, counts[np.maximum(below, 1) - 1], 0)
    return np.append(values, np.inf)[below], left_out


def places(log_odds: Floats, at: Floats) -> Integers:
    """Return, in the shape of log_odds, the first of the lists (`at`: their thresholds, falling) that a score is on."""
    return len(at) - np.searchsorted(at[::-1], log_odds, side="right")


def at_capacities(log_odds: Floats, y: Floats, drawn: Floats, weights: Floats | None = None) -> tuple[AtCapacity, ...]:
    """
    Return every list: log_odds (repeats, m), y (m,), and the draws (resamples, m) of the bootstrap of families.

    Shares are of children as they are weighted (m,) (None: all alike). `ppv` and `recall` are None of a list that would tell
    of a few children; of a list of nobody recall is 0, which tells of no one.
    """
    everyone = np.ones((1, len(y))) if weights is None else weights[None, :]
    at, left_out = thresholds(log_odds, everyone[0])
    on_lists = _on_lists(places(log_odds, at))
    repeats = len(log_odds)
    everybody = repeats * float(everyone.sum())
    found = _ppv_and_recall(on_lists, y, everyone, repeats)
    again = _ppv_and_recall(on_lists, y, drawn * everyone, repeats)
    flagged = (everyone @ on_lists)[0] / everybody
    hidden = _tells_of_few(on_lists, y, repeats)
    return tuple(
        AtCapacity(
            capacity=capacity,
            log_odds=float(at[k]) if np.isfinite(at[k]) else None,
            flagged=_rounded(flagged[k]),
            left_out_tie=_rounded(left_out[k] / everybody),
            ppv=_HIDDEN if hidden[k] else _figure(found[0][0, k], again[0][:, k]),
            recall=_HIDDEN if hidden[k] else _figure(found[1][0, k], again[1][:, k]),
            recall_ceiling=_rounded(min(1.0, capacity / float(np.average(y, weights=everyone[0])))),
        )
        for k, capacity in enumerate(CAPACITIES)
    )


def children_a_month(cohort: CohortTable) -> int | None:
    """
    Return how many children in scope reach the landmark in a month, in round figures; None without a calendar.

    They are those of the newest cohort that is complete, a twelfth of them: one with far fewer children than the one
    before has not all come to the landmark.
    """
    if cohort.years is None:
        return None
    years, counts = np.unique(cohort.years[cohort.years >= 0], return_counts=True)
    complete = [i for i in range(len(years)) if i == 0 or counts[i] >= _COMPLETE * counts[i - 1]]
    return max(_ROUND, _ROUND * round(int(counts[complete[-1]]) / 12 / _ROUND)) if complete else None


def _on_lists(place: Integers) -> Floats:
    """Return (m, capacities): in how many repeats each child is on each list."""
    lists = np.arange(len(CAPACITIES))
    return np.asarray((place[:, :, None] <= lists).sum(axis=0, dtype=np.float64))


def _tells_of_few(on_lists: Floats, y: Floats, repeats: int) -> NDArray[np.bool_]:
    """Return (capacities,): whether a list has children on it, and not ten with the outcome and ten without, as counted once."""
    having, not_having = y @ on_lists / repeats, (1.0 - y) @ on_lists / repeats
    return np.asarray((having + not_having > 0) & (np.minimum(having, not_having) < FEWEST))


def _ppv_and_recall(on_lists: Floats, y: Floats, weights: Floats, repeats: int) -> tuple[Floats, Floats]:
    """Return (resamples, capacities) each: of those on a list the share with the outcome, and the other way about."""
    flagged, found = weights @ on_lists, weights @ (y[:, None] * on_lists)
    events = repeats * (weights @ y)[:, None]
    with np.errstate(invalid="ignore"):
        return found / flagged, found / events


def _figure(value: float, drawn: Floats) -> Figure:
    known = drawn[~np.isnan(drawn)]
    if np.isnan(value) or not len(known):
        return _HIDDEN
    low, high = np.percentile(known, [2.5, 97.5]).tolist()
    return Figure(value=_rounded(value), low=_rounded(low), high=_rounded(high))


def _rounded(value: float) -> float:
    return round(float(value), 6)
