"""The policy: what a board asks, and what it may not ask."""

import datetime
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from fairness.policy.policy import AttributePolicy, Policy

DAY = datetime.date(2026, 9, 1)
AGREED: dict[str, Any] = {"owner": "the board", "agreed": DAY}


def test_by_default() -> None:
    """By default recall comes first, with a reason; margins are five points, nobody is protected and nobody has agreed."""
    policy = Policy()
    assert (policy.primary.measure, policy.margins.recall, policy.margins.fdr) == ("recall", 0.05, 0.05)
    assert policy.primary.reason
    assert (policy.owner, policy.agreed, policy.attributes) == (None, None, ())
    assert (policy.floors.children, policy.floors.denominator) == (100, 10)


def test_what_is_asked_of_an_attribute() -> None:
    """An attribute has its protected groups and pools; one that the policy does not name is asked nothing in particular."""
    policy = Policy.model_validate(
        {**AGREED, "attribute": [{"name": "origin", "protects": ["A", "B"], "pools": {"A or B": ["A", "B"]}}]}
    )
    assert policy.of("origin").protects == ("A", "B")
    assert (policy.of("origin").pool_of("B"), policy.of("origin").pool_of("C")) == ("A or B", None)
    assert policy.of("sex").protects == ()


@pytest.mark.parametrize(
    "said",
    [
        {"owner": "the board"},
        {"agreed": DAY},
        AGREED,
        {"margins": {"recall": 0.0}},
        {"margins": {"recall": 0.21, "reason": "tried"}},
        {"margins": {"fdr": 0.11}},
        {"floors": {"children": 99}},
        {"floors": {"denominator": 9}},
        {"primary": {"measure": "auc"}},
        {"attribute": [{"name": "sex"}, {"name": "sex"}]},
        {"attribute": [{"name": "sex", "protects": ["Girls", "Girls"]}]},
        {"attribute": [{"name": "origin", "pools": {"x": ["A"], "y": ["A"]}}]},
        {"attribute": [{"name": "origin", "pools": {"x": []}}]},
        {"intersection": [{"attributes": ["sex", "sex"]}]},
        {"intersection": [{"attributes": ["sex", "term"]}, {"attributes": ["term", "sex"]}]},
        {"intersection": [{"attributes": ["sex", f"a{i}"]} for i in range(13)]},
    ],
)
def test_what_no_policy_may_say(said: dict[str, Any]) -> None:
    """Margins without a reason, floors under those that were tried, groups named twice and the like are refused."""
    with pytest.raises(ValidationError):
        Policy.model_validate(said)


def test_a_wide_margin_with_its_reason() -> None:
    """A margin above ten points stands where a reason does; the distance of two ratios is twenty of a hundred by itself."""
    wide = Policy.model_validate({"margins": {"fdr": 0.15, "reason": "Few are flagged."}})
    assert (wide.margins.fdr, Policy().margins.observed_over_expected) == (0.15, 0.2)


@pytest.mark.parametrize(
    ("n", "denominator", "reached"),
    [((100, 100), (10, 10), True), ((99, 100), (10, 10), False), ((100, 99), (10, 10), False),
     ((100, 100), (9, 10), False), ((100, 100), (10, 9), False)],
)  # fmt: skip
def test_floors(n: tuple[int, int], denominator: tuple[int, int], *, reached: bool) -> None:
    """Either side needs enough children, and enough in the measure's own denominator; three rows of a child are one child."""
    floors = Policy().floors
    assert floors.reached(n, denominator) == reached
    thrice, of_those = ((3 * one, 3 * other) for one, other in (n, denominator))
    assert floors.reached(thrice, of_those, repeats=3) == reached
    assert not floors.reached(n, denominator, repeats=3)


def test_the_pool_that_stands_for_a_group() -> None:
    """A group is asked of with its pool where it is not enough to be judged; without one, it is asked of alone."""
    asked = AttributePolicy(name="sex", protects=("A", "B"), pools={"both": ("A", "C")})
    enough = np.array([True, False])
    assert asked.by_pool("A", enough).tolist() == [False, True]
    assert asked.by_pool("B", enough).tolist() == [False, False]
