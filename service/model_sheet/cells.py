"""The cells of a term in words: "no", "0", "1 to 3", "over 3387.5, up to 3500"."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from models.contract import Contract
from models.derivation import Below, CountBelow, CountEqual, Difference
from models.feature import Feature
from models.source import Column, Source
from models.value_words import sayer
from service.model_sheet.figures import bound

# The least and the most whole number that a feature can be; None: there is no such bound.
Whole = tuple[int | None, int | None]
YES_OR_NO: Whole = (0, 1)
COUNTED: Whole = (0, None)
ANY_WHOLE: Whole = (None, None)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell in words, and as short as an axis needs it."""

    words: str
    short: str


class Cells:
    """Says the cells of one feature, as a person would: whole numbers where it can hold no others."""

    def __init__(self, contract: Contract, feature: Feature) -> None:
        source = contract.source(feature.source)
        self._say = sayer(feature, source)
        self._yes_or_no = (self._say(0.0), self._say(1.0)) == ("no", "yes")
        self._named = bool(feature.labels)
        self._whole = _whole(source, feature)

    def of(self, edges: tuple[float, ...]) -> list[Cell]:
        """Return the cells between these edges, but for *not known*."""
        if not edges:
            return [Cell("any value", "any")]
        return [self._cell(low, high) for low, high in zip((None, *edges), (*edges, None), strict=True)]

    def value(self, number: float) -> str:
        """Return a value of the feature: its own words where it has such, or the number."""
        if self._yes_or_no and number in YES_OR_NO:
            return self._say(number)
        return f"{bound(number)} ({self._say(number)})" if self._named else bound(number)

    def _cell(self, low: float | None, high: float | None) -> Cell:
        if self._whole is not None:
            first = _inside(None if low is None else math.floor(low) + 1, self._whole[0], max)
            last = _inside(None if high is None else math.floor(high), self._whole[1], min)
            if first is None or last is None or first <= last:
                return self._span(first, last)
        return _measured(low, high)

    def _span(self, first: int | None, last: int | None) -> Cell:
        if first is not None and first == last:
            return Cell(self.value(first), self.value(first) if self._yes_or_no else bound(first))
        if last is not None:
            start = "up" if first is None else self.value(first)
            return Cell(
                f"{start} to {self.value(last)}", f"{'≤' if first is None else f'{bound(first)}–'}{bound(last)}"
            )
        return Cell("any value", "any") if first is None else Cell(f"{self.value(first)} or more", f"{bound(first)}+")


def _inside(end: int | None, limit: int | None, inner: Callable[[int, int], int]) -> int | None:
    """Return the end of a cell, no further out than what the feature can be."""
    if end is None or limit is None:
        return limit if end is None else end
    return inner(end, limit)


def _measured(low: float | None, high: float | None) -> Cell:
    below, above = (None if edge is None else bound(edge) for edge in (high, low))
    if above is None:
        return Cell(f"up to {below}", f"≤{below}")
    if below is None:
        return Cell(f"over {above}", f">{above}")
    return Cell(f"over {above}, up to {below}", f"{above}–{below}")


def _whole(source: Source, feature: Feature) -> Whole | None:
    """Return the whole numbers that a feature can be; None where it can be others."""
    match feature.take:
        case "any":
            return YES_OR_NO
        case "count" | "days_since" | "distinct":
            return COUNTED
        case "mean":
            return None
    declared = source.column(feature.column or "")
    held = _held(declared) if declared is not None else _derived(source, feature.column)
    if held is None or feature.take != "sum":
        return held
    return COUNTED if held[0] is not None and held[0] >= 0 else ANY_WHOLE


def _held(column: Column) -> Whole | None:
    if column.type == "number":
        return None
    return column.bounds if column.type == "flag" or column.range is not None else ANY_WHOLE


def _derived(source: Source, name: str | None) -> Whole | None:
    derived = next(one for one in source.derived if one.name == name)
    match derived:
        case Below():
            return YES_OR_NO
        case CountBelow(cuts=cuts):
            return 0, len(cuts)
        case CountEqual():
            return 0, len(source.inputs(derived))
        case Difference():
            return None if any(column.type == "number" for column in source.inputs(derived)) else ANY_WHOLE
        case _:
            return ANY_WHOLE
