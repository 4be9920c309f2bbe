"""Links: the weakest link of a snapshot, and what is of another child if it is wrong."""

import pytest

from models.contract import Contract
from models.links import CERTAIN, LinkDoubt, weakest_link
from models.record import ChildRecord, Event, Span
from models.snapshot import take_snapshot

NEEDED = ("births",)
SEEN = (Event(10, 10),)


def weakest(
    links: dict[str, float],
    *,
    seen: tuple[str, ...] = ("births", "reviews", "hub"),
    asked: tuple[str, ...] = ("reviews", "hub"),
) -> tuple[float, frozenset[str]] | None:
    """The weakest link of a record in which these sources were seen by the landmark."""
    record = ChildRecord(dict.fromkeys(seen, SEEN), {}, links)
    return weakest_link(take_snapshot(record, 365), asked, NEEDED)


@pytest.mark.parametrize(
    ("links", "found"),
    [
        ({}, None),
        ({"reviews": 1.0, "hub": 1.0}, None),
        ({"reviews": 0.95, "hub": 0.99}, (0.95, {"reviews"})),
        ({"reviews": 0.95, "hub": 0.95}, (0.95, {"reviews", "hub"})),
        ({"births": 0.95, "reviews": 0.99, "hub": 1.0}, (0.95, {"reviews", "hub"})),
        ({"births": 0.95, "reviews": 0.95, "hub": 1.0}, (0.95, {"hub"})),
        ({"births": 0.95}, (0.95, {"births"})),
        ({"births": 0.95, "reviews": 0.95}, (0.95, {"births", "reviews"})),
    ],
)
def test_the_weakest(links: dict[str, float], found: tuple[float, set[str]] | None) -> None:
    """It is the least probable link; if that is of a needed source the others are doubted, where there are any."""
    assert weakest(links) == (found if found is None else (found[0], frozenset(found[1])))


def test_what_brought_nothing() -> None:
    """A link that brought nothing into the snapshot is in no doubt; proven coverage is something it brought."""
    assert weakest({"reviews": 0.95, "hub": 0.9}, seen=("births", "reviews")) == (0.95, frozenset({"reviews"}))
    later = ChildRecord({"hub": (Event(300, 366),)}, {}, {"hub": 0.9})
    assert weakest_link(take_snapshot(later, 365), ("hub",), NEEDED) is None
    covered = ChildRecord({}, {"hub": (Span(0, 365, 365),)}, {"hub": 0.9})
    assert weakest_link(take_snapshot(covered, 365), ("hub",), NEEDED) == (0.9, frozenset({"hub"}))


def test_what_nobody_asks() -> None:
    """A link of a source that no feature asks here hides no other: what it brought is no part of the score."""
    links = {"births": 1.0, "reviews": 0.93, "hub": 0.92}
    assert weakest(links) == (0.92, frozenset({"hub"}))
    assert weakest(links, asked=("reviews",)) == (0.93, frozenset({"reviews"}))
    assert weakest({"births": 0.91, **dict.fromkeys(("reviews", "hub"), 1.0)}, asked=()) == (
        0.91,
        frozenset({"births"}),
    )


def test_whether_the_band_moves(borough: Contract) -> None:
    """It moves where the band without the link is another, and where there would be no score."""
    doubt = LinkDoubt(0.9, (borough.source("hub"),), (2, None))
    assert [doubt.moves(0, 2), doubt.moves(0, 1), doubt.moves(1, 2)] == [False, True, True]


@pytest.mark.parametrize(("probability", "doubtful"), [(0.5, True), (0.9899, True), (CERTAIN, False), (1.0, False)])
def test_doubtful(probability: float, *, doubtful: bool) -> None:
    """A link that is wrong for fewer than one child in a hundred is no doubt of its own."""
    assert LinkDoubt(probability, (), ()).doubtful is doubtful
