"""
Legal holds: while one stands, retention erases nothing that is held about the child, however old it is.

A hold and its end are entries like any other. An account of the child tells that there is one, and not why.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from models.errors import BadInput
from service.record.account_shape import moment
from service.record.entries import Entry, Kind
from service.record.tables import chain, held, legal_holds


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold that stands: the HMAC of the child's reference, since when, why, and who had it recorded."""

    subject: bytes
    seq: int
    at: datetime
    reason: str
    user: str


def hold_entry(subject: bytes, reason: str, user: str) -> Entry:
    """Return the entry that begins a hold; `reason` names a matter, never a person."""
    return _entry("legal-hold", subject, reason, user)


def unhold_entry(subject: bytes, reason: str, user: str) -> Entry:
    """Return the entry that ends one."""
    return _entry("legal-hold-ended", subject, reason, user)


def standing_holds(connection: Connection) -> list[Hold]:
    """Return every hold that stands, oldest first."""
    asked = (
        select(legal_holds.c.subject, legal_holds.c.seq, chain.c.at, held.c.payload)
        .join_from(legal_holds, chain, chain.c.seq == legal_holds.c.seq)
        .join(held, held.c.seq == legal_holds.c.seq)
        .order_by(legal_holds.c.seq)
    )
    return [_hold(row.subject, row.seq, row.at, row.payload) for row in connection.execute(asked)]


def check_hold(connection: Connection, subject: bytes, *, stands: bool) -> None:
    """Raise BadInput unless the child is under hold, or is not, as what is to be done needs."""
    found = connection.scalar(select(legal_holds.c.seq).where(legal_holds.c.subject == subject))
    if (found is not None) != stands:
        raise BadInput("the child is not under hold" if stands else f"the child is under hold since entry {found}")


def _entry(kind: Kind, subject: bytes, reason: str, user: str) -> Entry:
    return Entry(kind, "earlyid", json.dumps({"reason": reason, "user": user}).encode(), subject=subject)


def _hold(subject: bytes, seq: int, at: int, payload: bytes) -> Hold:
    said = json.loads(payload)
    return Hold(subject, seq, moment(at), said["reason"], said["user"])
