"""
`depends_on_order`: numbers, scores or outcomes that hang together with the order of rows or with what children are called.

A model is asked about children whom it has never seen, in any order and under any name: what it says may rest on neither.
"""

from collections.abc import Iterator, Mapping, Sequence

import duckdb
import numpy as np

from models.contract import Contract
from models.estimator import Estimator
from models.feature import Landmark
from training.alarms.alarm import Alarm
from training.alarms.ranks import Auc, auc_of
from training.cohort import CohortTable
from training.extract_sql import quoted
from training.ingest import connect, lock
from training.plan import Plan
from training.snapshots import Matrix, take_matrix
from training.study import AllJudged, Study

ASKED = 100
SCORES = "the same scores, to the bit, for the same children in another order"


def order_of_scores(study: Study, judged: AllJudged, plan: Plan) -> Alarm:
    """Return the alarm of scores that change, by as little as one bit, when the children are asked about in another order."""
    order = np.random.default_rng([plan.seed, len(study.rows.y)]).permutation(len(study.rows.y))
    estimators = {n: Estimator(each.spec, each.calibration) for n, each in judged.items() if each.spec is not None}
    x = study.rows.x
    wrong = [name for name, one in estimators.items() if (one.log_odds(x)[order] != one.log_odds(x[order])).any()]
    said = "Every score stays the same, to the bit, when the children stand in another order."
    return Alarm(
        code="depends_on_order",
        rings=bool(wrong),
        threshold=SCORES,
        found=f"Scores change with the order of the children: {', '.join(wrong)}." if wrong else said,
        advice="This cannot be of the data: report it, and use no figure of this run.",
        landmark=study.landmark.name,
        outcome=study.outcome.name,
    )


def order_of_rows(
    con: duckdb.DuckDBPyConnection, contract: Contract, cohorts: Mapping[str, CohortTable], plan: Plan
) -> list[Alarm]:
    """Return an alarm wherever features or outcomes follow the order of rows or children's keys, or one that says none do."""
    matrices = [cohort.matrix for cohort in cohorts.values()]
    found = [_features_change(landmark.name) for landmark in _changed(con, contract, matrices, plan)]
    found += [_outcome_follows(*told, plan) for told in _orders(con, contract, cohorts, plan)]
    said = "No feature changes when children have other keys and rows another order, and outcomes follow neither."
    return found or [Alarm(code="depends_on_order", rings=False, threshold=_threshold(plan), found=said)]


def _threshold(plan: Plan) -> str:
    return f"the same features under other keys; AUC of the order of keys and rows at most {plan.gates.feature_auc_ceiling:g}"


def _features_change(landmark: str) -> Alarm:
    return Alarm(
        code="depends_on_order",
        rings=True,
        threshold="the same features, to the bit, for the same children under other keys, their rows in another order",
        found="Features change when children have other keys and their rows another order.",
        advice="This cannot be of the data: report it, and use no figure of this run.",
        landmark=landmark,
    )


def _outcome_follows(landmark: str, outcome: str, about: str, auc: Auc, plan: Plan) -> Alarm:
    return Alarm(
        code="depends_on_order",
        rings=True,
        threshold=_threshold(plan),
        found=f"The order of {about} alone foresees the outcome with an AUC of {auc.value:.2f}.",
        advice="Ask how the extract was sorted, and when keys were given: both must be done without sight of the outcome.",
        landmark=landmark,
        outcome=outcome,
        about=about,
        value=auc.value,
        low=auc.low,
        high=auc.high,
    )


def _orders(
    con: duckdb.DuckDBPyConnection, contract: Contract, cohorts: Mapping[str, CohortTable], plan: Plan
) -> Iterator[tuple[str, str, str, Auc]]:
    """Yield (landmark, outcome, order of what, AUC) of each order that foresees an outcome better than a feature may."""
    places = {f"rows of {source.name}": _first_rows(con, source.name) for source in contract.feature_sources}
    for landmark, cohort in cohorts.items():
        children = cohort.matrix.children.tolist()
        numbers = {"keys": np.arange(len(children), dtype=np.float64)}
        numbers |= {what: np.array([first.get(child, np.nan) for child in children]) for what, first in places.items()}
        for outcome, y in cohort.outcomes.items():
            known = ~np.isnan(y)
            for what, column in numbers.items():
                auc = auc_of(column[known], y[known])
                if auc.low > plan.gates.feature_auc_ceiling:
                    yield landmark, outcome, what, auc


def _first_rows(con: duckdb.DuckDBPyConnection, source: str) -> dict[str, float]:
    """Return where each child first stands in an extract: the tables of events keep the order of its rows."""
    return dict(
        con.execute(f"SELECT child, min(rowid)::DOUBLE FROM {quoted('events_' + source)} GROUP BY child").fetchall()
    )


def _changed(
    con: duckdb.DuckDBPyConnection, contract: Contract, matrices: Sequence[Matrix], plan: Plan
) -> list[Landmark]:
    """Return where some of the children get another number when they have other keys and their rows another order."""
    chance = np.random.default_rng([plan.seed, 2])
    asked = [np.sort(chance.permutation(len(matrix.children))[:ASKED]) for matrix in matrices]
    children = {c for matrix, rows in zip(matrices, asked, strict=True) for c in matrix.children[rows].tolist()}
    names = chance.permutation(len(children)).tolist()
    keys = {child: f"child {name}" for child, name in zip(sorted(children), names, strict=True)}
    copy, changed = _renamed(con, contract, keys, chance), []
    for matrix, rows in zip(matrices, asked, strict=True):
        again = take_matrix(copy, contract, matrix.landmark, "SELECT child FROM children")
        place = {key: i for i, key in enumerate(again.children.tolist())}
        numbers = again.numbers[[place[keys[child]] for child in matrix.children[rows].tolist()]]
        if not np.array_equal(numbers, matrix.numbers[rows], equal_nan=True):
            changed.append(matrix.landmark)
    return changed


def _renamed(
    con: duckdb.DuckDBPyConnection, contract: Contract, keys: Mapping[str, str], chance: np.random.Generator
) -> duckdb.DuckDBPyConnection:
    """Return a database with the events and the coverage of some children alone, under other keys, in another order."""
    copy = connect()
    for table in ("coverage", *(f"events_{source.name}" for source in contract.feature_sources)):
        theirs = f"SELECT * FROM {quoted(table)} WHERE child IN (SELECT unnest(?))"
        found = con.sql(theirs, params=[list(keys)]).to_arrow_table()
        held = found.take(chance.permutation(found.num_rows))
        names = [keys[child] for child in held.column("child").to_pylist()]
        copy.register("held", held.drop_columns("child").append_column("child", [names]))
        copy.execute(f"CREATE TABLE {quoted(table)} AS SELECT * FROM held")
        copy.unregister("held")
    copy.execute("CREATE TABLE children AS SELECT unnest(?) AS child", [list(keys.values())])
    lock(copy)
    return copy
