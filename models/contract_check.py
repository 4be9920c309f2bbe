"""Whether the parts of a contract fit together: names that lead nowhere, leaks by declaration, windows that overlap."""

from collections.abc import Iterator
from itertools import pairwise

from models.contract import Contract
from models.errors import Problem
from models.feature import Outcome, Pointer, Rule
from models.feature_check import feature_problems, unknown_landmarks
from models.intervention_check import intervention_problems
from models.source import Source
from models.source_check import find_source, source_problems, twice


def problems_between(contract: Contract) -> list[Problem]:
    """Return everything that does not fit."""
    return list(_all(contract))


def _all(contract: Contract) -> Iterator[Problem]:
    yield from _names(contract)
    for source in contract.sources:
        yield from source_problems(contract, source)
    yield from _landmarks(contract)
    for feature in contract.features:
        yield from feature_problems(contract, feature)
    for outcome in contract.outcomes:
        yield from _outcome(contract, outcome)
    yield from intervention_problems(contract)
    for rule in contract.rules:
        yield from _rule(contract, rule)
    yield from _audit(contract)
    yield from _weights(contract)
    yield from _rest(contract)


def _names(contract: Contract) -> Iterator[Problem]:
    parts = {
        "source": contract.sources,
        "landmark": contract.landmarks,
        "feature": contract.features,
        "outcome": contract.outcomes,
        "intervention": contract.interventions,
        "rule": contract.rules,
        "audit": contract.audit,
    }
    for part, items in parts.items():
        yield from twice(part, [item.name for item in items])  # type: ignore[attr-defined]


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


def _outcome(contract: Contract, outcome: Outcome) -> Iterator[Problem]:
    place = f'outcome "{outcome.name}"'
    yield from unknown_landmarks(contract, outcome.landmarks, place)
    if find_source(contract, outcome.source) is None:
        yield Problem(place, f'there is no source "{outcome.source}"', "Name a declared source.")
    if outcome.definition_column is not None and (source := find_source(contract, outcome.source)) is not None:
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
    yield from unknown_landmarks(contract, rule.landmarks, place)
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
        source = find_source(contract, attribute.source)
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


def _weights(contract: Contract) -> Iterator[Problem]:
    """A child has one sampling weight, which is a number."""
    found = [(source, column) for source in contract.sources for column in source.columns if "weight" in column.roles]
    if len(found) > 1:
        yield Problem("source › column", f"{len(found)} columns have the role weight", "Leave it to one.")
    for source, column in found:
        place = f'source "{source.name}" › column "{column.name}"'
        if column.type not in {"integer", "number"}:
            yield Problem(place, "a sampling weight is a number", 'Declare it with type = "number".')
        if source.rows != "one":
            yield Problem(place, "a child has one sampling weight", 'Put it in a source with rows = "one".')


def _rest(contract: Contract) -> Iterator[Problem]:
    resident = contract.scope.resident
    for name in contract.scope.needs:
        if find_source(contract, name) is None:
            yield Problem("scope › needs", f'there is no source "{name}"', "Name a declared source.")
    if resident is not None and find_source(contract, resident.source) is None:
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
    source = find_source(contract, pointer.source)
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
