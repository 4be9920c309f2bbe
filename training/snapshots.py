"""Snapshots at scale: the children in scope at a landmark and their matrix, straight from the tables of events."""

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
    """Return the SQL of the children whom the contract's scope lets be scored at that landmark."""
    known = {
        s.name: f"SELECT child, happened FROM {quoted('events_' + s.name)} WHERE known <= {landmark.age}"
        for s in contract.feature_sources
    }
    conditions = [f"child IN (SELECT child FROM ({known[name]}))" for name in contract.scope.needs]
    if contract.scope.stale_after_days is not None:
        recent = landmark.age - contract.scope.stale_after_days
        every = " UNION ALL ".join(known.values())
        conditions.append(f"child IN (SELECT child FROM ({every}) WHERE happened >= {recent})")
    return f"SELECT child FROM children WHERE {' AND '.join(conditions) or 'true'}"


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
