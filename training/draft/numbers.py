"""Of a column of numbers: its step, the range it may have, and the numbers that were written where none was known."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import duckdb

from models.small_numbers import FEWEST
from training.draft.folder import Extract
from training.draft.profile import Profile, children_with

# A number that is written for nothing lies at least this share of the others' span away from them.
_FAR = Decimal("0.5")


def step_of(one: Profile) -> str:
    """Return the step that all values lie on: whole numbers, halves, quarters, or the last decimal place seen."""
    if one.places == 0:
        return "1"
    if one.halves:
        return "0.5"
    if one.quarters:
        return "0.25"
    return f"{Decimal(1).scaleb(-min(one.places, 6)):f}"


def written_for_nothing(one: Profile) -> tuple[str, ...]:
    """Return the numbers such as 999 that lie far from all the others, or below 0 where no other does."""
    low, high = one.low, one.high
    if low is None or high is None:
        return ()
    outside: list[str] = []
    for text, _ in sorted(one.sentinels, key=lambda found: abs(Decimal(found[0]))):
        value = Decimal(text)
        span = max(high - low, abs(high), Decimal(1))
        if (value < 0 <= low) or value > high + _FAR * span or value < low - _FAR * span:
            outside.append(text)
        else:
            low, high = min(low, value), max(high, value)
    return tuple(outside)


def range_of(
    con: duckdb.DuckDBPyConnection, extract: Extract, one: Profile, outside: tuple[str, ...]
) -> tuple[str, str] | None:
    """
    Return the range of the values, those written for nothing left out.

    An end that ten children have is told as it is; any other is one child's, and is moved outwards to a round number.
    """
    inside = [Decimal(text) for text, _ in one.sentinels if text not in outside]
    if one.low is None or one.high is None:
        return None
    low, high = min(one.low, *inside, one.low), max(one.high, *inside, one.high)
    rounded = _round(high - low or abs(high) or Decimal(1))
    ends = []
    for end, way in ((low, ROUND_FLOOR), (high, ROUND_CEILING)):
        told = children_with(con, extract, one, end) >= FEWEST
        ends.append(end if told else (end / rounded).to_integral_value(way) * rounded)
    return _plain(ends[0]), _plain(ends[1])


def _round(span: Decimal) -> Decimal:
    """Return the power of ten of a span."""
    return Decimal(1).scaleb(span.adjusted())


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
