"""
Splits (M2): by time where there is a calendar, by folds where there is none; within cohorts, families stay whole.

Nothing here sees a feature or an outcome's value: only years, families and whether an outcome is known.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]
DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class TimeSplit:
    """Learned on `learn`, calibrated on `calibrate`, tested on `test` (indices); `lag` in cohorts before the test's."""

    learn: Indices
    calibrate: Indices
    test: Indices
    lag: int


def family_folds(families: NDArray[np.str_], folds: int, seed: int) -> NDArray[np.int64]:
    """Return each child's fold (0 to folds - 1): families whole, in a random order, folds equal in families."""
    _, family = np.unique(families, return_inverse=True)
    count = int(family.max()) + 1
    fold_of_family = np.empty(count, dtype=np.int64)
    fold_of_family[np.random.default_rng(seed).permutation(count)] = np.arange(count) % folds
    return fold_of_family[family]


def shipped_split(years: NDArray[np.int64], families: NDArray[np.str_], seed: int) -> TimeSplit | None:
    """Learn on every cohort but the latest, calibrate on half of the latest by family, test on the other half."""
    cohorts = np.unique(years[years >= 0])
    if len(cohorts) < 2:
        return None
    latest = np.flatnonzero(years == cohorts[-1])
    half = family_folds(families[latest], 2, seed)
    learn = np.flatnonzero((years >= 0) & (years < cohorts[-1]))
    return TimeSplit(learn, latest[half == 0], latest[half == 1], lag=1)


def lagged_split(
    years: NDArray[np.int64], shipped: TimeSplit, families: NDArray[np.str_], horizon: int
) -> tuple[TimeSplit, int]:
    """
    Return the same test children, learned and calibrated only on cohorts whose outcomes were known when they stood there.

    `horizon` is the days from the landmark to the end of the outcome's window; the second value is the lag it asks for,
    in cohorts. Too few cohorts: the longest lag that leaves one to learn on and one to calibrate on, and failing that
    half of the oldest each; the split's own `lag` says which it was.
    """
    cohorts = np.unique(years[years >= 0])
    wanted = int(np.ceil(horizon / DAYS_A_YEAR))
    eligible = cohorts[cohorts <= cohorts[-1] - wanted]
    if len(eligible) < 2:
        eligible = cohorts[:-1][:2]
    return aged_split(years, shipped, families, int(cohorts[-1] - eligible[-1])), wanted


def lags(years: NDArray[np.int64]) -> list[int]:
    """Return the lags at which an earlier cohort is left to learn on and one to calibrate on, or else the only lag there is."""
    cohorts = np.unique(years[years >= 0])
    newest = cohorts[1:-1] if len(cohorts) > 2 else cohorts[:-1]
    return [int(lag) for lag in cohorts[-1] - newest[::-1]]


def aged_split(years: NDArray[np.int64], shipped: TimeSplit, families: NDArray[np.str_], lag: int) -> TimeSplit:
    """
    Return the same test children, calibrated on the cohort so many before theirs and learned on all the earlier ones.

    Where there is none earlier, half of that cohort each.
    """
    newest = int(years.max()) - lag
    of_newest, learn = np.flatnonzero(years == newest), np.flatnonzero((years >= 0) & (years < newest))
    if len(learn):
        return TimeSplit(learn, of_newest, shipped.test, lag)
    half = family_folds(families[of_newest], 2, 0)
    return TimeSplit(of_newest[half == 0], of_newest[half == 1], shipped.test, lag)
