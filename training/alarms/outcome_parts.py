"""
`outcome_part_is_feature`: a feature that asks for what the outcome is judged by.

An earlier measurement of the same kind is honest: only what may lie in the outcome's own window, or the very same file read
with other timings, tells of the outcome.
"""

from collections.abc import Iterator

import sqlglot
from sqlglot import exp

from models.contract import Contract
from models.feature import Feature, Landmark, Outcome
from models.source import Source
from training.alarms.alarm import Alarm
from training.rules import rendered, rule_columns

THRESHOLD = "no feature rests on what an outcome is judged by, or on its source in its window"


def outcome_parts(contract: Contract) -> list[Alarm]:
    """Return an alarm for each feature that may hold a part of an outcome, or one that says that there is none."""
    found = [alarm for outcome in contract.outcomes for alarm in _of_outcome(contract, outcome)]
    said = "What outcomes are judged by is asked by no feature, and no feature looks into their windows."
    return found or [Alarm(code="outcome_part_is_feature", rings=False, threshold=THRESHOLD, found=said)]


def _of_outcome(contract: Contract, outcome: Outcome) -> Iterator[Alarm]:
    judged_by = judging_columns(contract.source(outcome.source), outcome)
    for landmark in (each for each in contract.landmarks if outcome.used_at(each)):
        for feature in contract.features_at(landmark):
            shared = judged_by & resting_columns(contract.source(feature.source), feature)
            if (why := _why(contract, landmark, outcome, feature, shared)) is not None:
                yield _alarm(landmark, outcome, feature, why)


def _alarm(landmark: Landmark, outcome: Outcome, feature: Feature, why: str) -> Alarm:
    return Alarm(
        code="outcome_part_is_feature",
        rings=True,
        threshold=THRESHOLD,
        found=f'"{feature.label}" {why}.',
        advice="Leave the feature out, or end its window before the outcome's begins.",
        landmark=landmark.name,
        outcome=outcome.name,
        about=feature.name,
    )


def _why(
    contract: Contract, landmark: Landmark, outcome: Outcome, feature: Feature, shared: frozenset[str]
) -> str | None:
    """Say what is wrong with a feature that rests on these of the outcome's columns; None where nothing is."""
    judged_by, asked_of = contract.source(outcome.source), contract.source(feature.source)
    looks_in = feature.window(landmark.age)[1] >= outcome.window[0]
    if feature.source == outcome.source and looks_in:
        names = f", column {', '.join(sorted(shared))}" if shared else ""
        return f"may see the outcome's own source in the outcome's window{names}"
    same_file = feature.source != outcome.source and asked_of.file == judged_by.file
    if same_file and shared and (looks_in or not _timed_alike(asked_of, judged_by)):
        return f"rests on column {', '.join(sorted(shared))} of the file that the outcome is judged by"
    return None


def _timed_alike(first: Source, second: Source) -> bool:
    return (first.happened, first.known) == (second.happened, second.known)


def judging_columns(source: Source, outcome: Outcome) -> frozenset[str]:
    """Return the columns of the extract that an outcome's rule and validity rest on, through derived columns too."""
    named = {name for rule in (outcome.rule, outcome.valid) if rule is not None for name in columns_of(source, rule)}
    return frozenset(_behind(source, named))


def columns_of(source: Source, rule: str) -> frozenset[str]:
    """Return the columns that a rule of that source names, its derived ones as they stand."""
    parsed = sqlglot.parse_one(rendered(rule, rule_columns(source)), read="duckdb")
    return frozenset(column.name for column in parsed.find_all(exp.Column))


def resting_columns(source: Source, feature: Feature) -> frozenset[str]:
    """Return the columns of the extract that a feature rests on, through derived columns and conditions too."""
    asked = {condition.column for condition in feature.where} | ({feature.column} if feature.column else set())
    return frozenset(_behind(source, asked))


def _behind(source: Source, names: set[str]) -> Iterator[str]:
    yield from (name for name in names if source.column(name) is not None)
    yield from (column.name for each in source.derived if each.name in names for column in source.inputs(each))
