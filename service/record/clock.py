"""
Whether the clock agrees with the record: an entry that is dated far ahead was written while a clock was wrong, or this one is.

Times of entries do not go back, so that all that follows would be dated as far ahead, and kept for as much longer. Only an entry
that says so, which an operator has written, takes them back; what stands before it keeps the dates that it has.
"""

import datetime
import os

from sqlalchemy import Connection, func, insert, select

from models.errors import BadInput
from service.record.chain import digest_of, hash_of
from service.record.database import head
from service.record.entries import Kind
from service.record.tables import chain, held
from service.record.writer import SALT_BYTES, microseconds

# The one kind of entry that may be dated before the entry before it.
SET: Kind = "clock-set"

# Machines that share a database are never so far apart.
MOST_AHEAD = datetime.timedelta(minutes=5)


def ahead(at: int, now: datetime.datetime) -> str | None:
    """Return what is wrong, and what to do, where the newest entry, in microseconds, is well ahead of the clock."""
    minutes = (at - microseconds(now)) // 60_000_000
    if minutes < MOST_AHEAD // datetime.timedelta(minutes=1):
        return None
    return (
        f"the newest entry of the record is dated {minutes:,} minutes after this machine's clock: set the clock right; if it is "
        "right, a clock was ahead when that entry was written: run: earlyid record clock"
    )


def check_agrees(told: datetime.datetime, now: datetime.datetime) -> None:
    """Raise BadInput unless this machine's clock agrees with what somebody read from another."""
    if abs(told - now) >= MOST_AHEAD:
        raise BadInput(
            f"this machine's clock says {now.astimezone():%Y-%m-%dT%H:%M}, which is not that: set it right first"
        )


def set_clock(connection: Connection, payload: bytes, now: datetime.datetime) -> int:
    """
    Write, within `database.writing`, the entry from which on times are those of the clock again; returns its number.

    Raises BadInput where the newest entry is not dated well ahead of the clock: then nothing is to be set.
    """
    newest, at = head(connection), microseconds(now)
    if ahead(newest.at, now) is None:
        raise BadInput(
            "the newest entry of the record is not dated ahead of this machine's clock: there is nothing to set"
        )
    salt = os.urandom(SALT_BYTES)
    digest = digest_of(salt, payload, None, None)
    row = (newest.seq + 1, at, SET, None, None, "earlyid", None, digest, newest.hash)
    connection.execute(insert(chain).values((*row, hash_of(*row))))
    connection.execute(insert(held).values(seq=newest.seq + 1, salt=salt, payload=payload))
    return newest.seq + 1


def set_before(connection: Connection, at: int) -> int:
    """Return the number of the newest entry written before a time, in microseconds, that set the clock; 0 when there is none."""
    found = select(func.max(chain.c.seq)).where(chain.c.kind == SET, chain.c.at < at)
    return connection.scalar(found) or 0
