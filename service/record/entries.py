"""What is written to the decision record and what comes back; how it is written is `service.record.writer`'s."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from models.errors import EarlyidError

Kind = Literal[
    "score",
    "read",
    "replay",
    "feedback",
    "challenge",
    "challenge-outcome",
    "exclusion",
    "exclusion-ended",
    "account",
    "worklist",
    "retention",
    "legal-hold",
    "legal-hold-ended",
    "release-proposed",
    "release-signed",
    "release-promoted",
    "release-rolled-back",
    "release-withdrawn",
]


@dataclass(frozen=True, slots=True)
class Repeatable:
    """
    What makes a request repeatable: digests of the caller's key and of what was asked, and what to answer next time.

    `response` is what was answered, but for the reference of the child, which a repeated request brings along again.
    """

    key: bytes
    asked: bytes
    status: int
    headers: Mapping[str, str]
    response: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One thing that happened, to be recorded.

    `id` (UUID) is of what it made, `about` of what it is about. `payload` is JSON and holds no reference of a child; `subject` is
    the reference's HMAC. `expires` is in microseconds since 1970.
    """

    kind: Kind
    client: str
    payload: bytes
    id: str | None = None
    about: str | None = None
    bundle: str | None = None
    subject: bytes | None = None
    expires: int | None = None
    repeatable: Repeatable | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """An entry as it was read back; `payload` and `subject` are None once retention has erased them."""

    seq: int
    at: int
    kind: Kind
    client: str
    id: str | None
    about: str | None
    bundle: str | None
    payload: bytes | None
    subject: bytes | None
    expires: int | None


class Repeated(EarlyidError):
    """The same request was answered before: `answer` is what to answer once more."""

    def __init__(self, answer: Repeatable) -> None:
        super().__init__("a request of this Idempotency-Key was recorded before")
        self.answer = answer


class Record(Protocol):
    """The decision record, as the door sees it. Everything raises RecordUnavailable when the database cannot be had."""

    async def append(self, *entries: Entry) -> int:
        """
        Write entries, chained, durable and all together or not at all, and return the number (`seq`) of the last.

        Raises Repeated when another request of the same key was recorded first, Refused (422) when that one asked for
        something else. At most one of the entries can be repeatable.
        """

    def starting(self, client: str, key: bytes) -> AbstractContextManager[None]:
        """Hold a key while its request is answered; raises Refused (409) while another request holds it."""

    async def repeated(self, client: str, key: bytes, asked: bytes) -> Repeatable | None:
        """Return what a key was answered with; raises Refused (422) when it was used for something else."""

    async def one(self, id_: str) -> Written | None:
        """Return the entry that made something, by its id."""

    async def about(self, id_: str, *kinds: Kind) -> list[Written]:
        """Return every entry about something, or those of some kinds only, oldest first."""

    async def of_subject(self, subject: bytes) -> list[Written]:
        """Return every entry about a child, oldest first."""

    async def excluded(self) -> frozenset[bytes]:
        """Return the HMACs of the references of all children who are excluded now."""

    async def last(self, kind: Kind, before: int) -> Written | None:
        """Return the newest entry of a kind that was written before the entry of that number."""

    async def newest(self, prefix: str) -> int:
        """Return the number of the newest entry whose kind begins so; 0 when there is none."""

    async def releases(self, after: int = 0) -> list[Written]:
        """Return every entry whose kind begins with `release-` and whose number is above `after`, oldest first."""

    async def check(self) -> None:
        """Raise RecordUnavailable unless the database answers and its schema is this version's."""

    async def close(self) -> None:
        """Write what waits, then let go of the database."""
