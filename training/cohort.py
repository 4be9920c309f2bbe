"""The cohort of one landmark: children in scope, their matrix, outcomes, families, years of birth and audit groups."""

from dataclasses import dataclass

import duckdb
import numpy as np
from numpy.typing import NDArray

from fairness.scored import NOT_RECORDED
from models.contract import Contract
from models.exact import Step
from models.feature import AuditAttribute, Landmark
from models.features import step_of
from models.source import Source
from training.derived_sql import derived_column
from training.extract_sql import quoted
from training.interventions import helped_by
from training.outcomes import outcome_sql
from training.snapshots import Matrix, enough_known, in_scope, take_matrix
from training.weights import weights_of

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CohortTable:
    """
    All arrays are in the order of `matrix.children`.

    `outcomes` are 0, 1 or NaN (not yet known); `families` are keys, a child without one being a family alone; `years`
    are the calendar year a cohort's academic year of birth starts in, or None without a calendar (-1: not known).
    `weights` are the contract's sampling weights, 1 on average (all 1 where it declares none). `helped` says, for each declared
    intervention, who had it before the result, by outcome.
    """

    matrix: Matrix
    outcomes: dict[str, Floats]
    families: NDArray[np.str_]
    years: NDArray[np.int64] | None
    groups: dict[str, NDArray[np.str_]]
    weights: Floats
    helped: dict[str, dict[str, NDArray[np.bool_]]]


def assemble(con: duckdb.DuckDBPyConnection, contract: Contract, landmark: Landmark) -> CohortTable:
    """Assemble the cohort of a landmark from the tables of events."""
    matrix = enough_known(contract, take_matrix(con, contract, landmark, in_scope(contract, landmark)))
    children = matrix.children
    outcomes = {}
    for outcome in contract.outcomes_at(landmark):
        found = con.execute(
            f"SELECT child, CAST(happened AS DOUBLE) FROM ({outcome_sql(contract, outcome)})"
        ).fetchall()
        outcomes[outcome.name] = _aligned(children, dict(found), np.nan).astype(np.float64)
    groups = {
        a.name: _aligned(children, groups_of(con, contract, a), NOT_RECORDED).astype(np.str_) for a in contract.audit
    }
    return CohortTable(
        matrix,
        outcomes,
        _families(con, contract, children),
        _years(con, contract, children),
        groups,
        weights_of(con, contract, children),
        helped_by(con, contract, landmark, children),
    )


def _aligned(children: NDArray[np.str_], found: dict[str, object], absent: object) -> NDArray[np.object_]:
    return np.array([found.get(child, absent) for child in children.tolist()], dtype=object)


def groups_of(con: duckdb.DuckDBPyConnection, contract: Contract, attribute: AuditAttribute) -> dict[str, object]:
    """Return each child's group: the latest value on record, *not recorded* where that day's values disagree."""
    source = contract.source(attribute.source)
    derived = next((d for d in source.derived if d.name == attribute.column), None)
    value = derived_column(source, derived) if derived is not None else quoted(attribute.column)
    step = step_of(source, attribute.column)
    found = con.execute(f"""
        SELECT child, CAST(max(value) AS VARCHAR) FROM (
            SELECT child, value, happened, max(happened) OVER (PARTITION BY child) AS day
            FROM (SELECT child, happened, {value} AS value FROM {quoted("events_" + source.name)}) WHERE value IS NOT NULL)
        WHERE happened = day GROUP BY child HAVING min(value) = max(value)""").fetchall()
    named = ((child, _in_units(value, source, attribute.column, step)) for child, value in found)
    return _absent(con, attribute) | {child: attribute.labels.get(value, value) for child, value in named}


def _absent(con: duckdb.DuckDBPyConnection, attribute: AuditAttribute) -> dict[str, object]:
    """Return the group of children of whom the source has no row at all, where the contract gives it a name."""
    if attribute.absent is None:
        return {}
    rows = quoted("events_" + attribute.source)
    found = con.execute(f"SELECT child FROM children WHERE child NOT IN (SELECT child FROM {rows})").fetchall()
    return dict.fromkeys((child for (child,) in found), attribute.absent)


def _in_units(value: str, source: Source, column: str, step: Step) -> str:
    """Return a group's value as people write it: numbers in their units, codes as they are."""
    declared = source.column(column)
    if declared is not None and not declared.numeric:
        return value
    return f"{step.value(int(value)):g}"


def _families(con: duckdb.DuckDBPyConnection, contract: Contract, children: NDArray[np.str_]) -> NDArray[np.str_]:
    """Return each child's family key; one without a family is a family alone, by a key no family has."""
    alone = np.char.add("child ", children)
    if contract.family is None:
        return alone
    table, column = quoted("events_" + contract.family.source), quoted(contract.family.column)
    found = dict(con.execute(f"SELECT child, 'family ' || min({column}) FROM {table} GROUP BY child").fetchall())
    return np.array([found.get(c) or a for c, a in zip(children.tolist(), alone.tolist(), strict=True)], dtype=np.str_)


def _years(con: duckdb.DuckDBPyConnection, contract: Contract, children: NDArray[np.str_]) -> NDArray[np.int64] | None:
    if contract.cohort is None:
        return None
    found = con.execute("SELECT child, cohort FROM birth WHERE cohort IS NOT NULL").fetchall()
    return _aligned(children, dict(found), -1).astype(np.int64)
