"""
Who cannot be scored, and of whom little is known: by reason and by group, of every child on record at a landmark's age.

An audit of scores sees only those who have one. A group that is refused more often, or of whom less is known, is served worse
before any error is made.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from fairness.disclosure.counts import partition
from fairness.group_shares import Grouping, Measured, grouping, shares_by_group
from fairness.policy.policy import Policy
from fairness.report import FIELDS
from models.contract import Contract
from models.feature import Landmark, Scope
from models.scope import Code
from models.small_numbers import nearest, rounded
from training.cohort import CohortTable, assemble
from training.extract_sql import quoted
from training.scores import declared_groups
from training.snapshots import in_scope

Flags = NDArray[np.bool_]
# What the contract's scope asks of a snapshot, in the order of `models.scope.refusal`: the first that fails is the reason.
_ASKED: dict[str, Code] = {
    "least_link": "identity-not-certain",
    "needs": "too-little-known",
    "resident": "moved-in-too-late",
    "stale_after_days": "too-stale",
}
# Of a child who is in scope, and of whom too few features are known.
_ELSE: Code = "too-little-known"
_SCORED = "scored"


def coverage_by_group(
    con: duckdb.DuckDBPyConnection, contract: Contract, landmark: Landmark, cohort: CohortTable, policy: Policy
) -> dict[str, Any]:
    """
    Return what may be told of who is missing at a landmark, of the cohorts that have results; `cohort` has those in scope.

    *On record* is a child of whom some source of a feature knew something by that age. `refused` is the share of them who
    could not be scored, `unknown` the share of features that is not known of a child who was, the mean over children.
    """
    everyone = assemble(con, contract.model_copy(update={"scope": Scope()}), landmark)
    children, cohorts = everyone.matrix.children, _with_results(cohort)
    asked = np.isin(children, _on_record(con, contract, landmark.age)) & _of_cohorts(everyone, cohorts)
    scored, why = np.isin(children, cohort.matrix.children)[asked], _reasons(con, contract, landmark, children[asked])
    return {
        "landmark": landmark.name,
        "cohorts": cohorts,
        "n": rounded(int(asked.sum())),
        **_reasons_told(scored, why),
        "fields": list(FIELDS),
        **shares_by_group(
            _measures(scored, everyone.matrix.numbers[asked], policy),
            everyone.families[asked],
            _groupings(contract, everyone, asked, policy),
            policy,
        ),
    }


def coverage(
    con: duckdb.DuckDBPyConnection, contract: Contract, cohorts: Mapping[str, CohortTable], policy: Policy
) -> Iterator[dict[str, Any]]:
    """Yield what may be told of who is missing at each landmark of the contract; `cohorts` are those in scope, by landmark."""
    for landmark in contract.landmarks:
        yield coverage_by_group(con, contract, landmark, cohorts[landmark.name], policy)


def _with_results(cohort: CohortTable) -> list[int] | None:
    """Return the academic years of birth that have a result of any outcome; None without a calendar."""
    if cohort.years is None:
        return None
    known = np.zeros(len(cohort.years), dtype=np.bool_)
    for outcome in cohort.outcomes.values():
        known |= ~np.isnan(outcome)
    return sorted(set(cohort.years[known & (cohort.years >= 0)].tolist()))


def _of_cohorts(everyone: CohortTable, cohorts: list[int] | None) -> Flags:
    if cohorts is None or everyone.years is None:
        return np.ones(len(everyone.matrix.children), dtype=np.bool_)
    return np.isin(everyone.years, cohorts)


def _on_record(con: duckdb.DuckDBPyConnection, contract: Contract, age: int) -> NDArray[np.str_]:
    """Return the children of whom anything was known by an age."""
    events = (
        f"SELECT child FROM {quoted('events_' + source.name)} WHERE known <= {age}"
        for source in contract.feature_sources
    )
    return _children(con, " UNION ".join(events))


def _reasons(
    con: duckdb.DuckDBPyConnection, contract: Contract, landmark: Landmark, children: NDArray[np.str_]
) -> NDArray[np.str_]:
    """Return the first reason that holds for each child not to be scored; that of a row for one who is in scope."""
    why = np.full(len(children), _ELSE, dtype="<U32")
    for name, code in reversed(_ASKED.items()):
        alone = contract.model_copy(update={"scope": Scope.model_construct(**{name: getattr(contract.scope, name)})})
        why[~np.isin(children, _children(con, in_scope(alone, landmark)))] = code
    return why


def _children(con: duckdb.DuckDBPyConnection, sql: str) -> NDArray[np.str_]:
    return np.array([child for (child,) in con.execute(sql).fetchall()], dtype=np.str_)


def _reasons_told(scored: Flags, why: NDArray[np.str_]) -> dict[str, Any]:
    """Return how many could be scored, and how many could not for each reason, as parts of one whole."""
    counts = {str(code): int((~scored & (why == code)).sum()) for code in _ASKED.values()}
    told = {
        name: None if count is None else nearest(count)
        for name, count in partition({_SCORED: int(scored.sum()), **counts}).items()
    }
    return {_SCORED: told.pop(_SCORED), "reasons": told}


def _measures(scored: Flags, numbers: NDArray[np.float64], policy: Policy) -> dict[str, Measured]:
    features, everyone = numbers.shape[1], np.ones(len(scored), dtype=np.int64)
    return {
        "refused": Measured(everyone, (~scored).astype(np.int64), policy.margins.refused),
        "unknown": Measured(scored * features, scored * np.isnan(numbers).sum(axis=1), per=features),
    }


def _groupings(contract: Contract, everyone: CohortTable, asked: Flags, policy: Policy) -> list[Grouping]:
    return [
        grouping(attribute.name, everyone.groups[attribute.name][asked], declared_groups(contract, attribute), policy)
        for attribute in contract.audit
    ]
