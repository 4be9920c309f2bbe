"""Lists side by side: ties are drawn alike, none is thinned by chance, and the gain errs on the side of rules."""

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
from training.worth.lists import chances, found_of_100, lists, shipped_chances, team_share

QUICK = settings(derandomize=True, database=None, deadline=None, max_examples=100)
COUNT = 400
PLAN = Plan(bootstrap=300)


def _rule(name: str) -> Rule:
    return Rule(name=name, label=f"the rule {name}", feature="any", at_least=1)


def _scored(*scores: object) -> HeldOut:
    """Return what ships of these scores, one repeat or more, all of them held out."""
    log_odds = np.atleast_2d(np.array(scores, dtype=float))
    return HeldOut(np.arange(log_odds.shape[1]), log_odds, np.zeros(log_odds.shape, dtype=np.int64))


BEST = _scored(-np.arange(COUNT))


@pytest.fixture
def children(rows_of: Callable[..., Rows]) -> Resampled:
    """A hundred children with the outcome, then three hundred without."""
    rows = rows_of(np.zeros((COUNT, 1)), np.repeat([1.0, 0.0], [100, 300]))
    return resampled(rows, BEST, PLAN)


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
    """Of those who tie at the cut each is as likely: a rule that flags more is drawn from, one that flags nobody is chance."""
    one = np.ones(10)
    assert chances(np.repeat([1.0, 0.0], [2, 8]), one, 0.4).tolist() == [1.0] * 2 + [0.25] * 8
    assert chances(np.repeat([1.0, 0.0], [8, 2]), one, 0.4).tolist() == [0.5] * 8 + [0.0] * 2
    assert chances(np.zeros(10), one, 0.4).tolist() == [0.4] * 10


def test_repeats_share_a_list() -> None:
    """Over two repeats, a child who is listed in one is listed half the time."""
    held_out = HeldOut(np.arange(4), np.array([[3.0, 2, 1, 0], [3, 0, 1, 2]]), np.zeros((2, 4), dtype=np.int64))
    assert shipped_chances(held_out, np.ones(4), 0.5).tolist() == [1.0, 0.5, 0.0, 0.5]


def test_what_lists_find(children: Resampled) -> None:
    """A list that holds all the outcomes finds 100 of 100; a rule what it flags finds, and no more; chance the share of all."""
    some, many = _rule("some"), _rule("many")
    flags = np.isin(np.arange(COUNT), [*range(30), *range(100, 120)])
    found = lists(BEST, {many: np.arange(COUNT) < 200, some: flags}, 0.25, children)
    assert found["what_ships"]["value"] == 100
    assert found["by_chance"]["value"] == 25
    assert [(rule["length"], rule["found"]["value"]) for rule in found["rules"]] == [(0.25, 50), (0.125, 60)]
    assert [rule["gain"]["value"] for rule in found["rules"]] == [50, 40]
    assert [rule["over_chance"]["value"] for rule in found["rules"]] == [25, 35]
    assert found["best"] == found["use"] == {"rule": "some", "label": "the rule some", "length": 0.125}
    assert found["gain"]["value"] == 40
    assert found["gain"]["low"] > 25


def test_a_short_rule_is_not_thinned(children: Resampled) -> None:
    """A rule that is all right about a few is not beaten by a longer list that is half right: it is as good at its length."""
    ships = _scored(
        -np.where(np.arange(COUNT) < 60, np.arange(COUNT), np.random.default_rng(4).integers(60, 999, COUNT))
    )
    flags = np.arange(COUNT) < 40
    found = lists(ships, {_rule("short"): flags}, 0.4, children)
    filled_up = found_of_100(
        chances(flags.astype(float), children.weights, 0.4)[:, None], children.weights[None], children
    )
    assert found["what_ships"]["value"] > filled_up[0, 0] + 5
    assert found["what_ships"]["low"] > found["by_chance"]["high"]
    (rule,) = found["rules"]
    assert (rule["length"], rule["what_ships"]["value"], rule["found"]["value"]) == (0.1, 100, 100)
    assert found["gain"] == {"value": 0.0, "low": 0.0, "high": 0.0}
    assert found["best"]["rule"] == found["use"]["rule"] == "short"


def test_what_ships_is_to_beat_them_all(children: Resampled) -> None:
    """The gain is over whichever is hardest to beat: chance at the team's length, where what ships is right of a few alone."""
    ships = _scored(-np.where(np.arange(COUNT) < 20, np.arange(COUNT), 99))
    flags = np.isin(np.arange(COUNT), [*range(10), *range(200, 210)])
    found = lists(ships, {_rule("short"): flags}, 0.5, children)
    (rule,) = found["rules"]
    assert rule["gain"]["value"] == 50
    assert found["best"] == {"rule": None, "label": "a list drawn by chance", "length": 0.5}
    assert found["use"]["rule"] == "short"
    assert found["gain"]["value"] == pytest.approx(found["what_ships"]["value"] - 25)
    assert 0 < found["gain"]["value"] < 10


def test_a_rule_that_flags_a_few_is_not_judged(children: Resampled) -> None:
    """Of a rule that flags fewer than ten nothing is told, not how many either, and nothing is compared with it."""
    nine, ten = (np.arange(COUNT) < count for count in (9, 10))
    found = lists(BEST, {_rule("nine"): nine, _rule("ten"): ten}, 0.25, children)
    few, enough = found["rules"]
    none = {"value": None, "low": None, "high": None}
    assert few["length"] is None
    assert few["found"] == few["what_ships"] == few["gain"] == few["over_chance"] == none
    assert found["not_judged"] == ["the rule nine"]
    assert (enough["length"], enough["found"]["value"]) == (0.025, 100)
    assert found["best"]["rule"] == "ten"
    assert [other["rule"] for other in found["others"]] == [None, "ten"]
    assert found["gain"]["low"] == min(other["low"] for other in found["others"])


def test_the_best_is_that_of_each_draw(children: Resampled) -> None:
    """Over two rules that are as good as each other, the gain is surer to be small than over either alone."""
    first, second = (
        np.isin(np.arange(COUNT), [*range(40 * k, 40 * k + 40), *range(200 + 60 * k, 260 + 60 * k)]) for k in (0, 1)
    )
    found = lists(BEST, {_rule("first"): first, _rule("second"): second}, 0.25, children)
    assert found["rules"][0]["found"]["value"] == found["rules"][1]["found"]["value"]
    assert found["gain"]["low"] < min(rule["gain"]["low"] for rule in found["rules"])


def test_without_rules_chance_is_the_best(children: Resampled) -> None:
    """A contract without rules, or with one worse than chance, is compared with a list drawn by chance."""
    wrong = np.arange(COUNT) >= 200
    for rules in ({}, {_rule("wrong"): wrong}):
        found = lists(_scored(np.zeros(COUNT)), rules, 0.2, children)
        assert found["best"] == {"rule": None, "label": "a list drawn by chance", "length": 0.2}
        assert found["use"] is None
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
        low = lists(_scored(ships), flags, 0.2, children)["gain"]["low"]
        proven += low > 0
    assert proven <= 6


def test_a_list_of_a_few_is_not_told(children: Resampled) -> None:
    """Of a list of fewer than ten children nothing is told."""
    found = lists(_scored(np.zeros(COUNT)), {_rule("any"): np.ones(COUNT, dtype=np.bool_)}, 0.02, children)
    nothing = {"value": None, "low": None, "high": None}
    assert found["what_ships"] == found["gain"] == found["rules"][0]["gain"] == nothing


def test_the_team_s_list() -> None:
    """The length is the team's, as bands are drawn."""
    assert team_share(Plan(bands=BandsPlan(capacity=0.13))) == 0.12
