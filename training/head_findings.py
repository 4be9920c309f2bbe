"""How one landmark and outcome did on children it had not seen, everything that a reader is told of it; and its gates."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb
import pandas as pd

from fairness.policy.policy import Policy
from models.contract import Contract
from models.estimator import Estimator
from models.gates import Gate
from training.alarms.every_alarm import alarms_of_study
from training.declared_rules import against_rules
from training.evaluation import evaluate
from training.flow import flow
from training.gates.calibration import calibration_gate
from training.judging import Judged
from training.learning import CandidateName
from training.mitigation.options import options
from training.observation import observe
from training.plan import Plan
from training.study import AllJudged, Study, by_time, procedure
from training.validation.ageing import ageing
from training.validation.helped import helped
from training.validation.learned_once import LearnedOnce
from training.validation.learning_curve import learning_curve
from training.validation.sites import sites
from training.validation.without import without
from training.withdrawing import one_more_row
from training.worth.enough_signal import signal, signal_gate
from training.worth.worth import worth

Connection = duckdb.DuckDBPyConnection
Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What ships, its evaluation, and (child-level) what was foreseen of those followed."""

    ships: CandidateName
    evaluation: Part
    followed: pd.DataFrame


def begin(con: Connection, study: Study, plan: Plan) -> Part:
    """Return what is told of a landmark and outcome before anything is learned."""
    return {
        "landmark": study.landmark.name,
        "outcome": study.outcome.name,
        "definition": study.outcome.definition,
        "flow": flow(con, study, study.cohort, plan.cohorts),
        "procedure": procedure(study, plan),
    }


def judgement(
    con: Connection, contract: Contract, study: Study, judged: AllJudged, plan: Plan, policy: Policy
) -> Judgement:
    """Return what the held-out children say of every candidate, and of what ships in full."""
    measured = evaluate(judged, study.rows, plan)
    ships: CandidateName = measured["ships"]
    shipped = judged[ships]
    if shipped.spec is None:
        raise AssertionError("the yardstick never ships")
    estimator, x = Estimator(shipped.spec, shipped.calibration), study.rows.x[shipped.held_out.rows]
    observed = observe(contract, study, shipped, plan)
    heads = sum(len(contract.outcomes_at(landmark)) for landmark in contract.landmarks)
    evaluation = {
        **measured,
        "signal": signal(study, judged, ships, plan, heads),
        "worth": worth(contract, study, judged, ships, plan),
        "one_more_row": one_more_row(contract, study.landmark, x, estimator),
        "outcomes_never_observed": observed.measures,
        "helped": helped(contract, study, shipped, plan),
        "rules": against_rules(contract, study.landmark, study.rows, shipped.held_out),
        "ageing": ageing(study, ships, shipped, plan),
        **by_time(study, judged, plan),
        **_full(con, contract, study, ships, shipped, plan, policy),
    }
    return Judgement(ships, evaluation, observed.followed)


def _full(
    con: Connection,
    contract: Contract,
    study: Study,
    ships: CandidateName,
    shipped: Judged,
    plan: Plan,
    policy: Policy,
) -> Part:
    """Return what takes too long for every day; nothing where the plan asks for quick evidence."""
    if plan.evidence == "quick":
        return {}
    once = LearnedOnce(ships, plan)
    return {
        "full": {
            "sites": sites(con, contract, study, ships, plan),
            "learning_curve": learning_curve(study, ships, plan),
            "without": without(con, contract, study, ships, shipped.held_out, plan, once),
            "options": options(contract, study, ships, shipped.held_out, policy, plan, once),
        }
    }


def head_gates(study: Study, judged: AllJudged, evaluation: Part, plan: Plan) -> Iterator[Gate]:
    """Yield the gates of one landmark and outcome that was learned; those that go by the length of a list come later."""
    yield signal_gate(evaluation, plan)
    yield from alarms_of_study(study, judged, plan)
    yield from calibration_gate(evaluation, plan)
