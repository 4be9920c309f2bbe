"""Child records: what cannot be held is refused with a reason code."""

import pytest

from models.exact import MAX_ROWS
from models.record import MAX_AGE, MIN_AGE, ChildRecord, Event


@pytest.mark.parametrize(
    ("happened", "known", "reason"),
    [
        (10, 9, "known_before_happened"),
        (MIN_AGE - 1, 0, "age_out_of_range"),
        (0, MAX_AGE + 1, "age_out_of_range"),
        (MAX_AGE + 1, MAX_AGE + 1, "age_out_of_range"),
    ],
)
def test_impossible_events(happened: int, known: int, reason: str) -> None:
    """An event known before it happened, or at an age that cannot be held, cannot be made."""
    with pytest.raises(ValueError, match=rf"^{reason}$"):
        Event(happened, known)


@pytest.mark.parametrize(("happened", "known"), [(0, 0), (MIN_AGE, MIN_AGE), (MIN_AGE, MAX_AGE), (MAX_AGE, MAX_AGE)])
def test_events_on_the_edge(happened: int, known: int) -> None:
    """An event may be known on the day it happened, and at the first and the last age that can be held."""
    assert Event(happened, known).values == {}


def test_an_older_brother_or_sister() -> None:
    """What a school found of a child nine years older, five years later, can be held before this child's own birth."""
    assert Event(5 * 365 - 9 * 366, -1).happened < 0
    assert Event(-3652, -3652).known == -3652


def test_ages_pack() -> None:
    """Every age that can be held packs into 16 bits, so that a day and a value make one whole number."""
    assert MAX_AGE - MIN_AGE < 2**16


def test_too_many_rows() -> None:
    """A record holds as many rows of a source as can be summed exactly, and not one more."""
    event = Event(1, 1)
    assert len(ChildRecord({"visits": (event,) * MAX_ROWS}).events["visits"]) == MAX_ROWS
    with pytest.raises(ValueError, match=r"^too_many_rows$"):
        ChildRecord({"visits": (event,) * (MAX_ROWS + 1)})
