"""Snapshots: what was known at an age, and spans of coverage joined."""

import pytest

from models.record import ChildRecord, Event, Span
from models.snapshot import Snapshot, merged, take_snapshot


def test_what_was_known() -> None:
    """An event is seen from the day it became known, however long ago it happened."""
    events = tuple(Event(100, known) for known in (100, 365, 366))
    snapshot = take_snapshot(ChildRecord({"visits": events, "contacts": ()}), 365)
    assert snapshot.events == {"visits": events[:2], "contacts": ()}


def test_coverage_that_was_known() -> None:
    """A span of coverage is seen from the day it became known, and may reach beyond the snapshot."""
    record = ChildRecord(coverage={"visits": (Span(0, 900, 365), Span(-9, -5, 366))})
    assert take_snapshot(record, 365).coverage == {"visits": ((0, 900),)}


@pytest.mark.parametrize(
    ("spans", "joined"),
    [
        ([], []),
        ([(5, 9)], [(5, 9)]),
        ([(5, 9), (10, 12)], [(5, 12)]),
        ([(5, 9), (11, 12)], [(5, 9), (11, 12)]),
        ([(11, 12), (5, 9)], [(5, 9), (11, 12)]),
        ([(5, 9), (7, 8)], [(5, 9)]),
        ([(5, 9), (5, 20), (6, 7), (21, 21)], [(5, 21)]),
        ([(9, 5), (6, 7)], [(6, 7)]),
        ([(5, 5), (5, 5)], [(5, 5)]),
    ],
)
def test_joined_spans(spans: list[tuple[int, int]], joined: list[tuple[int, int]]) -> None:
    """Spans that overlap or follow on the next day are one; a gap of a day parts them; one that ends first is none."""
    assert merged(tuple(Span(start, end, 0) for start, end in spans)) == tuple(joined)


@pytest.mark.parametrize(
    ("low", "high", "expected"), [(5, 9, True), (6, 8, True), (4, 9, False), (5, 10, False), (9, 12, False)]
)
def test_covers(low: int, high: int, expected: bool) -> None:  # noqa: FBT001 (a column of the table above)
    """A source covers days only where one joined span holds every one of them."""
    assert Snapshot(365, {}, {"visits": ((5, 9), (11, 20))}).covers("visits", low, high) is expected


def test_an_absent_source_covers_nothing() -> None:
    """A source without spans is proven to cover no day."""
    assert not Snapshot(365, {}, {}).covers("visits", 0, 0)
