"""The flow from everyone on record to the children a model is judged on: who falls out, by reason and by group (M1)."""

from collections.abc import Collection, Mapping
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from fairness.audit import MINIMUM_CELL
from models.feature import Outcome
from training.cohort import CohortTable
from training.extract_sql import quoted
from training.study import Study

Flags = NDArray[np.bool_]


def flow(
    con: duckdb.DuckDBPyConnection, study: Study, cohort: CohortTable, cohorts: Collection[int] | None
) -> dict[str, Any]:
    """
    Return how many children of the whole `cohort` there are at each step, and why those who fall out do.

    `cohort_has_none`: nobody of that academic year has a result (yet, or ever); `no_row`: moved away, taught elsewhere or
    not linked; `not_assessed`: a row that is not valid or cannot be judged. A child without a result is not yet known.
    Of those with a result, `not_studied` are: of a cohort that is none of `cohorts` (None: all are asked for); set apart for
    help they had (a few are not told); and, where cohorts are split by time, of no known cohort. The rest are
    `studied`: learned from, calibrated on or judged.
    """
    outcome, split = study.outcome, study.split
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
        **_studied(study, cohort, cohorts, with_result),
        "by_group": {name: _by_group(groups, possible, with_result) for name, groups in cohort.groups.items()},
    }
    if split is not None:
        parts = {"learned_on": split.learn, "calibrated_on": split.calibrate, "tested_on": split.test}
        found |= {name: len(rows) for name, rows in parts.items()}
    return found


def _studied(study: Study, cohort: CohortTable, cohorts: Collection[int] | None, with_result: Flags) -> dict[str, Any]:
    studied = np.isin(cohort.matrix.children, study.cohort.matrix.children[study.known])
    years = cohort.years if cohort.years is not None else np.zeros(len(studied), dtype=np.int64)
    unasked = np.zeros(len(studied), dtype=np.bool_)
    if cohorts is not None and cohort.years is not None:
        unasked = ~np.isin(years, list(cohorts))
    adrift = studied & (years < 0) if study.split is not None else np.zeros(len(studied), dtype=np.bool_)
    apart = int((with_result & ~unasked & ~studied).sum())
    return {
        "not_studied": {
            "cohort_left_out": int((with_result & unasked).sum()),
            "help_set_apart": _cell(apart) if apart else 0,
            "cohort_not_known": int(adrift.sum()),
        },
        "studied": int((studied & ~adrift).sum()),
    }


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
