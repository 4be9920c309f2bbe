"""
How well the features tell to which group of an audit attribute a child belongs, though the attribute is no feature.

An attribute that is left out may still be there by proxy: what is left out is then not forgotten, and what is learned of
one group is applied by its proxies. Each group is told from all others by the mean log-odds of a logistic regression
and a small booster, neither of which saw the child: of groups of a hundred children the booster alone tells less than
the best single feature, and together they are as good as either, or better, on every group of the invented England.
"""

from dataclasses import dataclass
from typing import Any

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from fairness.scored import NOT_RECORDED
from models.contract import Contract
from models.feature import AuditAttribute, Feature
from models.small_numbers import nearest
from training.cohort import CohortTable
from training.learning import Task, learn
from training.metrics import auc, family_weights
from training.plan import Plan
from training.split import family_folds
from training.validation.changed import resting_on

Floats = NDArray[np.float64]
Part = dict[str, Any]

# More children than these would hardly change a figure told to two places.
_MOST_CHILDREN = 20_000
# A group of fewer says little, and so does one of all but so few.
_LEAST_IN_GROUP = 100
_FOLDS = 3
_RESAMPLES = 100
# From these areas under the curve on, a group can be told somewhat, and well.
SOMEWHAT, WELL = 0.60, 0.75
_BOOSTER = {
    "objective": "binary",
    "verbosity": -1,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "num_leaves": 4,
    "learning_rate": 0.1,
    "min_data_in_leaf": 100,
    "lambda_l2": 10.0,
}
_TREES = 40


@dataclass(frozen=True, slots=True)
class _Sample:
    """Some of a landmark's children: rows of the matrix x (n, features), each column's ranks, folds, families drawn."""

    landmark: str
    features: tuple[Feature, ...]
    children: NDArray[np.int64]
    x: Floats
    ranks: tuple[Floats, Floats]
    fold: NDArray[np.int64]
    drawn: Floats
    plan: Plan


def proxies(contract: Contract, cohort: CohortTable, plan: Plan) -> Part:
    """Return, for one landmark, how well each attribute's groups can be told from its features, and by which most."""
    landmark = cohort.matrix.landmark
    sample = _sample(contract, cohort, plan)
    return {
        "landmark": landmark.name,
        "label": landmark.label,
        "children": nearest(len(sample.children)),
        "attributes": [_attribute(contract, attribute, cohort, sample) for attribute in contract.audit],
    }


def _sample(contract: Contract, cohort: CohortTable, plan: Plan) -> _Sample:
    landmark = cohort.matrix.landmark
    # Which way a feature may push an outcome says nothing of whom it tells of.
    features = tuple(f.model_copy(update={"direction": "none"}) for f in contract.features_at(landmark))
    count = len(cohort.families)
    children = np.arange(count)
    if count > _MOST_CHILDREN:
        chance = np.random.default_rng([plan.seed, count])
        children = np.sort(chance.choice(count, _MOST_CHILDREN, replace=False))
    x, families = cohort.matrix.numbers[children], cohort.families[children]
    folds = family_folds(families, _FOLDS, plan.seed)
    drawn = family_weights(families, _RESAMPLES, plan.seed)
    return _Sample(landmark.name, features, children, x, _ranks(x), folds, drawn, plan)


def _ranks(x: Floats) -> tuple[Floats, Floats]:
    """Return each column's ranks with *not known* below all values, and above them: it is a value like any other."""
    below, above = (np.where(np.isnan(x), far, x) for far in (-np.inf, np.inf))
    return rankdata(below, axis=0), rankdata(above, axis=0)


def _attribute(contract: Contract, attribute: AuditAttribute, cohort: CohortTable, sample: _Sample) -> Part:
    """Return an attribute's groups; of one that features rest on, those: there is nothing to guess."""
    said = {"attribute": attribute.name, "label": attribute.label}
    itself = resting_on(contract, attribute, sample.features)
    if itself:
        return said | {"features": list(itself), "groups": [], "too_few": []}
    of = cohort.groups[attribute.name][sample.children]
    recorded = np.flatnonzero(of != NOT_RECORDED)
    names, counts = np.unique(of[recorded], return_counts=True)
    enough = np.minimum(counts, len(recorded) - counts) >= _LEAST_IN_GROUP
    # Two groups are told from each other: the smaller stands for both.
    asked = [names[counts.argmin()]] if len(names) == 2 and enough.all() else names[enough]
    return said | {
        "features": [],
        "groups": [_group(str(name), of == name, recorded, sample) for name in asked],
        "too_few": [str(name) for name in names[~enough]],
    }


def _group(name: str, belongs: NDArray[np.bool_], recorded: NDArray[np.int64], sample: _Sample) -> Part:
    y = belongs[recorded].astype(np.float64)
    scores = _cross_fitted(sample, recorded, y)
    value = float(auc(scores, y, np.ones((1, len(y))))[0])
    low, high = np.nanpercentile(auc(scores, y, sample.drawn[:, recorded]), [2.5, 97.5]).tolist()
    feature, alone = _most_telling(sample, recorded, y)
    return {
        "group": name,
        "children": nearest(int(y.sum())),
        "auc": {"value": round(value, 3), "low": round(low, 3), "high": round(high, 3)},
        "feature": {"label": feature.label, "auc": round(alone, 3)},
    }


def _cross_fitted(sample: _Sample, recorded: NDArray[np.int64], y: Floats) -> Floats:
    """Return each child's log-odds of the group, learned on the families of the other folds."""
    x, fold, scores = sample.x[recorded], sample.fold[recorded], np.empty(len(y))
    for number in range(_FOLDS):
        train, test = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        scores[test] = _learned(sample, x[train], y[train], x[test])
    return scores


def _learned(sample: _Sample, x: Floats, y: Floats, asked: Floats) -> Floats:
    """Learn a group from x and y, and return the mean log-odds of the rows asked of."""
    parameters = _BOOSTER | {"seed": sample.plan.seed}
    booster = lgb.train(parameters, lgb.Dataset(x, y, params=parameters), _TREES)
    line = learn("logistic", Task(sample.landmark, "group", sample.features), x, y, sample.plan)
    return np.asarray((booster.predict(asked, raw_score=True) + line.log_odds(asked)) / 2)


def _most_telling(sample: _Sample, recorded: NDArray[np.int64], y: Floats) -> tuple[Feature, float]:
    """
    Return the feature that tells the group best by itself, whichever way it points, and its area under the curve.

    It is picked and measured on the same children: of a small group the area is a little too large.
    """
    inside = y.sum()
    areas = []
    for ranks in sample.ranks:
        among = rankdata(ranks[recorded], axis=0) if len(recorded) < len(ranks) else ranks
        area = (y @ among - inside * (inside + 1) / 2) / (inside * (len(y) - inside))
        areas.append(np.maximum(area, 1 - area))
    best = np.maximum(*areas)
    column = int(best.argmax())
    return sample.features[column], float(best[column])


def told(value: float) -> str:
    """Return in words how well an area under the curve tells a group."""
    return "well" if value >= WELL else "somewhat" if value >= SOMEWHAT else "hardly"
