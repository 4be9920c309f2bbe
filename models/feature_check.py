"""Whether a feature can be asked: its source and columns are there and may be, and its conditions leave something open."""

from collections.abc import Iterator

from models.contract import Contract
from models.errors import Problem
from models.feature import OPERATORS, Condition, Feature
from models.features import step_of
from models.source import EVENT_COLUMNS, Source
from models.source_check import can_hold, find_source, on_step

_ORDER_OPERATORS = frozenset(OPERATORS) - {"is", "is_not", "in", "recorded"}


def feature_problems(contract: Contract, feature: Feature) -> Iterator[Problem]:
    """Yield all that does not fit in one feature."""
    place = f'feature "{feature.name}"'
    if feature.name == "child":
        yield Problem(place, "this name is kept for the child's key in a matrix", "Choose another name.")
    yield from unknown_landmarks(contract, feature.landmarks, place)
    source = find_source(contract, feature.source)
    if source is None:
        yield Problem(place, f'there is no source "{feature.source}"', "Name a declared source.")
        return
    if source.columns and all(column.characteristic for column in source.columns):
        yield Problem(place, "the rows of its source are a protected characteristic", "Ask another source.")
    if feature.column is not None:
        yield from _asked_column(source, feature.column, place, needs_number=feature.take != "distinct")
    for condition in feature.where:
        yield from _condition(source, condition, f"{place} › where {condition.column}")
    for landmark in contract.landmarks:
        if feature.used_at(landmark):
            low, high = feature.window(landmark.age)
            if low > high:
                yield Problem(
                    place,
                    f'its conditions leave no age open at landmark "{landmark.name}"',
                    "Widen them, or list the landmarks it is for.",
                )


def unknown_landmarks(contract: Contract, names: tuple[str, ...] | None, place: str) -> Iterator[Problem]:
    """Yield a problem for each of these landmarks that is not declared."""
    known = {landmark.name for landmark in contract.landmarks}
    for name in names or ():
        if name not in known:
            yield Problem(f"{place} › landmarks", f'there is no landmark "{name}"', "Name a declared landmark.")


def condition_problems(source: Source, condition: Condition, place: str) -> Iterator[Problem]:
    """Yield what a condition names and compares with that its source has not; whether it may be asked is not told here."""
    ordered = condition.operator in _ORDER_OPERATORS
    yield from _there(source, condition.column, place, needs_number=ordered)
    yield from _compared(source, condition, place)


def _asked_column(source: Source, name: str, place: str, *, needs_number: bool) -> Iterator[Problem]:
    """Check that a feature may ask this column: it exists, it is a number where one is needed, and it may be used."""
    yield from _there(source, name, place, needs_number=needs_number)
    derived = next((d for d in source.derived if d.name == name), None)
    for behind in source.inputs(derived) if derived is not None else (source.column(name),):
        if behind is not None and "feature" not in behind.roles:
            why = behind.characteristic or behind.proxy or f"its role is {', '.join(behind.roles)}"
            yield Problem(place, f'column "{behind.name}" may not be a feature: {why}', "Ask another column.")


def _there(source: Source, name: str, place: str, *, needs_number: bool) -> Iterator[Problem]:
    column = source.column(name)
    if column is None and name not in {*EVENT_COLUMNS, *(derived.name for derived in source.derived)}:
        yield Problem(place, f'source "{source.name}" has no column "{name}"', "Name a declared column.")
    elif needs_number and column is not None and not column.numeric:
        yield Problem(place, f'column "{name}" holds codes', 'Count them ("count", "any", "distinct") with a where.')


def _condition(source: Source, condition: Condition, place: str) -> Iterator[Problem]:
    yield from _asked_column(source, condition.column, place, needs_number=condition.operator in _ORDER_OPERATORS)
    yield from _compared(source, condition, place)


def _compared(source: Source, condition: Condition, place: str) -> Iterator[Problem]:
    column = source.column(condition.column)
    if condition.operator == "recorded":
        return
    for value in condition.constants:
        held = can_hold(column, value) if column is not None else on_step(step_of(source, condition.column), value)
        if not held:
            yield Problem(place, "it compares with a value the column cannot hold", "Use a declared code or its step.")
