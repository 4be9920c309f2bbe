"""What an answer says besides the score: who asked, when, under whose authority; and an answer once it is put together."""

import datetime
from dataclasses import dataclass
from typing import NamedTuple

from pydantic_core import to_json

from service.answers.authority import NOBODY, Authority


class Facts(NamedTuple):
    """
    What is known of one request besides what it asks; whatever is None is told as null.

    `id` is that of the recorded answer, `supersedes` that of the one it corrects, `trace` that of the request, and
    `scored_at` the service's clock, in UTC. `stamp`: nobody has approved the bundle, and the answer is stamped so.
    """

    id: str | None = None
    scored_at: datetime.datetime | None = None
    client: str | None = None
    user: str | None = None
    trace: str | None = None
    supersedes: str | None = None
    stamp: bool = True
    authority: Authority = NOBODY


# Of a line in a file nothing is known but what it asks.
NOTHING = Facts()


@dataclass(frozen=True, slots=True)
class Answered:
    """
    An answer: `stored` is its JSON as the record keeps it, which is without the reference of the child.

    `code` is why there is no score, None where there is one; `bundle` the id of the bundle that answered. After
    `valid_until` (None where the time of asking is not known) callers are no longer told.
    """

    stored: bytes
    code: str | None
    bundle: str
    valid_until: datetime.datetime | None

    @property
    def scored(self) -> bool:
        """Whether there is a score."""
        return self.code is None

    def told(self, subject: str) -> bytes:
        """Return the JSON of the answer as it is told to whoever asked about that child."""
        return with_subject(self.stored, subject)


def with_subject(stored: bytes, subject: str | None) -> bytes:
    """Return a stored answer with the reference of the child in it; None: the record does not know it."""
    return b'{"subject":%b,%b' % (to_json(subject), stored[1:])
