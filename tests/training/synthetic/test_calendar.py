"""The calendar of a cohort: born in an academic year, assessed at the end of Reception."""

import datetime

import numpy as np

from training.synthetic.calendar import AS_AT, AS_AT_DAY, assessed_on, cohort_day, day, reception_starts

COHORTS = np.array([2016, 2020, 2016])


def _dates(days: np.ndarray) -> list[str]:
    return [str(date) for date in days.astype("datetime64[D]")]


def test_days_are_counted_from_1970() -> None:
    """A day is counted from the first of January 1970, leap days and all."""
    assert [day(datetime.date(1970, 1, 1)), day(datetime.date(2016, 3, 1))] == [0, 16861]
    assert day(AS_AT) == AS_AT_DAY


def test_a_cohort_s_days() -> None:
    """A day of a cohort is that of the calendar year so many years after its own, in the order asked."""
    assert _dates(cohort_day(COHORTS, 0, 9, 1)) == ["2016-09-01", "2020-09-01", "2016-09-01"]
    assert _dates(cohort_day(COHORTS, 1, 8, 31)) == ["2017-08-31", "2021-08-31", "2017-08-31"]


def test_reception() -> None:
    """Cohort 2016 starts Reception in September 2021, and its profile is of June 2022."""
    assert _dates(reception_starts(COHORTS))[:2] == ["2021-09-01", "2025-09-01"]
    assert _dates(assessed_on(COHORTS))[:2] == ["2022-06-24", "2026-06-24"]


def test_the_last_cohort_with_results() -> None:
    """On the day as at which extracts are invented, the profile of cohort 2020 is over and that of 2021 is not."""
    assert list(assessed_on(np.array([2020, 2021])) < AS_AT_DAY) == [True, False]
