"""
What unobserved outcomes could change (M1): observed over expected, plain, weighted, and with bounds.

Children whose outcome was never observed (moved away, taught elsewhere) are not like the others. The weights are one over
the chance of being observed, by the features at the landmark; what those do not tell is what the bounds are for. Where the
contract declares sampling weights, every figure here counts children by them.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from models.contract import Contract
from models.estimator import Estimator
from training.cohort import CohortTable
from training.interventions import left_out
from training.judging import Judged
from training.metrics import MEASURES, family_weights
from training.plan import Plan
from training.study import Study
from training.weights import unless_equal

Floats = NDArray[np.float64]
# No child counts for more than this many: a few of them would otherwise be the whole figure.
_LARGEST_WEIGHT = 10.0
_MEASURES = ("auc", "calibration_slope")


@dataclass(frozen=True, slots=True)
class Observed:
    """The measures, and child by child what was foreseen of everyone they speak of (`seen`: with a result)."""

    measures: dict[str, Any]
    followed: pd.DataFrame


@dataclass(frozen=True, slots=True)
class _Children:
    """
    Those judged, who have a result, and those like them who have none; `part` is the share of all who are judged.

    `seen_for` and `unseen_for` are their sampling weights, `weights` one over the chance of being seen, 1 on average.
    """

    seen: NDArray[np.int64]
    unseen: NDArray[np.int64]
    part: float
    seen_for: Floats
    unseen_for: Floats
    weights: Floats


class _Foreseen(NamedTuple):
    """What happened to the seen and was foreseen of them, as weighted; the log-odds of the unseen and how much each counts."""

    happened: Floats
    seen: Floats
    unseen: Floats
    unseen_for: Floats


def observe(contract: Contract, study: Study, shipped: Judged, plan: Plan) -> Observed:
    """Return the measures for what ships of the cohorts that are judged."""
    if shipped.spec is None:
        raise AssertionError("the yardstick never ships")
    cohort, outcome = study.cohort, study.outcome.name
    children = _children(contract, study, shipped, plan)
    y = cohort.outcomes[outcome][children.seen]
    seen = expit(shipped.held_out.log_odds).mean(axis=0)
    unseen = Estimator(shipped.spec, shipped.calibration).log_odds(cohort.matrix.numbers[children.unseen])
    resamples = family_weights(cohort.families[children.seen], plan.bootstrap, plan.seed) * children.seen_for
    everyone = _Foreseen(y * children.seen_for, seen * children.seen_for, unseen, children.unseen_for * children.part)
    log_odds = shipped.held_out.log_odds[0]
    measures = {
        "with_result": len(children.seen),
        "without_result": len(children.unseen),
        "largest_weight": _rounded(float(children.weights.max())),
        "observed_over_expected": _ratio(y, seen, resamples),
        "weighted_observed_over_expected": _ratio(y, seen, resamples * children.weights),
        "observed_over_expected_if_unobserved_at_half_the_odds": _bound(everyone, 0.5),
        "observed_over_expected_if_unobserved_at_twice_the_odds": _bound(everyone, 2.0),
        **{
            f"weighted_{name}": _rounded(
                float(MEASURES[name](log_odds, y, (children.seen_for * children.weights)[None, :])[0])
            )
            for name in _MEASURES
        },
    }
    return Observed(measures, _followed(cohort, outcome, children, seen, np.asarray(expit(unseen))))


def _children(contract: Contract, study: Study, shipped: Judged, plan: Plan) -> _Children:
    cohort = study.cohort
    seen = study.known[shipped.held_out.rows]
    has_result = np.zeros(len(cohort.families), dtype=np.bool_)
    has_result[study.known] = True
    population = has_result | _like_them(contract, study)
    if cohort.years is not None:
        # A cohort of whom nobody is judged, for want of results perhaps, tells nothing of who is seen in one that is.
        population &= np.isin(cohort.years, cohort.years[seen])
    calibrated = study.known[study.split.calibrate] if study.split is not None else np.empty(0, dtype=np.int64)
    without = population & ~has_result & ~np.isin(cohort.families, cohort.families[calibrated])
    weights, stands_for = _weights(cohort, population, has_result, plan)[seen], cohort.weights
    judged = float(stands_for[seen].sum())
    return _Children(
        seen,
        np.flatnonzero(without),
        judged / (judged + float(stands_for[calibrated].sum())),
        stands_for[seen],
        stands_for[without],
        weights / np.average(weights, weights=stands_for[seen]),
    )


def _like_them(contract: Contract, study: Study) -> NDArray[np.bool_]:
    """Return who has no result, and would be studied with one: nobody who had help that the contract sets apart."""
    cohort, outcome = study.cohort, study.outcome.name
    return np.isnan(cohort.outcomes[outcome]) & ~left_out(contract, cohort.helped, outcome, len(cohort.families))


def _weights(cohort: CohortTable, population: NDArray[np.bool_], has_result: NDArray[np.bool_], plan: Plan) -> Floats:
    """Return one over the chance of having a result, by the features; 1 where everyone has one."""
    x, told = cohort.matrix.numbers, unless_equal(cohort.weights[population])
    weights = np.ones(len(x))
    if has_result[population].all():
        return weights
    model = make_pipeline(
        SimpleImputer(add_indicator=True, keep_empty_features=True),
        StandardScaler(),
        LogisticRegression(C=plan.logistic.inverse_penalty, max_iter=1000),
    )
    model.fit(x[population], has_result[population], logisticregression__sample_weight=told)
    weights[population] = 1 / np.maximum(model.predict_proba(x[population])[:, 1], 1 / _LARGEST_WEIGHT)
    return weights


def _ratio(y: Floats, foreseen: Floats, weights: Floats) -> dict[str, float]:
    """Return observed over expected with its interval, resampling whole families."""
    value = float((weights.mean(axis=0) * y).sum() / (weights.mean(axis=0) * foreseen).sum())
    low, high = np.percentile((weights @ y) / (weights @ foreseen), [2.5, 97.5]).tolist()
    return {"value": _rounded(value), "low": _rounded(low), "high": _rounded(high)}


def _bound(everyone: _Foreseen, odds: float) -> float:
    """Return observed over expected, were outcomes that were not observed at so many times the odds foreseen."""
    unseen, counts_for = everyone.unseen, everyone.unseen_for
    happened = everyone.happened.sum() + float(counts_for @ expit(unseen + np.log(odds)))
    return _rounded(float(happened / (everyone.seen.sum() + float(counts_for @ expit(unseen)))))


def _followed(cohort: CohortTable, outcome: str, children: _Children, seen: Floats, unseen: Floats) -> pd.DataFrame:
    who = np.concatenate([children.seen, children.unseen])
    return pd.DataFrame(
        {
            "child": cohort.matrix.children[who],
            "landmark": cohort.matrix.landmark.name,
            "outcome": outcome,
            "probability": np.concatenate([seen, unseen]),
            "seen": np.arange(len(who)) < len(children.seen),
            "part": np.where(np.arange(len(who)) < len(children.seen), 1.0, children.part),
        }
    )


def _rounded(value: float) -> float:
    return round(value, 6)
