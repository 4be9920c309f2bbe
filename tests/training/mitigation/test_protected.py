"""Whose gaps the options are about."""

from fairness.policy.policy import Floors, Policy
from models.contract import Contract
from training.judging import HeldOut
from training.mitigation.protected import groups_asked
from training.study import Study


def _policy(**sex: object) -> Policy:
    return Policy.model_validate(
        {"attribute": [{"name": "sex", **sex}, {"name": "light"}, {"name": "elsewhere", "protects": ["A"]}]}
    )


def test_protected(borough: Contract, gap_study: Study, gap_scores: HeldOut) -> None:
    """The groups that the policy protects of what the contract audits, with those who are in them."""
    girls, another = groups_asked(borough, gap_study, gap_scores.rows, _policy(protects=["Girls", "Another"]))
    assert (girls.attribute, girls.label, girls.group, another.group) == ("sex", "Sex", "Girls", "Another")
    assert (girls.members == (gap_study.cohort.groups["sex"] == "Girls")).all()


def test_pooled(borough: Contract, gap_study: Study, gap_scores: HeldOut) -> None:
    """A group with too few children to be judged is judged with its pool, once; a large one is judged alone."""
    pools = {"Few": ["Another", "not recorded"], "Rest": ["Girls"]}
    policy = _policy(protects=["Another", "Girls", "not recorded"], pools=pools)
    few, girls = groups_asked(borough, gap_study, gap_scores.rows, policy)
    sex = gap_study.cohort.groups["sex"]
    assert (few.group, girls.group) == ("Few", "Girls")
    assert (few.members == ((sex == "Another") | (sex == "not recorded"))).all()


def test_too_few_with_the_outcome(borough: Contract, gap_study: Study, gap_scores: HeldOut) -> None:
    """A group with children enough, and too few of them with the outcome, is judged with its pool as well: by the floors of the gate."""
    policy = _policy(protects=["Girls"], pools={"All": ["Girls", "Another"]})
    girls = gap_study.cohort.groups["sex"][gap_study.known][gap_scores.rows] == "Girls"
    events = int((girls & (gap_study.rows.y[gap_scores.rows] == 1)).sum())
    for asked, named in ((events, "Girls"), (events + 1, "All")):
        floors = policy.model_copy(update={"floors": Floors(denominator=asked)})
        (group,) = groups_asked(borough, gap_study, gap_scores.rows, floors)
        assert group.group == named
