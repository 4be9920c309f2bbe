"""
The words of the pack: natural frequencies, ranges, the four verdicts, dates in full, and symbols with their legend.

A share is told as so many of a hundred, in whole numbers: the audit rests on counts to the nearest five.
"""

import datetime
import math
from collections.abc import Iterable, Sequence
from typing import Any

from fairness.disclosure import symbols
from fairness.verdicts import Verdict

HIDDEN, NOBODY, UNRELIABLE = symbols.HIDDEN, symbols.NOBODY, symbols.FEW
VERDICTS = (
    "Within the agreed margin",
    "Gap larger than agreed",
    "Possible gap, keep watching",
    "Not enough data to tell",
)
WITHIN, LARGER, WATCH, CANNOT_TELL = (
    tuple(Verdict).index(verdict)
    for verdict in (
        Verdict.WITHIN_MARGIN,
        Verdict.LARGER_THAN_AGREED,
        Verdict.KEEP_WATCHING,
        Verdict.CANNOT_TELL,
    )
)
# The same as in the charts: a verdict is told by its shape and its words, never by colour alone.
MARKS = ("●", "▲", "◆", "○")
Figure = tuple[float | None, float | None, float | None]
_MINUS = "\N{MINUS SIGN}"


def initial(words: str) -> str:
    """Return words that begin a line: their first letter is a capital."""
    return words[:1].upper() + words[1:]


def hundred(share: float) -> int:
    """Return a share as so many of a hundred, halves up."""
    return math.floor(share * 100 + 0.5 + 1e-9)


def of_100(share: float) -> str:
    """Return a share in words: "about 41 in 100"."""
    whole = hundred(share)
    if whole < 1:
        return "fewer than 1 in 100"
    return f"about {whole} in 100" if whole < 100 else "almost all of 100"


def counted(amount: int, one: str, many: str = "") -> str:
    """Return an amount of things: "1 score", "12 scores"."""
    return f"{amount:,} {one if amount == 1 else many or one + 's'}"


def signed(points: int) -> str:
    """Return whole points with their sign: with a plus or a minus, 0 with neither."""
    return f"+{points}" if points > 0 else _whole(points)


def _whole(number: int) -> str:
    return f"{_MINUS}{-number}" if number < 0 else str(number)


def bounds(figure: Figure) -> str:
    """Return the range of a share, of a hundred: "36 to 47"; nothing where there is none."""
    _, low, high = figure
    return "" if low is None or high is None else f"{_whole(hundred(low))} to {_whole(hundred(high))}"


def share(figure: Figure, none: str = HIDDEN) -> str:
    """Return a share of a hundred with its range: "41 (36 to 47)"; the symbol where it is not told."""
    value = figure[0]
    return none if value is None else _with(str(hundred(value)), bounds(figure))


def points(figure: Figure, none: str = HIDDEN) -> str:
    """Return a gap in points with its range: as "+11 (+6 to +16)"; the symbol where it is not told."""
    value, low, high = figure
    if value is None:
        return none
    span = "" if low is None or high is None else f"{signed(hundred(low))} to {signed(hundred(high))}"
    return _with(signed(hundred(value)), span)


def ratio(figure: Figure, none: str = HIDDEN) -> str:
    """Return a number to two places with its range: "1.19 (1.02 to 1.36)"; the symbol where it is not told."""
    value, low, high = figure
    if value is None:
        return none
    return _with(decimal(value), "" if low is None or high is None else f"{decimal(low)} to {decimal(high)}")


def decimal(number: float, places: int = 2) -> str:
    """Return a number to so many places; what is rounded to nothing has no minus."""
    told = f"{number:.{places}f}"
    return told.replace("-", _MINUS if told.strip("-0.") else "")


def _with(value: str, span: str) -> str:
    return f"{value} ({span})" if span else value


def figure_of(found: Any) -> Figure:
    """Return a figure of the evaluation, {value, low, high} or a bare number, as the three numbers it is; of nothing, None."""
    if isinstance(found, dict):
        return found.get("value"), found.get("low"), found.get("high")
    return (found if isinstance(found, int | float) else None), None, None


def children(n: int | None) -> str:
    """Return how many children a line is about, as it is told."""
    return HIDDEN if n is None else NOBODY if n == 0 else f"{n:,}"


def band(n: int | None) -> str:
    """Return between which round numbers a group's children are."""
    if n is None:
        return "fewer than 10"
    if n == 0:
        return "nobody"
    edges = (100, 250, 500, 1_000, 2_500)
    above = next((edge for edge in edges if n < edge), None)
    below = max((edge for edge in edges if edge <= n), default=10)
    return f"{below:,} or more" if above is None else f"{below:,} to {above - 1:,}"


def verdict(place: int | None) -> str:
    """Return a verdict's words with its mark; of one that is not told, so that no child is told of, that."""
    return "not told" if place is None else f"{MARKS[place]} {VERDICTS[place]}"


def in_full(date: str) -> str:
    """Return an ISO date in full: "15 September 2026"."""
    day = datetime.date.fromisoformat(date)
    # Not by strftime, whose names of months follow the machine's language.
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def listed(names: Sequence[str]) -> str:
    """Return names as a person lists them: "a, b and c"."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def legend(used: Iterable[str]) -> str:
    """Return what symbols mean, in one line."""
    return "; ".join(f"{symbol} = {symbols.LEGEND[symbol]}" for symbol in used) + "."
