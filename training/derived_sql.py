"""SQL of row-level derived columns; must agree with `models.derived` to the bit."""

from collections.abc import Iterable, Mapping

from models.derivation import Below, CountBelow, CountEqual, DaysBetween, Derived, Difference
from models.derived import exact_cuts, exact_values
from models.source import Source
from training.extract_sql import literal, quoted


def derived_column(source: Source, derived: Derived) -> str:
    """Return the SQL of a derived column over the columns of the source's events."""
    inputs = source.inputs(derived)
    match derived:
        case Below(column=name, cut=cut):
            return f"CAST({quoted(name)} < {inputs[0].grid.units(cut)} AS BIGINT)"
        case CountBelow(by=by, cuts=cuts):
            judged = [_below_own_cut(source, by, name, at) for name, at in cuts.items()]
            unknown = " AND ".join(f"{one} IS NULL" for one in judged)
            counted = " + ".join(f"coalesce({one}, 0)" for one in judged)
            return f"CASE WHEN {unknown} THEN NULL ELSE CAST({counted} AS BIGINT) END"
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


def _below_own_cut(source: Source, by: str, name: str, at: Mapping[str, int | float]) -> str:
    whens = " ".join(
        f"WHEN {literal(code)} THEN CAST({quoted(name)} < {cut} AS BIGINT)"
        for code, cut in exact_cuts(source, name, at).items()
    )
    return f"CASE {quoted(by)} {whens} END"


def sql_constants(values: Iterable[int | str]) -> str:
    """Return exact values as a comma-separated SQL list, in one fixed order."""
    ordered = sorted(values, key=lambda value: (isinstance(value, str), value))
    return ", ".join(literal(value) if isinstance(value, str) else str(value) for value in ordered)
