"""Learns one landmark and outcome: what ships, its intervals, lists and refits, and how it was judged on whom."""

from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.capacities import AtCapacities, Moves
from models.contract import Contract
from models.estimator import Estimator, expit
from models.feature import Landmark, Outcome
from models.interval import Intervals, IntervalTable
from models.refits import Refit
from models.terms import Calibration, EstimatorSpec
from training.calibrated_interval import interval_table
from training.capacities import at_capacities, children_a_month, thresholds
from training.cohort import CohortTable
from training.declared_rules import against_rules
from training.evaluation import evaluate
from training.flow import flow
from training.judging import HeldOut, Judged
from training.learning import CandidateName
from training.metrics import family_weights
from training.observation import observe
from training.plan import Plan
from training.refits import refits
from training.scores import scored_table
from training.study import Study, by_time, judge_all, procedure, study_of
from training.withdrawing import Withdrawn, one_more_row, withdraw


@dataclass(frozen=True, slots=True)
class LearnedHead:
    """
    All that is learned of one landmark and outcome, and what it was judged by.

    `withdrawn`, `scored` (held-out rows, each with its `place` on the lists of the twenty capacities) and `followed` are
    child-level.
    """

    spec: EstimatorSpec
    calibration: Calibration
    intervals: IntervalTable
    capacities: AtCapacities
    refit: Refit
    evaluation: dict[str, Any]
    withdrawn: Withdrawn
    scored: pd.DataFrame
    followed: pd.DataFrame


def learn_head(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    landmark: Landmark,
    outcome: Outcome,
    cohort: CohortTable,
    plan: Plan,
) -> LearnedHead:
    """Learn and judge one landmark and outcome; raises GateRefused where that cannot be done."""
    study = study_of(contract, landmark, outcome, cohort, plan)
    judged = judge_all(study, plan)
    evaluated = evaluate(judged, study.rows, plan)
    ships: CandidateName = evaluated["ships"]
    shipped, held_out = judged[ships], judged[ships].held_out
    if shipped.spec is None:
        raise AssertionError("the yardstick never ships")
    again = refits(ships, study.task, study.rows, study.split, shipped, plan)
    observed = observe(cohort, outcome.name, study.known, study.split, shipped, plan)
    intervals, estimator = _intervals(study, shipped, plan), Estimator(shipped.spec, shipped.calibration)
    x = study.rows.x[held_out.rows]
    evaluation = {
        "landmark": landmark.name,
        "outcome": outcome.name,
        "definition": outcome.definition,
        "flow": flow(con, outcome, cohort, study.split),
        "procedure": procedure(study, plan),
        **evaluated,
        "interval": _width(intervals, held_out.log_odds),
        "one_more_row": one_more_row(contract, landmark, x, estimator),
        "outcomes_never_observed": observed.measures,
        "rules": against_rules(contract, landmark, study.rows, held_out),
        **by_time(study, judged, plan),
    }
    return LearnedHead(
        shipped.spec,
        shipped.calibration,
        intervals,
        _capacities(study, held_out, again.moves, plan),
        again.refit,
        evaluation,
        withdraw(contract, landmark, x, estimator, thresholds(held_out.log_odds)[0]),
        scored_table(cohort, outcome.name, study.known, held_out),
        observed.followed,
    )


def _capacities(study: Study, held_out: HeldOut, moves: Moves, plan: Plan) -> AtCapacities:
    y, families = study.rows.y[held_out.rows], study.rows.families[held_out.rows]
    return AtCapacities(
        landmark=study.landmark.name,
        outcome=study.outcome.name,
        children_a_month=children_a_month(study.cohort),
        at=at_capacities(held_out.log_odds, y, family_weights(families, plan.bootstrap, plan.seed)),
        moves=moves,
    )


def _intervals(study: Study, shipped: Judged, plan: Plan) -> IntervalTable:
    on = shipped.calibrated_on
    return interval_table(
        study.landmark.name,
        study.outcome.name,
        on.raw,
        study.rows.y[on.rows],
        study.rows.families[on.rows],
        shipped.calibration,
        plan.bootstrap,
        plan.seed,
    )


def _width(table: IntervalTable, log_odds: NDArray[np.float64]) -> dict[str, float]:
    """Return how wide the intervals of held-out children are, and the widest there can be."""
    served = log_odds.ravel()
    low, high = Intervals(table).at_all(served, np.array([expit(x) for x in served.tolist()]))
    return {"mean_width": round(float((high - low).mean()), 6), "widest": table.widest}
