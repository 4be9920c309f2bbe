"""
Features: named questions asked of a snapshot, answered with a number or *not known* (NaN).

This is the specification. `training.features_sql` asks the same questions of millions of children in SQL and must give
the same answers to the bit: sums are of exact integers, a mean is one division, ties follow the contract.
"""

import math
from collections.abc import Callable, Collection, Mapping, Sequence

from models.contract import Contract
from models.derivation import Below, CountBelow, DaysBetween, Derived, Difference
from models.derived import Deriver, deriver, exact_values
from models.exact import Step
from models.feature import TAKES_ZERO, Condition, Feature, Landmark
from models.record import Event, Exact
from models.snapshot import Snapshot
from models.source import Source

NOT_KNOWN = math.nan

# An event with its derived columns filled in: (age in days it happened, exact values by column).
Row = tuple[int, dict[str, Exact]]
Rows = Mapping[str, list[Row]]
Getter = Callable[[Row], Exact]
Test = Callable[[Row], bool]


class FeatureSet:
    """The questions of one landmark, ready to be asked of snapshots taken there."""

    def __init__(self, contract: Contract, landmark: Landmark) -> None:
        self.features = contract.features_at(landmark)
        self.names = tuple(feature.name for feature in self.features)
        sources = {name: contract.source(name) for name in {feature.source for feature in self.features}}
        self._derivers = {name: _derivers(source, self.features) for name, source in sources.items()}
        self._dates = {name: [c.name for c in source.columns if c.type == "date"] for name, source in sources.items()}
        self._questions = [_Question(feature, sources[feature.source], landmark.age) for feature in self.features]

    def row(self, snapshot: Snapshot) -> list[float]:
        """Return the matrix row of that snapshot: one number or NaN per feature, in the contract's order."""
        return self.answers(snapshot, self.rows(snapshot))

    def rows(self, snapshot: Snapshot) -> Rows:
        """Return each source's events with their derived columns, which both `answers` and `as_of` rest on."""
        return {
            name: [
                (e.happened, _filled(_as_known(e, self._dates[name], snapshot.age), derivers))
                for e in snapshot.events.get(name, ())
            ]
            for name, derivers in self._derivers.items()
        }

    def answers(self, snapshot: Snapshot, rows: Rows) -> list[float]:
        """Return the matrix row, given the rows of that snapshot."""
        return [question.answer(rows[question.source], snapshot) for question in self._questions]

    def as_of(self, snapshot: Snapshot, rows: Rows, names: Collection[str]) -> dict[str, int]:
        """
        Return the age in days of the latest event that the answer to each of these features rests on.

        An answer that rests on proven absence is as of the landmark; one that is not known is as of no day, and left out.
        """
        asked = [(name, q) for name, q in zip(self.names, self._questions, strict=True) if name in names]
        days = ((name, question.day(rows[question.source], snapshot)) for name, question in asked)
        return {name: day for name, day in days if day is not None}


def _as_known(event: Event, dates: list[str], age: int) -> dict[str, Exact]:
    """Return an event's values without the dates that still lay ahead: an extract made later holds them already."""
    values = dict(event.values)
    for name in dates:
        if (day := values.get(name)) is not None and day > age:  # type: ignore[operator]
            values[name] = None
    return values


def _filled(values: dict[str, Exact], derivers: list[tuple[str, Deriver]]) -> dict[str, Exact]:
    """Return the values with the derived columns added; derived columns are made of an extract's own only."""
    return values | {name: derive(values) for name, derive in derivers}


def _derivers(source: Source, features: Sequence[Feature]) -> list[tuple[str, Deriver]]:
    asked = {f.column for f in features if f.source == source.name}
    asked |= {c.column for f in features if f.source == source.name for c in f.where}
    return [(d.name, deriver(source, d)) for d in source.derived if d.name in asked]


class _Question:
    def __init__(self, feature: Feature, source: Source, age: int) -> None:
        self.source = source.name
        self._window = feature.window(age)
        self._tests = [_test(source, condition, age) for condition in feature.where]
        self._take = feature.take
        self._zero = feature.take in TAKES_ZERO and source.coverage is not None
        self._age = age
        self._get = _getter(feature.column, age) if feature.column is not None else _happened
        self._step = step_of(source, feature.column) if feature.column is not None else Step(1, 1)
        self._tie = tie_of(source, feature.column) if feature.column is not None else "not_known"

    def answer(self, rows: list[Row], snapshot: Snapshot) -> float:
        matching = self._matching(rows)
        if len(matching) == 1:
            return self._of_one(matching[0])
        if not matching:
            return 0.0 if self._zero and snapshot.covers(self.source, *self._window) else NOT_KNOWN
        match self._take:
            case "count":
                return float(len(matching))
            case "any":
                return 1.0
            case "days_since":
                return float(self._age - max(happened for happened, _ in matching))
            case _:
                return self._of_values(matching)

    def _of_one(self, row: Row) -> float:
        """Answer of one event: whatever is taken of one number is that number."""
        if self._take in {"count", "any"}:
            return 1.0
        if self._take == "days_since":
            return float(self._age - row[0])
        value = self._get(row)
        if value is None:
            return NOT_KNOWN
        return 1.0 if self._take == "distinct" else self._step.value(value)  # type: ignore[arg-type]

    def _matching(self, rows: list[Row]) -> list[Row]:
        for test in self._tests:
            rows = [row for row in rows if test(row)]
        return rows

    def day(self, rows: list[Row], snapshot: Snapshot) -> int | None:
        """Return the age of the latest event its answer rests on; None where it has none."""
        matching = self._matching(rows)
        if not matching:
            return self._age if self._zero and snapshot.covers(self.source, *self._window) else None
        days = [row[0] for row in matching if self._get(row) is not None]
        return (min if self._take == "first" else max)(days, default=None)

    def _of_values(self, matching: list[Row]) -> float:
        get = self._get
        known = [(row[0], value) for row in matching if (value := get(row)) is not None]
        if not known:
            return NOT_KNOWN
        if self._take == "distinct":
            return float(len({value for _, value in known}))
        return self._of_numbers(known)  # type: ignore[arg-type]

    def _of_numbers(self, known: list[tuple[int, int]]) -> float:
        units = [value for _, value in known]
        match self._take:
            case "sum":
                return self._step.value(sum(units))
            case "mean":
                return self._step.mean(sum(units), len(units))
            case "min":
                return self._step.value(min(units))
            case "max":
                return self._step.value(max(units))
            case _:
                return self._of_one_day(known)

    def _of_one_day(self, known: list[tuple[int, int]]) -> float:
        day = (max if self._take == "latest" else min)(happened for happened, _ in known)
        units = [value for happened, value in known if happened == day]
        low, high = min(units), max(units)
        if low != high and self._tie == "not_known":
            return NOT_KNOWN
        return self._step.value(low if self._tie == "min" else high)


def _happened(row: Row) -> Exact:
    return row[0]


def _getter(name: str, age: int) -> Getter:
    if name == "age":
        return _happened
    if name == "days_before":
        return lambda row: age - row[0]
    return lambda row: row[1].get(name)


def step_of(source: Source, name: str) -> Step:
    """Return the step of a column, derived ones and the event's own ages included."""
    column = source.column(name)
    if column is not None:
        return column.grid
    derived = next((d for d in source.derived if d.name == name), None)
    return source.inputs(derived)[0].grid if isinstance(derived, Difference | DaysBetween) else Step(1, 1)


_TURNED = {"min": "max", "max": "min", "not_known": "not_known"}


def tie_of(source: Source, name: str) -> str:
    """
    Return the tie rule of a column; a derived column has that of its inputs, if they agree on one.

    Being below a cut-off is turned round: where the lowest total of a day holds, so does the most that is below.
    """
    column = source.column(name)
    if column is not None:
        return column.tie
    derived: Derived | None = next((d for d in source.derived if d.name == name), None)
    inputs = source.inputs(derived) if derived is not None else ()
    # What a cut-off goes by is no value that could tie.
    by = derived.by if isinstance(derived, CountBelow) else None
    rules = {c.tie for c in inputs if c.name != by}
    if len(rules) != 1:
        return "not_known"
    rule = rules.pop()
    return _TURNED[rule] if isinstance(derived, Below | CountBelow) else rule


def _test(source: Source, condition: Condition, age: int) -> Test:
    get = _getter(condition.column, age)
    if condition.operator == "recorded":
        wanted = bool(condition.constants[0])
        return lambda row: (get(row) is not None) is wanted
    constants = condition_constants(source, condition)
    return _comparison(condition.operator, get, constants)


def condition_constants(source: Source, condition: Condition) -> tuple[int | str, ...]:
    """Return what a condition compares with, as exact values of its column, in the contract's order."""
    column = source.column(condition.column)
    if column is not None:
        return tuple(next(iter(exact_values(column, (value,)))) for value in condition.constants)
    step = step_of(source, condition.column)
    return tuple(value if isinstance(value, str) else step.units(value) for value in condition.constants)


def _comparison(operator: str, get: Getter, constants: tuple[int | str, ...]) -> Test:
    among, first = frozenset(constants), constants[0]
    match operator:
        case "is" | "in":
            return lambda row: get(row) in among
        case "is_not":
            return lambda row: (value := get(row)) is not None and value != first
        case "at_least":
            return lambda row: (value := get(row)) is not None and value >= first  # type: ignore[operator]
        case "at_most":
            return lambda row: (value := get(row)) is not None and value <= first  # type: ignore[operator]
        case "above":
            return lambda row: (value := get(row)) is not None and value > first  # type: ignore[operator]
        case "below":
            return lambda row: (value := get(row)) is not None and value < first  # type: ignore[operator]
    raise AssertionError(operator)
