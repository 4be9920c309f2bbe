"""One model for each set of features."""

import numpy as np

from models.contract import Contract
from training.plan import Plan
from training.study import Study
from training.validation.changed import relearned, with_groups, without_features
from training.validation.learned_once import LearnedOnce


def test_learned_once(left_out_study: Study, left_out_plan: Plan) -> None:
    """The same features give the very same scores, as they would be learned without it; others are learned for themselves."""
    ask = LearnedOnce("logistic", left_out_plan)
    less = without_features(left_out_study, ["birthweight"])
    once, other = ask(less), ask(left_out_study)
    alone = relearned("logistic", less, left_out_plan)
    assert once is not None
    assert alone is not None
    assert other is not None
    assert (once.log_odds == alone.log_odds).all()
    assert ask(without_features(left_out_study, ["birthweight"])) is once
    assert (other.log_odds != once.log_odds).any()


def test_groups_as_features(borough: Contract, left_out_study: Study, left_out_plan: Plan) -> None:
    """Two attributes whose groups are put in are two studies, though their features may have the same names."""
    ask, few = LearnedOnce("logistic", left_out_plan), without_features(left_out_study, ["communication"])
    groups = np.where(left_out_study.cohort.groups["light"] == "Under 2,500 g", "yes", "no")
    first, second = (ask(with_groups(few, attribute, groups)) for attribute in borough.audit)
    assert first is not None
    assert second is not None
    assert first is not second


def test_nothing_to_learn(left_out_study: Study, left_out_plan: Plan) -> None:
    """Without any feature nothing is learned, and that is remembered too."""
    ask = LearnedOnce("logistic", left_out_plan)
    none = without_features(left_out_study, [feature.name for feature in left_out_study.task.features])
    assert ask(none) is ask(none) is None
