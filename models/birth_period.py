"""
The four weeks that a child was born in: as near to a date of birth as anything goes past the linking step.

Periods stand on one calendar for all children and all time. So however often extracts are made, all that can be worked
out of a child is the period; an age in weeks on the day of each night's extracts would give the very day away.
"""

import datetime

DAYS = 28
# A Monday, before anybody whom a score is about was born.
FIRST = datetime.date(1900, 1, 1)


def period_of(born: datetime.date) -> int:
    """Return the number of the period that holds a day of birth."""
    return (born - FIRST).days // DAYS


def youngest(period: int, today: datetime.date) -> int:
    """
    Return the least age in days that a child of that period can have; nobody of it is `DAYS` days older than that.

    Below 0 while some children of the period are not born.
    """
    return (today - FIRST).days - (period + 1) * DAYS + 1
