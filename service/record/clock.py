"""
Whether the clock agrees with the record: an entry that is dated far ahead was written while a clock was wrong, or this one is.

Times of entries do not go back, so that all that follows would be dated as far ahead, and kept for as much longer.
"""

import datetime

from service.record.writer import microseconds

# Machines that share a database are never so far apart.
MOST_AHEAD = datetime.timedelta(minutes=5)


def ahead(at: int, now: datetime.datetime) -> str | None:
    """Return what is wrong, and what to do, where the newest entry, in microseconds, is well ahead of the clock."""
    minutes = (at - microseconds(now)) // 60_000_000
    if minutes < MOST_AHEAD // datetime.timedelta(minutes=1):
        return None
    return (
        f"the newest entry of the record is dated {minutes:,} minutes after this machine's clock: set the clock right; if it is "
        "right, a clock was ahead when that entry was written: put back a backup from before, or wait until that time"
    )
