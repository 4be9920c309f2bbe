"""A study changed in one thing that is known of the children: without some features, or with an attribute's groups as features."""

import dataclasses
from collections.abc import Collection, Iterator

import numpy as np
from numpy.typing import NDArray

from models.contract import Contract
from models.feature import TAKES_ROWS, AuditAttribute, Feature
from models.source import Source
from training.judging import HeldOut, NoSignal, judge_by_folds, judge_by_time
from training.learning import CandidateName, Task
from training.plan import Plan
from training.study import Study


def without_features(study: Study, names: Collection[str]) -> Study:
    """Return the study as it would be had the features of these names never been asked."""
    kept = [place for place, feature in enumerate(study.task.features) if feature.name not in names]
    features = tuple(study.task.features[place] for place in kept)
    return _changed(study, features, study.rows.x[:, kept])


def with_groups(study: Study, attribute: AuditAttribute, groups: NDArray[np.str_]) -> Study:
    """Return the study with a feature of 0 or 1 for each group but the largest; `groups` are (children of the cohort,)."""
    of = groups[study.known]
    names, counts = np.unique(of, return_counts=True)
    added = np.delete(names, int(counts.argmax())).tolist() if len(names) else []
    features = [_is_in(attribute, place, group) for place, group in enumerate(added)]
    columns = [(of == group).astype(np.float64) for group in added]
    return _changed(study, (*study.task.features, *features), np.column_stack([study.rows.x, *columns]))


def _changed(study: Study, features: tuple[Feature, ...], x: NDArray[np.float64]) -> Study:
    task = Task(study.task.landmark, study.task.outcome, features)
    return dataclasses.replace(study, task=task, rows=dataclasses.replace(study.rows, x=np.ascontiguousarray(x)))


def _is_in(attribute: AuditAttribute, place: int, group: str) -> Feature:
    """Return a feature that stands for being in a group: it lives in an experiment, and no bundle ever holds it."""
    words = f"{attribute.label}: {group}"
    return Feature(
        name=f"audited_{place}",
        label=words,
        source=attribute.source,
        take="any",
        raises=words,
        lowers=f"{words}: no",
        not_known=f"{words}: not known",
        correctable=False,
    )


def resting_on(contract: Contract, attribute: AuditAttribute, features: Collection[Feature]) -> tuple[str, ...]:
    """
    Return the names of the features that rest on what the attribute audits, through derived columns too.

    Where having no row is itself a group (not looked after), they are all that ask how many rows there are, or when.
    """
    source = contract.source(attribute.source)
    audited = set(_behind(source, attribute.column))
    return tuple(
        feature.name
        for feature in features
        if feature.source == source.name
        and (
            audited & {column for asked in _columns(feature) for column in _behind(source, asked)}
            or (attribute.absent is not None and feature.take in TAKES_ROWS)
        )
    )


def _columns(feature: Feature) -> Iterator[str]:
    if feature.column is not None:
        yield feature.column
    yield from (condition.column for condition in feature.where)


def _behind(source: Source, name: str) -> Iterator[str]:
    """Yield a column of the extract, or those that a derived column is made of."""
    derived = next((d for d in source.derived if d.name == name), None)
    yield from (column.name for column in source.inputs(derived)) if derived is not None else (name,)


def relearned(candidate: CandidateName, study: Study, plan: Plan) -> HeldOut | None:
    """
    Judge a candidate by a study's own split, of folds the first repeat alone; None where there is nothing to learn.

    `study` is changed or not: the folds and the children held out are the same.
    """
    if not study.task.features:
        return None
    try:
        if study.split is None:
            once = plan.model_copy(update={"repeats": 1})
            return judge_by_folds(candidate, study.task, study.rows, once).held_out
        return judge_by_time(candidate, study.task, study.rows, study.split, plan).held_out
    except NoSignal:
        return None


def first_repeat(held_out: HeldOut) -> HeldOut:
    """Return what `relearned` is to be set beside."""
    return HeldOut(held_out.rows, held_out.log_odds[:1], held_out.folds[:1])
