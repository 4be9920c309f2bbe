"""
Whether help that may change an outcome is declared as such, and no feature asks of it in silence.

A feature asks of help where its rows could be rows of the help: same source, and nothing in the conditions of the two keeps
them apart. What cannot be shown to be apart counts as asked.
"""

from collections.abc import Iterator

from models.contract import Contract
from models.errors import Problem
from models.feature import Condition, Feature, Value, open_ages
from models.feature_check import condition_problems
from models.intervention import Intervention
from models.source_check import find_source

_LOWER, _UPPER = frozenset({"at_least", "above"}), frozenset({"at_most", "below"})


def intervention_problems(contract: Contract) -> Iterator[Problem]:
    """Yield all that does not fit in the help a contract declares, or that it should declare."""
    yield from _undeclared(contract)
    for intervention in contract.interventions:
        yield from _intervention(contract, intervention)
        for feature in contract.features:
            if _asks_of(contract, feature, intervention):
                yield Problem(
                    f'feature "{feature.name}"',
                    f'its rows may be those of the help "{intervention.name}", which is never a feature',
                    "Leave them out with a where on a column that the intervention goes by, or take the feature out.",
                )


def _undeclared(contract: Contract) -> Iterator[Problem]:
    declared = {intervention.source for intervention in contract.interventions}
    for source in contract.sources:
        for column in source.columns:
            if "intervention" in column.roles and source.name not in declared:
                yield Problem(
                    f'source "{source.name}" › column "{column.name}"',
                    "no intervention is declared for it",
                    "Declare an [[intervention]] of its source, or give it another role.",
                )


def _intervention(contract: Contract, intervention: Intervention) -> Iterator[Problem]:
    place = f'intervention "{intervention.name}"'
    source = find_source(contract, intervention.source)
    if source is None:
        yield Problem(place, f'there is no source "{intervention.source}"', "Name a declared source.")
        return
    for condition in intervention.where:
        where = f"{place} › where {condition.column}"
        if condition.column == "days_before":
            yield Problem(where, "help is the same at every landmark, and so before none of them", "Use age.")
        else:
            yield from condition_problems(source, condition, where)


def _asks_of(contract: Contract, feature: Feature, intervention: Intervention) -> bool:
    if feature.source != intervention.source:
        return False
    if any(_apart(asked, helped) for asked in feature.where for helped in intervention.where):
        return False
    landmarks = [landmark.age for landmark in contract.landmarks if feature.used_at(landmark)]
    return any(_meet(feature.window(age), open_ages(intervention.where, age)) for age in landmarks)


def _meet(first: tuple[int, int], second: tuple[int, int]) -> bool:
    return max(first[0], second[0]) <= min(first[1], second[1])


def _apart(first: Condition, second: Condition) -> bool:
    """Whether no row can meet both of two conditions."""
    if first.column != second.column:
        return False
    for one, other in ((first, second), (second, first)):
        if one.operator in {"is", "in"}:
            return not any(_meets(value, other) for value in one.constants)
        if one.operator == "recorded":
            # A value that is not known meets no other comparison, and any that is known may.
            return one.constants != (other.constants if other.operator == "recorded" else (True,))
    return any(_above(low, high) for low, high in ((first, second), (second, first)))


def _meets(value: Value, condition: Condition) -> bool:
    bound = condition.constants[0]
    match condition.operator:
        case "is" | "in":
            return value in condition.constants
        case "is_not":
            return value != bound
        case "recorded":
            return bool(bound)
        case _ if isinstance(value, str):
            # Codes have no order; that a condition gives them one is told where it stands.
            return True
        case "at_least" | "above":
            return float(value) > float(bound) or (condition.operator == "at_least" and value == bound)
        case _:
            return float(value) < float(bound) or (condition.operator == "at_most" and value == bound)


def _above(low: Condition, high: Condition) -> bool:
    """Whether the first is a floor that lies above the second, a ceiling."""
    if low.operator not in _LOWER or high.operator not in _UPPER:
        return False
    floor, ceiling = float(low.constants[0]), float(high.constants[0])
    return floor > ceiling or (floor == ceiling and {low.operator, high.operator} != {"at_least", "at_most"})
