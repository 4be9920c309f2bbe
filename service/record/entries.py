"""What is written to the decision record and what comes back; how it is written is `service.record.writer`'s."""

from collections.abc import Sequence
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
    "clock-set",
    "release-proposed",
    "release-signed",
    "release-promoted",
    "release-rolled-back",
    "release-withdrawn",
]


@dataclass(frozen=True, slots=True)
class Once:
    """
    What makes a request repeatable: HMACs, of 32 bytes, of the client with its Idempotency-Key and of what was asked.

    Its answer is not kept a second time: it is put together again from the entries that have these.
    """

    key: bytes
    asked: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One thing that happened, to be recorded.

    `id` (UUID) is of what it made, `about` of what it is about. `payload` is JSON and holds no reference of a child; `subject` is
    the reference's HMAC. `expires` is in microseconds since 1970. One that `settles` is refused when another of its kind is about
    the same already, however soon after. `unless_excluded`: it tells of the child, and is not written once that is excluded.
    """

    kind: Kind
    client: str
    payload: bytes
    id: str | None = None
    about: str | None = None
    bundle: str | None = None
    subject: bytes | None = None
    expires: int | None = None
    once: Once | None = None
    settles: bool = False
    unless_excluded: bool = False


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
    """The same request was answered before, and nothing was recorded of it now."""

    def __init__(self) -> None:
        super().__init__("a request of this Idempotency-Key was recorded before")


class Excluded(EarlyidError):
    """Nothing was recorded, since some children are excluded by now: `subjects` are the HMACs of their references."""

    def __init__(self, subjects: frozenset[bytes]) -> None:
        super().__init__("a child whom this tells of was excluded meanwhile")
        self.subjects = subjects


class Record(Protocol):
    """The decision record, as the door sees it. Everything raises RecordUnavailable when the database cannot be had."""

    async def append(self, *entries: Entry) -> int:
        """
        Write entries, chained, durable and all together or not at all, and return the number (`seq`) of the last.

        Raises Repeated when another request of the same key was recorded first, Refused (422) when that one asked for
        something else, Refused (409) when what one of them settles is settled, Excluded when one must not be written since its
        child is excluded. All entries that one request makes have its `once`.
        """

    def starting(self, client: str, key: bytes) -> AbstractContextManager[None]:
        """Hold a key while its request is answered; raises Refused (409) while another request holds it."""

    async def repeated(self, once: Once) -> list[Written]:
        """
        Return the entries that the request of a key made within a day, in their order; none when the key is new.

        Raises Refused (422) when it was used for something else.
        """

    async def one(self, id_: str) -> Written | None:
        """Return the entry that made something, by its id."""

    async def ones(self, ids: Sequence[str]) -> dict[str, Written]:
        """Return the entries that made some things, by their ids."""

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
