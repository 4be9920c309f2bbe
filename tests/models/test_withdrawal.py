"""Sources of which nothing is known, and records with sources taken out."""

import math

import pytest

from models.contract import Contract
from models.record import ChildRecord, Event, Span
from models.snapshot import take_snapshot
from models.withdrawal import Asked, without

NAN = math.nan


@pytest.fixture(scope="module")
def asked(borough: Contract) -> Asked:
    """What the borough's second landmark asks of each source."""
    return Asked(borough, borough.landmark("two_year"))


def test_columns(borough: Contract, asked: Asked) -> None:
    """Every column of the matrix rests on one source, and every source that is asked has its columns."""
    features = borough.features_at(borough.landmark("two_year"))
    assert sorted(column for columns in asked.columns.values() for column in columns) == list(range(len(features)))
    for name, columns in asked.columns.items():
        assert {features[column].source for column in columns} == {name}
        assert asked.columns_of((borough.source(name),)) == columns


def test_nothing_known(borough: Contract, asked: Asked) -> None:
    """A source is not known when no feature of it is, and it is not proven to cover what one of them asks about."""
    width = len(borough.features_at(borough.landmark("two_year")))
    assert {source.name for source in asked.unknown([NAN] * width, ())} == asked.columns.keys()
    assert asked.unknown([0.0] * width, ()) == ()
    assert {source.name for source in asked.unknown([NAN] * width, {"hub"})} == asked.columns.keys() - {"hub"}
    for name, columns in asked.columns.items():
        for known in columns:
            row = [0.0 if column == known else NAN for column in range(width)]
            assert name not in {source.name for source in asked.unknown(row, ())}


@pytest.mark.parametrize(
    ("spans", "covered"),
    [
        ((), False),
        ((Span(0, 364, 760),), True),
        ((Span(0, 363, 760),), False),
        ((Span(1, 760, 760),), False),
        ((Span(760, 760, 760),), False),
        ((Span(0, 760, 761),), False),
        ((Span(0, 200, 200), Span(201, 900, 300)), True),
        ((Span(0, 200, 200), Span(202, 900, 300)), False),
    ],
)
def test_proven(asked: Asked, spans: tuple[Span, ...], *, covered: bool) -> None:
    """A source is proven when spans known by then cover all that one of its features asks about, and by nothing less."""
    assert asked.windows["hub"] == ((0, 364),)
    snapshot = take_snapshot(ChildRecord({}, {"hub": spans, "nowhere": spans}), 760)
    assert asked.proven(snapshot) == ({"hub"} if covered else set())


def test_without() -> None:
    """A source taken out has neither rows nor coverage; all else stays as it was."""
    events = {"hub": (Event(1, 1),), "births": (Event(0, 0),)}
    snapshot = take_snapshot(ChildRecord(events, {name: (Span(0, 365, 0),) for name in events}), 365)
    rest = without(snapshot, {"hub", "profile"})
    assert (rest.events, rest.coverage) == ({"births": (Event(0, 0),)}, {"births": ((0, 365),)})
    assert without(snapshot, ()) == snapshot
