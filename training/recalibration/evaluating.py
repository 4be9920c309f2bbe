"""How a recalibrated landmark and outcome did on the authority's own children: all that a reader of any bundle is told."""

import dataclasses
from typing import Any

import duckdb
import numpy as np
from scipy.stats import norm

from models.contract import Contract
from models.estimator import Estimator
from training.cohort import CohortTable
from training.declared_rules import against_rules
from training.evaluation import evaluate
from training.flow import flow
from training.judging import Judged
from training.observation import Observed, observe
from training.plan import Plan
from training.recalibration.original import OriginalHead
from training.split import TimeSplit
from training.study import AllJudged, Study
from training.validation.helped import helped
from training.withdrawing import one_more_row
from training.worth.enough_signal import auc_and_error
from training.worth.worth import worth

Part = dict[str, Any]


def begun(con: duckdb.DuckDBPyConnection, study: Study, cohort: CohortTable, years: list[int], plan: Plan) -> Part:
    """Return what is told before anything is set; the flow is of everyone on record, whatever cohort they are of."""
    return {
        "landmark": study.landmark.name,
        "outcome": study.outcome.name,
        "definition": study.outcome.definition,
        "flow": flow(con, study, cohort, years or None),
        "procedure": {"kind": "recalibrated", "cohorts": years, "folds": plan.folds, "repeats": plan.repeats},
    }


def evaluated(
    contract: Contract, study: Study, head: OriginalHead, shipped: Judged, heads: int, plan: Plan
) -> tuple[Part, Observed]:
    """Return the evaluation of one of so many heads, and what was observed of its children; it has no candidate but one."""
    judged: AllJudged = {head.spec.kind: shipped}
    x = study.rows.x[shipped.held_out.rows]
    observed = observe(contract, study, shipped, plan)
    return {
        **evaluate(judged, study.rows, plan),
        "signal": _signal(study, head, shipped, heads, plan),
        "worth": worth(contract, study, judged, head.spec.kind, plan),
        "one_more_row": one_more_row(contract, study.landmark, x, Estimator(head.spec, shipped.calibration)),
        "outcomes_never_observed": observed.measures,
        "helped": helped(contract, study, shipped, plan),
        "rules": against_rules(contract, study.landmark, study.rows, shipped.held_out),
        # How a model ages is told of the cohorts it was learned on, and they are not here.
        "ageing": None,
    }, observed


def _signal(study: Study, head: OriginalHead, shipped: Judged, heads: int, plan: Plan) -> Part:
    """
    Return what is known of the signal here, as of any head (M10); how many children it takes to learn is the original's.

    Nothing was chosen by these children among candidates, and no fold shares with another what was learned: the level is shared
    by the heads alone, and the error is that of scores learned elsewhere.
    """
    none = np.empty(0, dtype=np.int64)
    elsewhere = dataclasses.replace(study, split=TimeSplit(none, none, shipped.held_out.rows, lag=0))
    auc, error = auc_and_error(elsewhere, shipped, plan)
    level = plan.gates.signal_level / heads
    return {
        "auc": round(auc, 6),
        "standard_error": round(error, 6),
        "z": round((auc - 0.5) / error, 6) if round(error, 6) else None,
        "level": round(level, 9),
        "heads": heads,
        "candidates": 1,
        "least": round(auc - float(norm.isf(level)) * error, 6),
        "riley": head.evaluation["signal"]["riley"],
    }
