"""Row-level derived columns, computed for one event: the specification that `training.derived_sql` must agree with."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import ceil

from models.derivation import Below, CountBelow, CountEqual, DaysBetween, Derived, Difference
from models.record import Exact
from models.source import Column, Source

Values = Mapping[str, Exact]
Deriver = Callable[[Values], Exact]


def deriver(source: Source, derived: Derived) -> Deriver:
    """Return the function from an event's values to the derived column's exact value."""
    inputs = source.inputs(derived)
    match derived:
        case Below(column=name, cut=cut):
            return _below(name, inputs[0].grid.units(cut))
        case CountBelow(by=by, cuts=cuts):
            return _count_below(by, [(name, exact_cuts(source, name, at)) for name, at in cuts.items()])
        case CountEqual(values=values):
            return _count_equal([(c.name, exact_values(c, values)) for c in inputs])
        case Difference(column=first, minus=second):
            return _difference(first, second)
        case DaysBetween(start=start, end=end):
            return _difference(end, start)


def exact_values(column: Column, values: tuple[int | float | str, ...]) -> frozenset[int | str]:
    """Return constants of the contract as the exact values that column holds."""
    return frozenset(value if isinstance(value, str) else column.grid.units(value) for value in values)


def exact_cuts(source: Source, name: str, at: Mapping[str, int | float]) -> dict[str, int]:
    """
    Return the cut-offs of a column as counts of its step, rounded up: below one is below the other.

    One beyond what a column can hold is held just beyond it, where every engine can compare with it.
    """
    column = source.column(name)
    if column is None:
        raise AssertionError(name)
    step = Fraction(column.grid.numerator, column.grid.denominator)
    limit = column.grid.max_units + 1
    return {code: max(-limit, min(limit, ceil(Fraction(str(cut)) / step))) for code, cut in at.items()}


def _below(name: str, cut: int) -> Deriver:
    def value(values: Values) -> Exact:
        given = values.get(name)
        return None if given is None else int(given < cut)  # type: ignore[operator]

    return value


def _count_below(by: str, cuts: list[tuple[str, dict[str, int]]]) -> Deriver:
    def value(values: Values) -> Exact:
        code = values.get(by)
        judged = [
            given < at[code]  # type: ignore[operator]
            for name, at in cuts
            if (given := values.get(name)) is not None and code in at
        ]
        return sum(judged) if judged else None

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
