"""Whether the parts of a contract fit together: names that lead nowhere, leaks by declaration, windows that overlap."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from models.contract import Contract
from models.declared import Number
from models.derivation import Below, CountBelow, CountEqual, DaysBetween, Derived, Difference
from models.errors import Problem
from models.exact import NotExactError, Step
from models.feature import OPERATORS, Condition, Feature, Outcome, Pointer, Rule, Value
from models.features import step_of
from models.source import EVENT_COLUMNS, RESERVED_NAMES, Column, Source, Timing

_ORDER_OPERATORS = frozenset(OPERATORS) - {"is", "is_not", "in", "recorded"}


def problems_between(contract: Contract) -> list[Problem]:
    """Return everything that does not fit."""
    return list(_all(contract))


def _all(contract: Contract) -> Iterator[Problem]:
    yield from _names(contract)
    for source in contract.sources:
        yield from _source(contract, source)
    yield from _landmarks(contract)
    for feature in contract.features:
        yield from _feature(contract, feature)
    for outcome in contract.outcomes:
        yield from _outcome(contract, outcome)
    for rule in contract.rules:
        yield from _rule(contract, rule)
    yield from _audit(contract)
    yield from _rest(contract)


def _names(contract: Contract) -> Iterator[Problem]:
    parts = {
        "source": contract.sources,
        "landmark": contract.landmarks,
        "feature": contract.features,
        "outcome": contract.outcomes,
        "rule": contract.rules,
        "audit": contract.audit,
    }
    for part, items in parts.items():
        yield from _twice(part, [item.name for item in items])  # type: ignore[attr-defined]


def _twice(part: str, names: Iterable[str]) -> Iterator[Problem]:
    for name, count in Counter(names).items():
        if count > 1:
            yield Problem(f'{part} "{name}"', f"declared {count} times", "Give each its own name.")


def _source(contract: Contract, source: Source) -> Iterator[Problem]:
    place = f'source "{source.name}"'
    names = [column.name for column in source.columns] + [derived.name for derived in source.derived]
    yield from _twice(f"{place} › column", names)
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
    spells = _find_source(contract, name)
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
                if not _can_hold(column, value)
            )
        case Below(column=name, cut=cut):
            yield from _inputs(place, inputs, (name,), numeric=True)
            if inputs and inputs[0].numeric and not _can_hold(inputs[0], cut):
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


def _can_hold(column: Column, value: Value) -> bool:
    if isinstance(value, str) or not column.numeric:
        return value in column.code_map.values()
    return _on_step(column.grid, value)


def _on_step(step: Step, value: Value) -> bool:
    if isinstance(value, str):
        return False
    try:
        step.units(value)
    except NotExactError:
        return False
    return True


def _landmarks(contract: Contract) -> Iterator[Problem]:
    ordered = sorted(contract.landmarks, key=lambda landmark: landmark.age)
    if list(contract.landmarks) != ordered:
        yield Problem("landmark", "not in the order of age", "Put the youngest first.")
    for earlier, later in pairwise(ordered):
        if earlier.until > later.age:
            place = f'landmark "{earlier.name}"'
            yield Problem(
                place, f'its window runs into that of "{later.name}"', f"End it at {later.age} days or before."
            )
    for landmark in contract.landmarks:
        for part, found in (("feature", contract.features_at(landmark)), ("outcome", contract.outcomes_at(landmark))):
            if not found:
                yield Problem(
                    f'landmark "{landmark.name}"', f"no {part} is declared for it", "Add one, or take it out."
                )


def _feature(contract: Contract, feature: Feature) -> Iterator[Problem]:
    place = f'feature "{feature.name}"'
    if feature.name == "child":
        yield Problem(place, "this name is kept for the child's key in a matrix", "Choose another name.")
    yield from _unknown_landmarks(contract, feature.landmarks, place)
    source = _find_source(contract, feature.source)
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


def _unknown_landmarks(contract: Contract, names: tuple[str, ...] | None, place: str) -> Iterator[Problem]:
    known = {landmark.name for landmark in contract.landmarks}
    for name in names or ():
        if name not in known:
            yield Problem(f"{place} › landmarks", f'there is no landmark "{name}"', "Name a declared landmark.")


def _asked_column(source: Source, name: str, place: str, *, needs_number: bool) -> Iterator[Problem]:
    """Check that a feature may ask this column: it exists, it is a number where one is needed, and it may be used."""
    derived = next((d for d in source.derived if d.name == name), None)
    column = source.column(name)
    if name in EVENT_COLUMNS:
        return
    if column is None and derived is None:
        yield Problem(place, f'source "{source.name}" has no column "{name}"', "Name a declared column.")
        return
    if needs_number and column is not None and not column.numeric:
        yield Problem(place, f'column "{name}" holds codes', 'Count them ("count", "any", "distinct") with a where.')
    for behind in source.inputs(derived) if derived is not None else (column,):
        if behind is not None and "feature" not in behind.roles:
            why = behind.characteristic or behind.proxy or f"its role is {', '.join(behind.roles)}"
            yield Problem(place, f'column "{behind.name}" may not be a feature: {why}', "Ask another column.")


def _condition(source: Source, condition: Condition, place: str) -> Iterator[Problem]:
    yield from _asked_column(source, condition.column, place, needs_number=condition.operator in _ORDER_OPERATORS)
    column = source.column(condition.column)
    if condition.operator == "recorded":
        return
    for value in condition.constants:
        held = _can_hold(column, value) if column is not None else _on_step(step_of(source, condition.column), value)
        if not held:
            yield Problem(place, "it compares with a value the column cannot hold", "Use a declared code or its step.")


def _outcome(contract: Contract, outcome: Outcome) -> Iterator[Problem]:
    place = f'outcome "{outcome.name}"'
    yield from _unknown_landmarks(contract, outcome.landmarks, place)
    if _find_source(contract, outcome.source) is None:
        yield Problem(place, f'there is no source "{outcome.source}"', "Name a declared source.")
    if outcome.definition_column is not None and (source := _find_source(contract, outcome.source)) is not None:
        yield from _definition(source, outcome, outcome.definition_column, place)
    if outcome.window[0] > outcome.window[1]:
        yield Problem(f"{place} › window", "it starts after its end", "Swap the two ages.")
    for landmark in contract.landmarks:
        if outcome.used_at(landmark) and outcome.window[0] < landmark.until:
            yield Problem(
                f"{place} › window",
                f'it opens before the window of landmark "{landmark.name}" closes, so the answer may be known already',
                f"Start it at {landmark.until} days or later.",
            )


def _definition(source: Source, outcome: Outcome, name: str, place: str) -> Iterator[Problem]:
    column = source.column(name)
    if column is None or outcome.definition not in column.code_map.values():
        yield Problem(
            f"{place} › definition_column",
            f'its source has no column "{name}" with the code "{outcome.definition}"',
            "Name the column that says by which definition a row was made, and list the definition among its codes.",
        )


def _rule(contract: Contract, rule: Rule) -> Iterator[Problem]:
    place = f'rule "{rule.name}"'
    yield from _unknown_landmarks(contract, rule.landmarks, place)
    feature = next((feature for feature in contract.features if feature.name == rule.feature), None)
    if feature is None:
        yield Problem(place, f'there is no feature "{rule.feature}"', "Name a declared feature.")
        return
    for landmark in contract.landmarks:
        if rule.used_at(landmark) and not feature.used_at(landmark):
            yield Problem(
                place,
                f'its feature is not asked at landmark "{landmark.name}"',
                "List the landmarks the rule is for among those of the feature.",
            )


def _audit(contract: Contract) -> Iterator[Problem]:
    for attribute in contract.audit:
        place = f'audit "{attribute.name}"'
        source = _find_source(contract, attribute.source)
        if source is None:
            yield Problem(place, f'there is no source "{attribute.source}"', "Name a declared source.")
            continue
        derived = next((d for d in source.derived if d.name == attribute.column), None)
        column = source.column(attribute.column)
        behind = source.inputs(derived) if derived is not None else (column,)
        if column is None and derived is None:
            yield Problem(place, f'source "{source.name}" has no column "{attribute.column}"', "Correct the name.")
        yield from (
            Problem(place, f'column "{c.name}" has no role audit', 'Add "audit" to its roles.')
            for c in behind
            if c is not None and "audit" not in c.roles
        )


def _rest(contract: Contract) -> Iterator[Problem]:
    resident = contract.scope.resident
    for name in contract.scope.needs:
        if _find_source(contract, name) is None:
            yield Problem("scope › needs", f'there is no source "{name}"', "Name a declared source.")
    if resident is not None and _find_source(contract, resident.source) is None:
        yield Problem("scope › resident", f'there is no source "{resident.source}"', "Name a declared source.")
    if contract.birth is not None:
        yield from _pointer(contract, contract.birth, "birth", wanted="date")
    if contract.family is not None:
        yield from _pointer(contract, contract.family, "family", wanted=None)
    if contract.cohort is not None and contract.birth is None:
        yield Problem("cohort", "a cohort is a year of birth, but no date of birth is declared", "Add [birth].")
    asked = {feature.source for feature in contract.features} | set(contract.scope.sources)
    used = [source for source in contract.sources if source.name in asked]
    if used and not set.intersection(*(set(source.gateway.purposes) for source in used)):
        yield Problem(
            "source › gateway", "no purpose is allowed by every source a feature is asked of", "Leave one out."
        )


def _pointer(contract: Contract, pointer: Pointer, place: str, wanted: str | None) -> Iterator[Problem]:
    source = _find_source(contract, pointer.source)
    column = source.column(pointer.column) if source is not None else None
    if source is None:
        yield Problem(place, f'there is no source "{pointer.source}"', "Name a declared source.")
    elif column is None:
        yield Problem(place, f'source "{source.name}" has no column "{pointer.column}"', "Correct the name.")
    elif wanted is not None and column.type != wanted:
        yield Problem(place, f'column "{column.name}" is not of type {wanted}', f'Declare it with type = "{wanted}".')
    elif "feature" in column.roles:
        yield Problem(
            place, f'column "{column.name}" may not be a feature', 'Give it the role "identifier" or "cluster".'
        )


def _find_source(contract: Contract, name: str) -> Source | None:
    return next((source for source in contract.sources if source.name == name), None)
