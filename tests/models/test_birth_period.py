"""Periods of four weeks: where a day of birth lies, and how old whoever was born in one is at least."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from models.birth_period import DAYS, FIRST, period_of, youngest

days = st.dates(FIRST, datetime.date(2099, 12, 31))


@given(days, days)
def test_the_least_age(born: datetime.date, today: datetime.date) -> None:
    """A child is never younger than its period tells, and never four weeks older."""
    assert 0 <= (today - born).days - youngest(period_of(born), today) < DAYS


def test_the_grid() -> None:
    """Periods follow on each other without a gap; the first is 0."""
    ends = [FIRST, FIRST + datetime.timedelta(days=DAYS - 1), FIRST + datetime.timedelta(days=DAYS)]
    assert [period_of(day) for day in ends] == [0, 0, 1]
