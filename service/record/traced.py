"""Which children a bundle scored: every answer of it that was recorded, by its id, its time and what stands for the child."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from models.errors import BadInput
from service.record.account_shape import moment
from service.record.tables import chain, held

_NONE = "the record names no bundle of that id: give its id, or the first 8 digits of it or more"
_ID = re.compile(r"[0-9a-f]{8,64}")


@dataclass(frozen=True, slots=True)
class Traced:
    """
    One answer: `child` is the HMAC of the reference in hexadecimal, and `reference` the reference where it was given.

    Both are None once retention has erased what was held.
    """

    id: str
    at: datetime
    client: str
    child: str | None
    reference: str | None
    erased: bool


def bundle_named(connection: Connection, given: str) -> str:
    """Return the id of a bundle that the record names, by the id or its first 8 digits or more; raises BadInput."""
    found = []
    if _ID.fullmatch(given):
        asked = select(chain.c.bundle).distinct().where(chain.c.bundle.startswith(given)).limit(2)
        found = list(connection.scalars(asked))
    if len(found) != 1:
        more = "more than one bundle begins with these digits; give more of them" if found else _NONE
        raise BadInput(more)
    return str(found[0])


def traced(
    connection: Connection, bundle: str, begin: datetime | None, end: datetime | None, references: Mapping[bytes, str]
) -> Iterator[Traced]:
    """
    Yield every answer of a bundle from `begin` to before `end`, oldest first.

    `references` are references by their HMACs: those of children whom the reader knows.
    """
    asked = select(chain.c.id, chain.c.at, chain.c.client, held.c.seq, held.c.subject)
    asked = asked.outerjoin_from(chain, held, held.c.seq == chain.c.seq)
    asked = asked.where(chain.c.bundle == bundle, chain.c.kind == "score").order_by(chain.c.seq)
    if begin is not None:
        asked = asked.where(chain.c.at >= _microseconds(begin))
    if end is not None:
        asked = asked.where(chain.c.at < _microseconds(end))
    for id_, at, client, there, subject in connection.execute(asked, execution_options={"yield_per": 1000}):
        known = subject is not None
        child, reference = (subject.hex(), references.get(subject)) if known else (None, None)
        yield Traced(id_, moment(at), client, child, reference, erased=there is None)


def _microseconds(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)
