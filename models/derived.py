"""Row-level derived columns, computed for one event: the specification that `training.derived_sql` must agree with."""

from collections.abc import Callable, Mapping

from models.record import Exact
from models.source import Below, Column, CountEqual, DaysBetween, Derived, Difference, Source

Values = Mapping[str, Exact]
Deriver = Callable[[Values], Exact]


def deriver(source: Source, derived: Derived) -> Deriver:
    """Return the function from an event's values to the derived column's exact value."""
    inputs = source.inputs(derived)
    match derived:
        case Below(column=name, cut=cut):
            return _below(name, inputs[0].grid.units(cut))
        case CountEqual(values=values):
            return _count_equal([(c.name, exact_values(c, values)) for c in inputs])
        case Difference(column=first, minus=second):
            return _difference(first, second)
        case DaysBetween(start=start, end=end):
            return _difference(end, start)


def exact_values(column: Column, values: tuple[int | float | str, ...]) -> frozenset[int | str]:
    """Return constants of the contract as the exact values that column holds."""
    return frozenset(value if isinstance(value, str) else column.grid.units(value) for value in values)


def _below(name: str, cut: int) -> Deriver:
    def value(values: Values) -> Exact:
        given = values.get(name)
        return None if given is None else int(given < cut)  # type: ignore[operator]

    return value


def _count_equal(wanted: list[tuple[str, frozenset[int | str]]]) -> Deriver:
    def value(values: Values) -> Exact:
        given = [(v, among) for name, among in wanted if (v := values.get(name)) is not None]
        return sum(v in among for v, among in given) if given else None

    return value


def _difference(first: str, second: str) -> Deriver:
    def value(values: Values) -> Exact:
        a, b = values.get(first), values.get(second)
        return None if a is None or b is None else a - b  # type: ignore[operator]

    return value
