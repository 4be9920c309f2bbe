"""
The children that an authority recalibrates by: those of its latest cohorts with outcomes, in scope.

All of them must be new to the terms. A bundle tells of which cohorts it was learned, and nothing of any child: where it may have
been learned from these cohorts, only whoever asks can know that it was from children elsewhere, and must state it. Where the
counts are those of the extracts it was learned from, give or take 1 %, they are taken for those, and no statement helps.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.contract import Contract
from models.errors import DataError, Problem
from models.feature import Landmark, Outcome
from training.cohort import CohortTable
from training.plan import Plan
from training.recalibration.original import OriginalHead
from training.snapshots import Matrix
from training.study import Study, study_of

_COUNTED = ("on_record", "in_scope", "with_result")
# Counts that differ by no more than this share are of the same children: a later extract has lost and found a few.
_ALIKE = 0.01
_NEWER = "Give extracts with a cohort that is newer: nobody may judge a score that learned from them."
_STATE = "Where the bundle was made of children elsewhere, and of none of these, state it with --elsewhere."


def latest_years(cohort: CohortTable, outcome: str, cohorts: int) -> list[int]:
    """Return the latest cohorts, at most so many, of which some child has the outcome known; none without a calendar."""
    if cohort.years is None:
        return []
    years = np.unique(cohort.years[~np.isnan(cohort.outcomes[outcome]) & (cohort.years >= 0)])
    return [int(year) for year in years[-cohorts:]]


def own_study(
    contract: Contract, landmark: Landmark, outcome: Outcome, cohort: CohortTable, cohorts: int, plan: Plan
) -> Study:
    """
    Return the study of an authority's own children, the others of its cohort left out: everyone, without a calendar.

    There is no split in time: nobody of them was learned from. The cohorts are these, and the plan is to name none.
    """
    own = cohort
    if cohort.years is not None:
        own = _only(cohort, np.isin(cohort.years, latest_years(cohort, outcome.name, cohorts)))
    return dataclasses.replace(study_of(contract, landmark, outcome, own, plan), split=None)


def without_help(study: Study) -> NDArray[np.int64]:
    """Return which of a study's rows had no declared help: an outcome that help changed says nothing of a score."""
    had = [of[study.outcome.name][study.known] for of in study.cohort.helped.values()]
    return np.flatnonzero(~np.any([np.zeros(len(study.known), dtype=np.bool_), *had], axis=0))


def of_rows(study: Study, kept: NDArray[np.int64]) -> Study:
    """Return the study of some of its children with a result; the cohort that they stand in stays whole."""
    years = study.years[kept] if study.years is not None else None
    return dataclasses.replace(study, known=study.known[kept], rows=study.rows.take(kept), years=years)


def refuse_learned_from(original: OriginalHead, own: Mapping[str, Any], years: list[int], *, elsewhere: bool) -> None:
    """
    Raise DataError where the children of the cohorts `years` may be those that a bundle's head was learned from.

    `own` is the beginning of their evaluation, and `elsewhere` the statement that they are other children than those.
    """
    learned_from = original.learned_from
    if learned_from is not None and years and not set(years) & set(learned_from):
        return
    before, place = original.evaluation.get("flow", {}), f"{own['landmark']}, {own['outcome']}"
    if all(_alike(before.get(name), own["flow"][name]) for name in _COUNTED):
        what, remedy = "by every count these are the extracts that the bundle was made of", _NEWER
    elif not elsewhere:
        what, remedy = _overlap(learned_from, years), f"{_NEWER} {_STATE}"
    else:
        return
    raise DataError(
        "the children are not new to the score, or nothing tells that they are", (Problem(place, what, remedy),)
    )


def _alike(before: int | None, own: int | None) -> bool:
    """Whether two counts are much the same; so are two of which neither is told."""
    if before is None or own is None:
        return before is own
    return abs(before - own) <= _ALIKE * before


def _overlap(learned_from: list[int] | None, years: list[int]) -> str:
    if learned_from is None or not years:
        return "nothing in the bundle, or in the extracts, tells of which cohorts the children are"
    return f"the bundle was made of children of the same cohorts: {', '.join(map(str, sorted({*years} & {*learned_from})))}"


def _only(cohort: CohortTable, kept: NDArray[np.bool_]) -> CohortTable:
    matrix = cohort.matrix
    return CohortTable(
        Matrix(matrix.landmark, matrix.children[kept], matrix.names, matrix.numbers[kept]),
        {name: y[kept] for name, y in cohort.outcomes.items()},
        cohort.families[kept],
        cohort.years[kept] if cohort.years is not None else None,
        {name: groups[kept] for name, groups in cohort.groups.items()},
        cohort.weights[kept],
        {name: {of: had[kept] for of, had in outcomes.items()} for name, outcomes in cohort.helped.items()},
    )
