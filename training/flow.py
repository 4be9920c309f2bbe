"""The flow from everyone on record to the children a model is judged on: who falls out, by reason and by group (M1)."""

from collections.abc import Collection, Mapping
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from fairness.disclosure.counts import of_groups, partition
from models.feature import Outcome
from models.small_numbers import FEWEST
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
    help they had; and, where cohorts are split by time, of no known cohort. The rest are `studied`: learned from, calibrated on or
    judged. Reasons of a few are not told, nor what they could be worked out from: another reason, or how many have a result.
    """
    outcome, split = study.outcome, study.split
    everyone = con.execute("SELECT count(*) FROM children").fetchall()[0][0]
    with_result = ~np.isnan(cohort.outcomes[outcome.name])
    possible = _cohort_has_results(cohort, with_result)
    has_row = _has_row(con, outcome, cohort)
    without = {
        "cohort_has_none": int((~possible).sum()),
        "no_row": int((possible & ~with_result & ~has_row).sum()),
        "not_assessed": int((possible & ~with_result & has_row).sum()),
    }
    studied, not_studied = _studied(study, cohort, cohorts, with_result)
    found: dict[str, Any] = {
        "on_record": everyone,
        **_told(len(with_result), without, int(with_result.sum()), not_studied),
        "studied": studied,
        "by_group": _by_group(cohort.groups, possible, with_result),
    }
    if split is not None:
        parts = {"learned_on": split.learn, "calibrated_on": split.calibrate, "tested_on": split.test}
        found |= {name: len(rows) for name, rows in parts.items()}
    return found


def _told(
    in_scope: int, without: Mapping[str, int], with_result: int, not_studied: Mapping[str, int]
) -> dict[str, Any]:
    """Return the steps as they may be told: where the hidden reasons are few in all, no step that leaves them is told either."""
    reasons, apart = partition(without), partition(not_studied)
    some_apart, some_without = _few_hidden(not_studied, apart), _few_hidden(without, reasons)
    return {
        "in_scope": None if some_apart or some_without else in_scope,
        "without_result": reasons,
        "with_result": None if some_apart else with_result,
        "not_studied": apart,
    }


def _few_hidden(counts: Mapping[str, int], told: Mapping[str, int | None]) -> bool:
    return 0 < sum(counts[name] for name, count in told.items() if count is None) < FEWEST


def _studied(
    study: Study, cohort: CohortTable, cohorts: Collection[int] | None, with_result: Flags
) -> tuple[int, dict[str, int]]:
    studied = np.isin(cohort.matrix.children, study.cohort.matrix.children[study.known])
    years = cohort.years if cohort.years is not None else np.zeros(len(studied), dtype=np.int64)
    unasked = np.zeros(len(studied), dtype=np.bool_)
    if cohorts is not None and cohort.years is not None:
        unasked = ~np.isin(years, list(cohorts))
    adrift = studied & (years < 0) if study.split is not None else np.zeros(len(studied), dtype=np.bool_)
    return int((studied & ~adrift).sum()), {
        "cohort_left_out": int((with_result & unasked).sum()),
        "help_set_apart": int((with_result & ~unasked & ~studied).sum()),
        "cohort_not_known": int(adrift.sum()),
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


def _by_group(attributes: Mapping[str, NDArray[np.str_]], possible: Flags, with_result: Flags) -> dict[str, Any]:
    """Return, of the cohorts that have results, each group's children and those with one, as they may be told."""
    counts = {
        name: {
            str(group): (int((possible & (groups == group)).sum()), int((with_result & (groups == group)).sum()))
            for group in np.unique(groups)
        }
        for name, groups in attributes.items()
    }
    return {
        name: {group: {"in_scope": all_of, "with_result": having} for group, (all_of, having) in told.items()}
        for name, told in of_groups(counts).items()
    }
