"""
The snapshot that an answer rests on, as it is kept in the decision record: what a replay needs, and no more.

Only what was known at the landmark age is kept, as the exact integers it was scored as, under the contract's own names;
never a date, a reference of the child, or what became known later.
"""

import json
from typing import Any

from pydantic_core import to_json

from models.canonical import canonical
from models.contract import Contract
from models.record import ChildRecord, Event, Span

FORMAT = 1


def kept(record: ChildRecord, age: int) -> bytes:
    """Return, as canonical JSON, what of a record was known at a landmark age in days."""
    events = {source: [_event(e) for e in found if e.known <= age] for source, found in record.events.items()}
    coverage = {source: [_span(s) for s in spans if s.known <= age] for source, spans in record.coverage.items()}
    links = {source: link for source, link in record.links.items() if events.get(source) or coverage.get(source)}
    found = {"coverage": _filled(coverage), "events": _filled(events), "format": FORMAT, "links": links}
    # The same bytes several times sooner, but for small fractions, which are spelled another way.
    return canonical(found) if links else to_json(found) + b"\n"


def kept_of(contract: Contract, record: ChildRecord, age: int) -> bytes:
    """Return what to keep of a record that was asked at an age in days; outside every window nothing was looked at."""
    landmark = contract.landmark_for(age)
    return kept(record, landmark.age) if landmark is not None else kept(ChildRecord(), age)


def read_kept(data: bytes) -> ChildRecord:
    """Return the record that was kept; scoring it at an age of the landmark's window gives the very answer again."""
    found = json.loads(data)
    if found["format"] != FORMAT:
        raise ValueError("a kept record of another format")
    return ChildRecord(
        {source: tuple(Event(*event) for event in events) for source, events in found["events"].items()},
        {source: tuple(Span(*span) for span in spans) for source, spans in found["coverage"].items()},
        found["links"],
    )


def _event(event: Event) -> list[Any]:
    return [event.happened, event.known, dict(sorted(event.values.items()))]


def _span(span: Span) -> list[int]:
    return [span.start, span.end, span.known]


def _filled(parts: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {source: found for source, found in sorted(parts.items()) if found}
