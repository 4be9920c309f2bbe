"""Whether what a contract says of one source fits together: its columns, what is derived from them, dates, and coverage."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from models.contract import Contract
from models.declared import Number
from models.derivation import Below, CountBelow, CountEqual, DaysBetween, Derived, Difference
from models.errors import Problem
from models.exact import NotExactError, Step
from models.feature import Value
from models.source import RESERVED_NAMES, Column, Source, Timing


def find_source(contract: Contract, name: str) -> Source | None:
    """Return the source of that name, if one is declared."""
    return next((source for source in contract.sources if source.name == name), None)


def twice(part: str, names: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem for each name that is declared more than once."""
    for name, count in Counter(names).items():
        if count > 1:
            yield Problem(f'{part} "{name}"', f"declared {count} times", "Give each its own name.")


def source_problems(contract: Contract, source: Source) -> Iterator[Problem]:
    """Yield all that does not fit in one source."""
    place = f'source "{source.name}"'
    names = [column.name for column in source.columns] + [derived.name for derived in source.derived]
    yield from twice(f"{place} › column", names)
    for name in RESERVED_NAMES & set(names):
        yield Problem(f'{place} › column "{name}"', "this name is kept for the event itself", "Choose another name.")
    for derived in source.derived:
        yield from _derived(source, derived, f'{place} › derived "{derived.name}"')
    dated = [c.name for c in source.columns if c.type == "date"] + _dated(source.happened) + _dated(source.known)
    feed = source.coverage is not None and source.coverage.feed is not None
    if contract.birth is None and (dated or feed):
        yield Problem(place, "has dates, but no date of birth is declared", "Add [birth] with its source and column.")
    if source.coverage is not None and source.coverage.residence is not None:
        yield from _residence(contract, source.coverage.residence.source, source.coverage.residence.until, place)


def _dated(timing: Timing) -> list[str]:
    return [timing.date] if timing.date is not None else []


def _residence(contract: Contract, name: str, until: str, place: str) -> Iterator[Problem]:
    where = f"{place} › coverage › residence"
    spells = find_source(contract, name)
    if spells is None:
        yield Problem(where, f'there is no source "{name}"', "Name the source that holds the spells of residence.")
    elif (column := spells.column(until)) is None or not column.numeric:
        yield Problem(where, f'source "{name}" has no date or age column "{until}"', "Name the column a spell ends in.")


def _derived(source: Source, derived: Derived, place: str) -> Iterator[Problem]:
    inputs = source.inputs(derived)
    match derived:
        case CountEqual(columns=patterns, values=values):
            yield from (
                Problem(place, f'no column matches "{pattern}"', "Correct the name or the pattern.")
                for pattern in patterns
                if not source.matching((pattern,))
            )
            yield from (
                Problem(place, f"its value {n + 1} is not one that column {column.name} can hold", "Correct it.")
                for column in inputs
                for n, value in enumerate(values)
                if not can_hold(column, value)
            )
        case Below(column=name, cut=cut):
            yield from _inputs(place, inputs, (name,), numeric=True)
            if inputs and inputs[0].numeric and not can_hold(inputs[0], cut):
                yield Problem(place, "its cut is not on the step of the column", "Use a cut on the step.")
        case CountBelow(by=by, cuts=cuts):
            given = tuple(column for name in cuts if (column := source.column(name)) is not None)
            yield from _inputs(place, given, tuple(cuts), numeric=True)
            yield from _cut_by(source, by, cuts, place)
        case Difference(column=first, minus=second):
            yield from _inputs(place, inputs, (first, second), numeric=True)
            if len({column.step for column in inputs}) > 1:
                yield Problem(place, "its two columns have different steps", "Declare them with one step.")
        case DaysBetween(start=first, end=second):
            yield from _inputs(place, inputs, (first, second), numeric=True)
            if any(column.type != "date" for column in inputs):
                yield Problem(place, "days between needs two date columns", 'Use kind "difference" for numbers.')


def _cut_by(source: Source, by: str, cuts: Mapping[str, Mapping[str, Number]], place: str) -> Iterator[Problem]:
    column = source.column(by)
    if column is None or column.type != "code":
        yield Problem(f"{place} › by", f'its source has no code column "{by}"', "Name the column the cut-offs go by.")
        return
    for name, at in cuts.items():
        for code in sorted(at.keys() - set(column.code_map.values())):
            yield Problem(f"{place} › cuts › {name}", f'column "{by}" has no code "{code}"', "Name a declared code.")


def _inputs(place: str, inputs: tuple[Column, ...], wanted: tuple[str, ...], *, numeric: bool) -> Iterator[Problem]:
    found = {column.name for column in inputs}
    for name in wanted:
        if name not in found:
            yield Problem(place, f'its source has no column "{name}"', "Correct the name.")
    for column in inputs:
        if numeric and not column.numeric:
            yield Problem(place, f'column "{column.name}" holds codes, not numbers', "Name a number or a date.")


def can_hold(column: Column, value: Value) -> bool:
    """Whether a column can hold a value: a declared code, or a number on its step."""
    if isinstance(value, str) or not column.numeric:
        return value in column.code_map.values()
    return on_step(column.grid, value)


def on_step(step: Step, value: Value) -> bool:
    """Whether a value is a whole count of a step."""
    if isinstance(value, str):
        return False
    try:
        step.units(value)
    except NotExactError:
        return False
    return True
