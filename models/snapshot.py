"""
A snapshot: the child record as it was known at the landmark age.

It is always cut at the landmark, whenever in the window after it the score is asked for; nothing that became known
later can change it. This is the only step that compares with *known*.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.record import ChildRecord, Event, Span


@dataclass(frozen=True, slots=True)
class Snapshot:
    """
    What was known at `age` days: events by source, and merged spans of proven coverage (first day, last day).

    `links` has the probability of each source's link, of the sources that brought any of it.
    """

    age: int
    events: Mapping[str, tuple[Event, ...]]
    coverage: Mapping[str, tuple[tuple[int, int], ...]]
    links: Mapping[str, float] = field(default_factory=dict)

    def covers(self, source: str, low: int, high: int) -> bool:
        """Whether the source is proven to cover every day from `low` to `high`."""
        return any(start <= low and high <= end for start, end in self.coverage.get(source, ()))


def take_snapshot(record: ChildRecord, age: int) -> Snapshot:
    """Cut the record at a landmark age in days; what became known on that very day is in."""
    events = {source: tuple(e for e in events if e.known <= age) for source, events in record.events.items()}
    coverage = {source: merged(tuple(s for s in spans if s.known <= age)) for source, spans in record.coverage.items()}
    links = {source: link for source, link in record.links.items() if events.get(source) or coverage.get(source)}
    return Snapshot(age, events, coverage, links)


def merged(spans: tuple[Span, ...]) -> tuple[tuple[int, int], ...]:
    """Join spans that overlap or follow on the next day."""
    joined: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        if span.end < span.start:
            continue
        if joined and span.start <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], span.end))
        else:
            joined.append((span.start, span.end))
    return tuple(joined)
