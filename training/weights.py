"""The sampling weights a contract declares: how many children of the population each child of a sample stands for."""

import duckdb
import numpy as np
from numpy.typing import NDArray

from models.contract import Contract
from models.errors import DataError, Problem
from models.source import Column, Source
from training.extract_sql import quoted

Floats = NDArray[np.float64]


def weights_of(con: duckdb.DuckDBPyConnection, contract: Contract, children: NDArray[np.str_]) -> Floats:
    """
    Return each child's sampling weight, 1 on average; all 1 where the contract declares none.

    A child whose weight is not known stands for as many as the average child. Raises DataError where a weight is not above 0:
    whoever stands for nobody is not of the sample.
    """
    declared = _declared(contract)
    if declared is None:
        return np.ones(len(children))
    source, column = declared
    value = quoted(column.name)
    found = dict(
        con.execute(
            f"SELECT child, max({value}) FROM {quoted('events_' + source.name)} WHERE {value} IS NOT NULL GROUP BY child"
        ).fetchall()
    )
    weights = np.array([found.get(child, np.nan) for child in children.tolist()], dtype=np.float64)
    known = weights[~np.isnan(weights)]
    if not (known > 0).all():
        raise DataError("a sampling weight is not above 0", (_problem(source, column),))
    if not len(known) or known.min() == known.max():
        return np.ones(len(children))
    return np.where(np.isnan(weights), 1.0, weights / known.mean())


def unless_equal(weights: Floats) -> Floats | None:
    """Return the weights, or None where all children count alike: what learns is then not told of any."""
    return None if len(weights) == 0 or weights.min() == weights.max() else weights


def effective(weights: Floats) -> float:
    """Return how many children that count alike would say as much as these (Kish, "Survey Sampling", 1965)."""
    return float(weights.sum() ** 2 / (weights**2).sum())


def _declared(contract: Contract) -> tuple[Source, Column] | None:
    columns = ((source, column) for source in contract.sources for column in source.columns)
    return next(((source, column) for source, column in columns if "weight" in column.roles), None)


def _problem(source: Source, column: Column) -> Problem:
    return Problem(
        f'source "{source.name}" › {column.name}',
        "some of its weights are 0 or below",
        "Give the column a range above 0, so that such rows are set aside or their weight is not known.",
    )
