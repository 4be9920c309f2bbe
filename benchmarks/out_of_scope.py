"""
Children of whom England's contract says that they must not be scored: a child in scope, altered in one way for each code.

The names of sources are those of England's contract: this is evidence about it.
"""

from collections.abc import Iterator

from models.contract import Contract
from models.feature import Landmark
from models.record import ChildRecord, Event, Span
from models.scope import Code

# More family hub sessions than anybody has been to, and than the margin beyond the range seen allows.
SESSIONS = 2000


def scripted(contract: Contract, at: Landmark, record: ChildRecord) -> Iterator[tuple[Code, ChildRecord, int]]:
    """Yield each code that the contract's scope can refuse with, a record it is right for, and the age to ask at."""
    scope, events = contract.scope, record.events
    windows = [each for each in contract.landmarks if each.holds(at.age - 1)]
    if not windows:
        yield "outside-window", record, at.age - 1
    if not any(each.holds(at.until) for each in contract.landmarks):
        yield "outside-window", record, at.until
    for name in scope.needs:
        yield "too-little-known", _with(record, {name: ()}), at.age
        # One feed that covers the child and found nothing: not stale, and next to nothing known.
        yield "too-little-known", ChildRecord({name: events[name]}, {"hub": (Span(0, at.age, 0),)}), at.age
    if scope.least_link is not None:
        linked = next(name for name, held in events.items() if any(event.known <= at.age for event in held))
        yield "identity-not-certain", ChildRecord(events, record.coverage, {linked: scope.least_link - 0.001}), at.age
    if scope.resident is not None:
        moved = at.age - scope.resident.days + 1
        source = scope.resident.source
        yield "moved-in-too-late", _with(record, {source: (Event(moved, moved, events[source][0].values),)}), at.age
    if scope.stale_after_days is not None and at.age > scope.stale_after_days + 1:
        yield "too-stale", _until(record, at.age - scope.stale_after_days - 1, set(scope.needs)), at.age
    if scope.beyond_range is not None:
        often = tuple(Event(at.age - 1, at.age, {"session_type": "targeted"}) for _ in range(SESSIONS))
        yield "outside-range-seen", _with(record, {"hub": often}), at.age


def _with(record: ChildRecord, events: dict[str, tuple[Event, ...]]) -> ChildRecord:
    return ChildRecord({**record.events, **events}, record.coverage, record.links)


def _until(record: ChildRecord, last: int, needed: set[str]) -> ChildRecord:
    """Return what of a record is up to that age: every feed stopped then."""
    return ChildRecord(
        {
            name: tuple(e for e in held if e.happened <= last and (e.known <= last or name in needed))
            for name, held in record.events.items()
        },
        {
            name: tuple(Span(span.start, min(span.end, last), span.known) for span in spans if span.start <= last)
            for name, spans in record.coverage.items()
        },
    )
