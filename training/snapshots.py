"""Snapshots at scale: the children in scope at a landmark and their matrix, straight from the tables of events."""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import numpy as np
from numpy.typing import NDArray

from models.contract import Contract
from models.feature import Landmark
from training.extract_sql import quoted
from training.features_sql import PLACE, matrix_sql


@dataclass(frozen=True, slots=True)
class Matrix:
    """One landmark's matrix: `numbers` (children, features), NaN where not known, rows in the order of `children`."""

    landmark: Landmark
    children: NDArray[np.str_]
    names: tuple[str, ...]
    numbers: NDArray[np.float64]


def in_scope(contract: Contract, landmark: Landmark) -> str:
    """
    Return the SQL of the children whom the contract's scope lets be scored at that landmark.

    It asks what `models.scope` asks of a record and of a snapshot; what is asked of a row, a matrix tells (`enough_known`).
    """
    conditions = [*_needed(contract, landmark.age), *_resident(contract, landmark.age), *_fresh(contract, landmark.age)]
    conditions += _surely_one_child(contract, landmark.age)
    return f"SELECT child FROM children WHERE {' AND '.join(conditions) or 'true'}"


def enough_known(contract: Contract, matrix: Matrix) -> Matrix:
    """Return the rows of which the contract's share of features is known."""
    share = contract.scope.least_known_share
    if share is None:
        return matrix
    known = (~np.isnan(matrix.numbers)).sum(axis=1) / len(matrix.names) >= share
    return Matrix(matrix.landmark, matrix.children[known], matrix.names, matrix.numbers[known])


def _known(source: str, age: int) -> str:
    return f"SELECT child, happened FROM {quoted('events_' + source)} WHERE known <= {age}"


def _needed(contract: Contract, age: int) -> Iterator[str]:
    yield from (f"child IN (SELECT child FROM ({_known(name, age)}))" for name in contract.scope.needs)


def _resident(contract: Contract, age: int) -> Iterator[str]:
    resident = contract.scope.resident
    if resident is not None:
        late = f"GROUP BY child HAVING min(happened) > {max(0, age - resident.days)}"
        yield f"child NOT IN (SELECT child FROM ({_known(resident.source, age)}) {late})"


def _fresh(contract: Contract, age: int) -> Iterator[str]:
    if contract.scope.stale_after_days is None:
        return
    recent = age - contract.scope.stale_after_days
    events = [f"({_known(source.name, age)})" for source in contract.feature_sources]
    of_events = [f"SELECT child FROM {known} WHERE happened >= {recent}" for known in events]
    of_coverage = f"""
        SELECT child FROM coverage
        WHERE known <= {age} AND start <= {age} AND "end" >= start AND least("end", {age}) >= {recent}"""
    yield f"child IN ({' UNION ALL '.join([*of_events, of_coverage])})"


def _surely_one_child(contract: Contract, age: int) -> Iterator[str]:
    """Yield, for each source that is linked, that no link below the bar brought anything known at that age."""
    least, linkage = contract.scope.least_link, contract.linkage
    if least is None or linkage is None:
        return
    for source in contract.feature_sources:
        if source.name in linkage.agency_of:
            doubtful = f"agency = '{linkage.agency_of[source.name].name}' AND probability < {least}"
            brought = f"child IN (SELECT child FROM ({_known(source.name, age)}))"
            if source.name in contract.proven_by:
                proof = f"""source = '{contract.proven_by[source.name]}' AND known <= {age} AND "end" >= start"""
                brought += f" OR child IN (SELECT child FROM coverage WHERE {proof})"
            yield f"child NOT IN (SELECT child FROM links WHERE {doubtful} AND ({brought}))"


def take_matrix(con: duckdb.DuckDBPyConnection, contract: Contract, landmark: Landmark, children: str) -> Matrix:
    """Ask a landmark's features of the children that the SQL `children` names."""
    found = con.execute(matrix_sql(contract, landmark, children)).fetchnumpy()
    names = tuple(feature.name for feature in contract.features_at(landmark))
    place = np.asarray(found[PLACE])
    keys, columns = np.empty(len(place), dtype=object), np.empty((len(names), len(place)))
    keys[place] = found["child"]
    for column, name in zip(columns, names, strict=True):
        column[place] = found[name]
    return Matrix(landmark, keys.astype(np.str_), names, np.ascontiguousarray(columns.T))
