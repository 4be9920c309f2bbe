"""Recalibrates one landmark and outcome, and makes all that is of a population again from the authority's own children."""

from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np

from models.capacities import AtCapacities
from models.contract import Contract
from models.estimator import Estimator, expit
from models.gates import Gate
from models.interval import Intervals, IntervalTable
from training.calibrated_interval import interval_table
from training.capacities import at_capacities, children_a_month, thresholds
from training.cohort import CohortTable
from training.gates.calibration import calibration_gate
from training.heads import LearnedHead, Unlearned
from training.judging import HeldOut, NoSignal
from training.metrics import family_weights
from training.plan import Plan
from training.recalibration.cross_fitting import Recalibrated, recalibrated
from training.recalibration.enough import enough_gate
from training.recalibration.evaluating import begun, evaluated
from training.recalibration.original import Original, OriginalHead
from training.recalibration.own_children import latest_years, of_rows, own_study, refuse_learned_from, without_help
from training.recalibration.stability import at_slope, moves_of
from training.recalibration.told import told
from training.scores import scored_table
from training.study import Study
from training.validation.rolling import Pooled
from training.weights import unless_equal
from training.withdrawing import withdraw
from training.worth.enough_signal import signal_gate, unlearned_gate

Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RecalibratedHead:
    """A landmark and outcome as a bundle holds it with what is told of its recalibration; or why it could not be, and nothing."""

    head: LearnedHead | Unlearned
    told: Part | None


@dataclass(frozen=True, slots=True)
class _Asked:
    """One head of a bundle, with the children by whom it is recalibrated, and the cohort in which they stand."""

    contract: Contract
    original: Original
    head: OriginalHead
    study: Study
    cohort: CohortTable

    @property
    def plan(self) -> Plan:
        """The plan that the bundle was learned by, as it is asked of other children."""
        return self.original.plan_here


def recalibrate_head(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    original: Original,
    head: OriginalHead,
    cohort: CohortTable,
    cohorts: int,
    *,
    elsewhere: bool,
) -> RecalibratedHead:
    """
    Recalibrate a head of a bundle on an authority's own latest `cohorts` cohorts, where there are enough children in them.

    It goes by those who had no declared help; those who had are judged with them, and shown apart.
    """
    outcome = next(outcome for outcome in contract.outcomes if outcome.name == head.spec.outcome)
    plan = original.plan_here
    study = own_study(contract, cohort.matrix.landmark, outcome, cohort, cohorts, plan)
    years = latest_years(cohort, outcome.name, cohorts)
    part = begun(con, study, cohort, years, plan)
    refuse_learned_from(head, part, years, elsewhere=elsewhere)
    by = without_help(study)
    enough = enough_gate(of_rows(study, by))
    if enough.verdict == "blocked":
        return RecalibratedHead(Unlearned(part, (enough,)), None)
    try:
        found = recalibrated(head, study.rows, by, plan)
    except NoSignal as why:
        return RecalibratedHead(Unlearned(part, (enough, unlearned_gate(study, why, plan))), None)
    learned = _learned(_Asked(contract, original, head, study, cohort), found, part, enough)
    return RecalibratedHead(
        learned, told(head, found, study.rows, plan) | {"cohorts": years, "learned_from": head.learned_from}
    )


def _learned(asked: _Asked, found: Recalibrated, part: Part, enough: Gate) -> LearnedHead:
    """Return a head whose terms are the original's, and whose every figure is of the authority's own children."""
    study, head, shipped, plan = asked.study, asked.head, found.shipped, asked.plan
    measures, observed = evaluated(asked.contract, study, head, shipped, len(asked.original.heads), plan)
    intervals, held_out = _intervals(study, found, plan), shipped.held_out
    evaluation = part | measures | {"interval": _width(intervals, held_out)}
    estimator, at = Estimator(head.spec, shipped.calibration), thresholds(held_out.log_odds, study.rows.weights)[0]
    scored = scored_table(study.cohort, study.outcome.name, study.known, held_out)
    return LearnedHead(
        head.spec,
        shipped.calibration,
        intervals,
        _capacities(asked, found),
        at_slope(head.refit, found.chosen.slope),
        evaluation,
        (enough, signal_gate(evaluation, plan), *calibration_gate(evaluation, plan)),
        withdraw(asked.contract, study.landmark, study.rows.x[held_out.rows], estimator, at),
        scored,
        Pooled(scored, None),
        observed.followed,
    )


def _capacities(asked: _Asked, found: Recalibrated) -> AtCapacities:
    rows, plan = asked.study.rows, asked.plan
    drawn = family_weights(rows.families, plan.bootstrap, plan.seed)
    return AtCapacities(
        landmark=asked.head.spec.landmark,
        outcome=asked.head.spec.outcome,
        # The newest cohort that is complete may have no outcomes yet.
        children_a_month=children_a_month(asked.cohort),
        at=at_capacities(found.shipped.held_out.log_odds, rows.y, drawn, rows.weights),
        moves=moves_of(found.before[0], rows, plan),
    )


def _intervals(study: Study, found: Recalibrated, plan: Plan) -> IntervalTable:
    shipped = found.shipped
    rows = study.rows.take(shipped.calibrated_on.rows)
    return interval_table(
        study.landmark.name,
        study.outcome.name,
        shipped.calibrated_on.raw,
        rows.y,
        rows.families,
        shipped.calibration,
        plan.bootstrap,
        plan.seed,
        weights=unless_equal(rows.weights),
    )


def _width(table: IntervalTable, held_out: HeldOut) -> dict[str, float]:
    """Return how wide the intervals of held-out children are, and the widest there can be."""
    served = held_out.log_odds.ravel()
    low, high = Intervals(table).at_all(served, np.array([expit(x) for x in served.tolist()]))
    return {"mean_width": round(float((high - low).mean()), 6), "widest": table.widest}
