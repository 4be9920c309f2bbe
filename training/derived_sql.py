"""SQL of row-level derived columns; must agree with `models.derived` to the bit."""

from collections.abc import Iterable

from models.derived import exact_values
from models.source import Below, CountEqual, DaysBetween, Derived, Difference, Source
from training.extract_sql import literal, quoted


def derived_column(source: Source, derived: Derived) -> str:
    """Return the SQL of a derived column over the columns of the source's events."""
    inputs = source.inputs(derived)
    match derived:
        case Below(column=name, cut=cut):
            return f"CAST({quoted(name)} < {inputs[0].grid.units(cut)} AS BIGINT)"
        case CountEqual(values=values):
            counted = " + ".join(
                f"CAST({quoted(c.name)} IS NOT DISTINCT FROM {sql_constants([value])} AS SMALLINT)"
                for c in inputs
                for value in exact_values(c, values)
            )
            unknown = " AND ".join(f"{quoted(c.name)} IS NULL" for c in inputs)
            return f"CASE WHEN {unknown} THEN NULL ELSE CAST({counted} AS BIGINT) END"
        case Difference(column=first, minus=second):
            return f"(CAST({quoted(first)} AS BIGINT) - {quoted(second)})"
        case DaysBetween(start=start, end=end):
            return f"(CAST({quoted(end)} AS BIGINT) - {quoted(start)})"


def sql_constants(values: Iterable[int | str]) -> str:
    """Return exact values as a comma-separated SQL list, in one fixed order."""
    ordered = sorted(values, key=lambda value: (isinstance(value, str), value))
    return ", ".join(literal(value) if isinstance(value, str) else str(value) for value in ordered)
