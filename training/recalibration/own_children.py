"""
The children that an authority recalibrates by: those of its latest cohorts with outcomes, in scope.

All of them must be new to the terms. A bundle holds nothing of any child it was learned from, so that only whoever asks can
know; where every count is that of the extracts it was learned from, they are taken for those and refused.
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
from training.snapshots import Matrix
from training.study import Study, study_of

_COUNTED = ("on_record", "in_scope", "without_result", "with_result")


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


def refuse_learned_from(original: Mapping[str, Any], own: Mapping[str, Any], years: list[int], plan: Plan) -> None:
    """
    Raise DataError where these are, by every count of one landmark and outcome's evaluation, the extracts it was learned from.

    Not where the bundle's plan says that it learned from none of these cohorts.
    """
    if plan.cohorts is not None and years and not set(years) & set(plan.cohorts):
        return
    before = original.get("flow", {})
    if all(before.get(name) == own["flow"][name] for name in _COUNTED):
        problem = Problem(
            f"{own['landmark']}, {own['outcome']}",
            "by every count these are the extracts that the bundle was made of",
            "Give extracts with a cohort that is newer: nobody may judge a score that learned from them.",
        )
        raise DataError("the children are not new to the score", (problem,))


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
