"""Lists of one length: ties are drawn alike, rules are filled up or drawn from, and the gain errs on the side of rules."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.feature import Rule
from training.judging import HeldOut, Rows
from training.plan import Plan
from training.plan_parts import BandsPlan
from training.resampled import Resampled, resampled
from training.worth.lists import chances, lists, shipped_chances, team_share

QUICK = settings(derandomize=True, database=None, deadline=None, max_examples=100)
COUNT = 400
PLAN = Plan(bootstrap=300)


def _rule(name: str) -> Rule:
    return Rule(name=name, label=f"the rule {name}", feature="any", at_least=1)


@pytest.fixture
def children(rows_of: Callable[..., Rows]) -> Resampled:
    """A hundred children with the outcome, then three hundred without."""
    rows = rows_of(np.zeros((COUNT, 1)), np.repeat([1.0, 0.0], [100, 300]))
    return resampled(rows, HeldOut(np.arange(COUNT), np.zeros((1, COUNT)), np.zeros((1, COUNT), dtype=np.int64)), PLAN)


@QUICK
@given(
    st.lists(st.tuples(st.integers(-2, 3), st.integers(1, 4)), min_size=1, max_size=30),
    st.sampled_from((0.0, 0.1, 0.2, 0.5, 1.0)),
)
def test_every_list_is_as_long(asked: list[tuple[int, int]], share: float) -> None:
    """A list holds just its share of all, weighted; whoever scores higher is listed first, and those who tie alike."""
    scores, weights = (np.array(part, dtype=float) for part in zip(*asked, strict=True))
    chance = chances(scores, weights, share)
    assert weights @ chance == pytest.approx(share * weights.sum())
    assert (chance >= 0).all()
    assert (chance <= 1).all()
    for score in np.unique(scores):
        assert len(set(chance[scores == score].tolist())) == 1
        if (chance[scores == score] > 0).any():
            assert (chance[scores > score] == 1).all()


def test_a_rule_of_another_length() -> None:
    """A rule that flags fewer is filled up by chance; one that flags more is drawn from; one that flags nobody is chance."""
    one = np.ones(10)
    assert chances(np.repeat([1.0, 0.0], [2, 8]), one, 0.4).tolist() == [1.0] * 2 + [0.25] * 8
    assert chances(np.repeat([1.0, 0.0], [8, 2]), one, 0.4).tolist() == [0.5] * 8 + [0.0] * 2
    assert chances(np.zeros(10), one, 0.4).tolist() == [0.4] * 10


def test_repeats_share_a_list() -> None:
    """Over two repeats, a child who is listed in one is listed half the time."""
    held_out = HeldOut(np.arange(4), np.array([[3.0, 2, 1, 0], [3, 0, 1, 2]]), np.zeros((2, 4), dtype=np.int64))
    assert shipped_chances(held_out, np.ones(4), 0.5).tolist() == [1.0, 0.5, 0.0, 0.5]


def test_what_lists_find(children: Resampled) -> None:
    """A list that holds all the outcomes finds 100 of 100; a rule, what it finds filled up; chance, the share of all."""
    half, none = _rule("half"), _rule("none")
    flags = np.zeros(COUNT, dtype=np.bool_)
    flags[:50] = True
    best = chances(np.arange(COUNT)[::-1].astype(float), children.weights, 0.25)
    found = lists(best, {none: np.zeros(COUNT, dtype=np.bool_), half: flags}, 0.25, children)
    assert found["what_ships"]["value"] == 100
    assert found["by_chance"]["value"] == 25
    by_half = round(50 + 50 * 50 / 350, 6)
    assert [rule["found"]["value"] for rule in found["rules"]] == [25, by_half]
    assert found["rules"][1]["gain"]["value"] == pytest.approx(100 - by_half)
    assert found["best"] == {"rule": "half", "label": "the rule half"}
    assert found["gain"]["value"] == pytest.approx(100 - by_half)
    assert found["gain"]["low"] > 30


def test_the_best_is_that_of_each_draw(children: Resampled) -> None:
    """Over two rules that are as good as each other, the gain is surer to be small than over either alone."""
    first, second = (
        np.isin(np.arange(COUNT), [*range(40 * k, 40 * k + 40), *range(200 + 60 * k, 260 + 60 * k)]) for k in (0, 1)
    )
    best = chances(np.arange(COUNT)[::-1].astype(float), children.weights, 0.25)
    found = lists(best, {_rule("first"): first, _rule("second"): second}, 0.25, children)
    assert found["rules"][0]["found"]["value"] == found["rules"][1]["found"]["value"]
    assert found["gain"]["low"] < min(rule["gain"]["low"] for rule in found["rules"])


def test_without_rules_chance_is_the_best(children: Resampled) -> None:
    """A contract without rules, or with one worse than chance, is compared with a list drawn by chance."""
    wrong = np.arange(COUNT) >= 200
    for rules in ({}, {_rule("wrong"): wrong}):
        found = lists(np.full(COUNT, 0.2), rules, 0.2, children)
        assert found["best"] == {"rule": None, "label": "a list drawn by chance"}
        assert found["gain"]["value"] == 0
        assert found["gain"]["high"] <= 0


def test_no_better_than_the_rule_is_seldom_a_gain() -> None:
    """Of 200 scores just as good as either of two rules, at most one in thirty has an interval above 0."""
    proven = 0
    for seed in range(200):
        chance = np.random.default_rng([17, seed])
        y = (chance.random(COUNT) < 0.3).astype(float)
        ships, *rules = chance.random((3, COUNT)) < np.where(y == 1, 0.4, 0.15)
        drawn = chance.multinomial(COUNT, np.full(COUNT, 1 / COUNT), size=150).astype(float)
        children = Resampled(y, np.ones(COUNT), drawn)
        flags = dict(zip(map(_rule, ("first", "second")), rules, strict=True))
        low = lists(chances(ships.astype(float), children.weights, 0.2), flags, 0.2, children)["gain"]["low"]
        proven += low > 0
    assert proven <= 6


def test_a_list_of_a_few_is_not_told(children: Resampled) -> None:
    """Of a list of fewer than ten children nothing is told."""
    found = lists(np.full(COUNT, 0.02), {_rule("any"): np.ones(COUNT, dtype=np.bool_)}, 0.02, children)
    nothing = {"value": None, "low": None, "high": None}
    assert found["what_ships"] == found["gain"] == found["rules"][0]["gain"] == nothing


def test_the_team_s_list() -> None:
    """The length is the team's, as bands are drawn; the default where children a month are given."""
    assert team_share(Plan(bands=BandsPlan(capacity=0.13))) == 0.12
    assert team_share(Plan(bands=BandsPlan(children_a_month=40))) == 0.2
