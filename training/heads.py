"""Learns one landmark and outcome: what ships, its intervals, lists and refits, and how it was judged on whom."""

from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fairness.policy.policy import Policy
from models.capacities import AtCapacities, Moves
from models.contract import Contract
from models.estimator import Estimator, expit
from models.feature import Landmark, Outcome
from models.gates import Gate
from models.interval import Intervals, IntervalTable
from models.refits import Refit
from models.terms import Calibration, EstimatorSpec
from training.alarms.alarm import signed_off
from training.alarms.lone_features import lone_features
from training.calibrated_interval import interval_table
from training.capacities import at_capacities, children_a_month, thresholds
from training.cohort import CohortTable
from training.head_findings import begin, head_gates, judgement
from training.judging import HeldOut, Judged, NoSignal
from training.metrics import family_weights
from training.plan import Plan
from training.refits import refits
from training.scores import scored_table
from training.study import Study, judge_all, study_of
from training.validation.rolling import Pooled, rolling_scored
from training.withdrawing import Withdrawn, withdraw
from training.worth.enough_signal import unlearned_gate
from training.worth.size import size_gate


@dataclass(frozen=True, slots=True)
class LearnedHead:
    """
    All that is learned of one landmark and outcome, and what it was judged by.

    `withdrawn`, `scored` (held-out rows, each with its `place` on the lists of the twenty capacities), `audited` (those with the
    rows of rolling test cohorts, where they were asked for) and `followed` are child-level.
    """

    spec: EstimatorSpec
    calibration: Calibration
    intervals: IntervalTable
    capacities: AtCapacities
    refit: Refit
    evaluation: dict[str, Any]
    gates: tuple[Gate, ...]
    withdrawn: Withdrawn
    scored: pd.DataFrame
    audited: Pooled
    followed: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Unlearned:
    """One landmark and outcome that could not be learned: what is known of it all the same, and the gates that say why."""

    evaluation: dict[str, Any]
    gates: tuple[Gate, ...]


def learn_head(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    landmark: Landmark,
    outcome: Outcome,
    cohort: CohortTable,
    plan: Plan,
    policy: Policy,
) -> LearnedHead | Unlearned:
    """Learn and judge one landmark and outcome, where there is enough to learn it by."""
    study = study_of(contract, landmark, outcome, cohort, plan)
    begun = begin(con, study, plan)
    size = size_gate(study, plan)
    if size.verdict == "blocked":
        return Unlearned(begun, (size,))
    try:
        return _learned(con, contract, study, plan, policy, begun, size)
    except NoSignal as why:
        # A copy of the outcome may leave nothing to calibrate: what rings says so, and not that there is no signal.
        leaks = signed_off(lone_features(study, plan), plan)
        return Unlearned(begun, (size, *leaks, unlearned_gate(study, why, plan)))


def _learned(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    study: Study,
    plan: Plan,
    policy: Policy,
    begun: dict[str, Any],
    size: Gate,
) -> LearnedHead:
    judged = judge_all(study, plan)
    found = judgement(con, contract, study, judged, plan, policy)
    shipped, held_out = judged[found.ships], judged[found.ships].held_out
    if shipped.spec is None:
        raise AssertionError("the yardstick never ships")
    again = refits(found.ships, study.task, study.rows, study.split, shipped, plan)
    who = study.rows.take(held_out.rows)
    intervals, estimator = _intervals(study, shipped, plan), Estimator(shipped.spec, shipped.calibration)
    scored = scored_table(study.cohort, study.outcome.name, study.known, held_out)
    evaluation = begun | found.evaluation | {"interval": _width(intervals, held_out.log_odds)}
    return LearnedHead(
        shipped.spec,
        shipped.calibration,
        intervals,
        _capacities(study, held_out, again.moves, plan),
        again.refit,
        evaluation,
        (size, *head_gates(study, judged, evaluation, plan)),
        withdraw(contract, study.landmark, who.x, estimator, thresholds(held_out.log_odds, who.weights)[0]),
        scored,
        rolling_scored(study, found.ships, shipped, scored, plan),
        found.followed,
    )


def _capacities(study: Study, held_out: HeldOut, moves: Moves, plan: Plan) -> AtCapacities:
    who = study.rows.take(held_out.rows)
    drawn = family_weights(who.families, plan.bootstrap, plan.seed)
    return AtCapacities(
        landmark=study.landmark.name,
        outcome=study.outcome.name,
        children_a_month=children_a_month(study.cohort),
        at=at_capacities(held_out.log_odds, who.y, drawn, who.weights),
        moves=moves,
    )


def _intervals(study: Study, shipped: Judged, plan: Plan) -> IntervalTable:
    on = shipped.calibrated_on
    who = study.rows.take(on.rows)
    return interval_table(
        study.landmark.name,
        study.outcome.name,
        on.raw,
        who.y,
        who.families,
        shipped.calibration,
        plan.bootstrap,
        plan.seed,
        weights=who.weights,
    )


def _width(table: IntervalTable, log_odds: NDArray[np.float64]) -> dict[str, float]:
    """Return how wide the intervals of held-out children are, and the widest there can be."""
    served = log_odds.ravel()
    low, high = Intervals(table).at_all(served, np.array([expit(x) for x in served.tolist()]))
    return {"mean_width": round(float((high - low).mean()), 6), "widest": table.widest}
