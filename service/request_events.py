"""Reads the events and the coverage that a request brings for one source, as the contract times and values them."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from models.record import Event, Exact, Span
from models.source import Column, Source
from service.ages import Ages

Given = Mapping[str, Any]
# A field that is wrong, and the code of the rule it breaks.
Wrong = tuple[str, str]

# The only words of an error that may be told.
CODES = frozenset(
    {
        *("unknown_code", "not_a_number", "off_step", "out_of_range"),  # models.source, models.exact
        *("age_out_of_range", "known_before_happened", "too_many_rows"),  # models.record
        *("not_a_date", "before_birth", "ends_before_it_starts", "subject_is_an_identifier"),
    }
)


class EventReader:
    """Reads the events of one source: `read` the whole event or raise ValueError, `wrong` field by field."""

    def __init__(self, source: Source, columns: frozenset[str]) -> None:
        self._happened, self._known = source.happened.constant, source.known.constant
        self._lag = source.known.lag_days
        used = [column for column in source.columns if column.name in columns]
        self._dates = {column.name: column for column in used if column.type == "date"}
        self._values = {column.name: _reader(column) for column in used if column.type != "date"}

    def read(self, given: Given, ages: Ages) -> Event:
        """Return one event; raises ValueError when any field of it is wrong."""
        happened = self._happened if self._happened is not None else ages.in_range(given["happened"])
        values = {name: read(value) for name, value in given.items() if (read := self._values.get(name)) is not None}
        for name, column in self._dates.items():
            if name in given:
                values[name] = _dated(column, given[name], ages)
        return Event(happened, self._known_at(happened, given, ages), values)

    def _known_at(self, happened: int, given: Given, ages: Ages) -> int:
        if self._lag is not None:
            return happened + self._lag
        return self._known if self._known is not None else ages.in_range(given["known"])

    def wrong(self, given: Given, ages: Ages) -> list[Wrong]:
        """Return every field of an event that is wrong."""
        found = [(name, code) for name in given if (code := code_of(self._field(name, ages), given[name]))]
        code = None if found else code_of(lambda event: self.read(event, ages), given)
        return [("known" if "known" in given else "happened", code)] if code else found

    def _field(self, name: str, ages: Ages) -> Callable[[Any], object]:
        if name in self._dates:
            return lambda value: _dated(self._dates[name], value, ages)
        return self._values.get(name, ages.in_range)


def _reader(column: Column) -> Callable[[Any], Exact]:
    """Return the column's exact reading, with the values read lately kept (1, 1.0 and true apart): it is pure and slow."""
    return lru_cache(maxsize=512, typed=True)(column.read)


def _dated(column: Column, value: int | str | None, ages: Ages) -> Exact:
    return None if value is None or value in column.missing else ages.of(value)


def read_span(given: Given, ages: Ages) -> Span:
    """Return one span of coverage; raises ValueError when any field of it is wrong."""
    start, end = ages.of(given["from"]), ages.of(given["to"])
    if end < start:
        raise ValueError("ends_before_it_starts")
    return Span(start, end, ages.of(given.get("known", given["from"])))


def wrong_in_span(given: Given, ages: Ages) -> list[Wrong]:
    """Return every field of a span that is wrong."""
    found = [(name, code) for name in given if (code := code_of(ages.of, given[name]))]
    code = None if found else code_of(lambda span: read_span(span, ages), given)
    return [("to", code)] if code else found


def code_of(read: Callable[[Any], object], value: object) -> str | None:
    """Return the code with which a reading refuses a value, if it does."""
    try:
        read(value)
    except ValueError as error:
        if str(error) not in CODES:
            raise  # nobody foresaw it, so its words may hold the value
        return str(error)
    return None
