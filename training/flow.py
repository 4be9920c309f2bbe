"""The flow from everyone on record to the children a model is judged on: who falls out, by reason and by group (M1)."""

from collections.abc import Mapping
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from fairness.audit import MINIMUM_CELL
from models.feature import Outcome
from training.cohort import CohortTable
from training.extract_sql import quoted
from training.split import TimeSplit

Flags = NDArray[np.bool_]


def flow(
    con: duckdb.DuckDBPyConnection, outcome: Outcome, cohort: CohortTable, split: TimeSplit | None
) -> dict[str, Any]:
    """
    Return how many children there are at each step, and why those without a result have none.

    `cohort_has_none`: nobody of that academic year has a result (yet, or ever); `no_row`: moved away, taught elsewhere or
    not linked; `not_assessed`: a row that is not valid or cannot be judged. A child without a result is not yet known.
    """
    everyone = con.execute("SELECT count(*) FROM children").fetchall()[0][0]
    with_result = ~np.isnan(cohort.outcomes[outcome.name])
    possible = _cohort_has_results(cohort, with_result)
    has_row = _has_row(con, outcome, cohort)
    found: dict[str, Any] = {
        "on_record": everyone,
        "in_scope": len(with_result),
        "without_result": {
            "cohort_has_none": int((~possible).sum()),
            "no_row": int((possible & ~with_result & ~has_row).sum()),
            "not_assessed": int((possible & ~with_result & has_row).sum()),
        },
        "with_result": int(with_result.sum()),
        "by_group": {name: _by_group(groups, possible, with_result) for name, groups in cohort.groups.items()},
    }
    if split is not None:
        parts = {"learned_on": split.learn, "calibrated_on": split.calibrate, "tested_on": split.test}
        found |= {name: len(rows) for name, rows in parts.items()}
    return found


def _cohort_has_results(cohort: CohortTable, with_result: Flags) -> Flags:
    if cohort.years is None:
        return np.ones(len(with_result), dtype=np.bool_)
    return np.isin(cohort.years, np.unique(cohort.years[with_result]))


def _has_row(con: duckdb.DuckDBPyConnection, outcome: Outcome, cohort: CohortTable) -> Flags:
    rows = con.execute(f"""
        SELECT DISTINCT child FROM {quoted("events_" + outcome.source)}
        WHERE happened BETWEEN {outcome.window[0]} AND {outcome.window[1]}""").fetchall()
    return np.isin(cohort.matrix.children, np.array([child for (child,) in rows], dtype=np.str_))


def _by_group(groups: NDArray[np.str_], possible: Flags, with_result: Flags) -> Mapping[str, Any]:
    """Return, of the cohorts that have results, each group's children and those with one; small counts are not written."""
    return {
        str(group): {
            "in_scope": _cell(int((possible & (groups == group)).sum())),
            "with_result": _cell(int((with_result & (groups == group)).sum())),
        }
        for group in np.unique(groups)
    }


def _cell(count: int) -> int | None:
    return count if count >= MINIMUM_CELL else None
