"""
The calendar of a cohort (M1).

Cohort 2016 is born September 2016 to August 2017, and its Reception year ends in summer 2022. Days are counted from 1970-01-01.
"""

import datetime

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int64]

FIRST_COHORT, LAST_COHORT = 2014, 2025
# Extracts are invented as an authority would hold them on this day.
AS_AT = datetime.date(2026, 9, 1)
# There are no results for cohorts whose Reception year ended in 2020 or 2021; the new profile begins with 2016.
FIRST_PROFILE = 2016
PROFILE = "2021"
YEAR = 365.25


def day(date: datetime.date) -> int:
    """Return the number of a day."""
    return (date - datetime.date(1970, 1, 1)).days


AS_AT_DAY = day(AS_AT)


def cohort_day(cohorts: Days, years: int, month: int, day_of_month: int) -> Days:
    """Return that day of the calendar year so many years after each cohort's own."""
    names = {int(c): day(datetime.date(int(c) + years, month, day_of_month)) for c in np.unique(cohorts)}
    return np.array([names[c] for c in cohorts.tolist()], dtype=np.int64)


def reception_starts(cohorts: Days) -> Days:
    """Return the first of September on which each cohort's Reception year starts."""
    return cohort_day(cohorts, 5, 9, 1)


def assessed_on(cohorts: Days) -> Days:
    """Return the day of the profile, late in June of the Reception year."""
    return cohort_day(cohorts, 6, 6, 24)
