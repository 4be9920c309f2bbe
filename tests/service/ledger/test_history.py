"""What was live when, though a clock was ahead when some of it was written."""

import datetime
import itertools

from service.ledger.history import dated, periods
from service.ledger.state import Move, State

NOW = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


def _at(*days: int) -> State:
    """A ledger whose moves are dated so many days from now."""
    return State(
        moves=tuple(Move(seq, NOW + day * DAY, "release-promoted", f"{seq}", None) for seq, day in enumerate(days))
    )


def test_what_a_clock_dated_ahead() -> None:
    """No move is dated after the next one or after now, and one that was dated right keeps its date."""
    told = dated(_at(-9, 365, 366, -2, 400), NOW)
    assert [(move.at - NOW) // DAY for move in told.moves] == [-9, -2, -2, -2, 0]
    times = periods(told)
    assert all(one.ended == other.begun for one, other in itertools.pairwise(times))
    assert [one.move.bundle for one in times if one.move is not None and one.touches((NOW - 5 * DAY).date())] == ["0"]
    assert times[-1].touches((NOW + 30 * DAY).date())


def test_what_is_dated_right() -> None:
    """Where no clock was ahead every date stays."""
    state = _at(-9, -5, -5, -1)
    assert [move.at for move in dated(state, NOW).moves] == [move.at for move in state.moves]
