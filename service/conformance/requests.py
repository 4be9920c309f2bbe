"""Golden cases as requests: the invented children of a bundle, as a case system would ask about them, in ages."""

from typing import Any

from models.contract import Contract
from models.golden import GoldenCase, GoldenEvent
from models.source import Source


def request_of(contract: Contract, case: GoldenCase, subject: str) -> dict[str, Any]:
    """Return the request that asks about the child of a golden case, under a reference."""
    sources = {source.name: _source(source, case) for source in contract.feature_sources}
    return {"subject": subject, "purpose": contract.purposes[0], "as_of": case.age, "sources": sources}


def _source(source: Source, case: GoldenCase) -> dict[str, Any]:
    # What became known after the day that is asked at could not have been sent on it.
    known = [event for event in case.events.get(source.name, ()) if event.known <= case.age]
    sent: dict[str, Any] = {"events": [_event(source, event) for event in known]}
    if source.coverage is not None:
        spans = case.coverage.get(source.name, ())
        sent["coverage"] = [{"from": start, "to": end, "known": told} for start, end, told in spans]
    if source.name in case.links:
        sent["link"] = case.links[source.name]
    return sent


def _event(source: Source, event: GoldenEvent) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if source.happened.constant is None:
        fields["happened"] = event.happened
    if source.known.constant is None and source.known.lag_days is None:
        fields["known"] = event.known
    for name, value in event.values.items():
        column = source.column(name)
        if value is not None and column is not None:
            fields[name] = column.written(value)
    return fields
