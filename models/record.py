"""
A child record: all events of one child, under a pseudonym that is not kept here.

Every event has two ages in days: when it happened, and when it became known. Features never see a record: they see a
snapshot (`models.snapshot`), which is the only place that compares with *known*.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.exact import MAX_ROWS

# Ages that a record can hold: from ten years before birth (what an older brother or sister's school found) to about
# ninety years, so that an age packs into 16 bits.
MIN_AGE, MAX_AGE = -3660, 32767

Exact = int | str | None


@dataclass(frozen=True, slots=True)
class Event:
    """
    One dated fact: ages in days, and exact values (units of the column's step, codes, or None) by column.

    Raises ValueError with a reason code when it was known before it happened, or an age cannot be held.
    """

    happened: int
    known: int
    values: Mapping[str, Exact] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not MIN_AGE <= self.happened <= MAX_AGE or not MIN_AGE <= self.known <= MAX_AGE:
            raise ValueError("age_out_of_range")
        if self.known < self.happened:
            raise ValueError("known_before_happened")


@dataclass(frozen=True, slots=True)
class Span:
    """Ages in days, both included, in which a source is proven to cover the child, and the age that became known."""

    start: int
    end: int
    known: int


@dataclass(frozen=True, slots=True)
class ChildRecord:
    """
    The events and the proven coverage of one child, by source; a source that is absent has neither.

    `links` says for each source how probable it is that its records are this child's, where linking found them.
    """

    events: Mapping[str, tuple[Event, ...]] = field(default_factory=dict)
    coverage: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    links: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if any(len(events) > MAX_ROWS for events in self.events.values()):
            raise ValueError("too_many_rows")

    @property
    def weakest_link(self) -> float | None:
        """The probability of the least certain link that the record rests on; None where nothing was linked."""
        return min(self.links.values(), default=None)
