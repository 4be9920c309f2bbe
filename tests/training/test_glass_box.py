"""The glass box: trees of depth 2 held to single features and a few chosen pairs, in the directions a contract declares."""

from itertools import pairwise

import lightgbm as lgb
import numpy as np
import pytest
from numpy.typing import NDArray

from training.glass_box import choose_pairs, fit_full_booster, fit_glass_box
from training.plan_parts import FullBooster, GlassBox
from training.trees import leaves_of

Floats = NDArray[np.float64]
PLAN = GlassBox(trees=40, pairs=2)
FREE = [0] * 5


def _children(seed: int, count: int = 1500) -> tuple[Floats, Floats]:
    """Return features of which 0 and 1 matter together only, 2 alone, and 3 and 4 not at all; a tenth is not known."""
    chance = np.random.default_rng(seed)
    x = np.round(chance.normal(size=(count, 5)), 2)
    signal = 2.0 * np.sign(x[:, 0] * x[:, 1]) + x[:, 2]
    y = (chance.random(count) < 1 / (1 + np.exp(-signal))).astype(float)
    x[chance.random(x.shape) < 0.1] = np.nan
    return x, y


def _used(booster: lgb.Booster) -> set[tuple[int, ...]]:
    """Return the features that each path through each tree crosses."""
    return {tuple(sorted(leaf.sides)) for leaf in leaves_of(booster)}


def _same_trees(first: lgb.Booster, second: lgb.Booster) -> bool:
    return bool(first.model_to_string() == second.model_to_string())


def test_a_pair_that_matters_is_chosen() -> None:
    """Features that matter only together are found to be a pair."""
    x, y = _children(1)
    assert choose_pairs(x, y, FREE, PLAN, seed=1)[0] == (0, 1)


def test_as_many_pairs_as_the_plan_says() -> None:
    """At most as many pairs are chosen as the plan says, each of two features in order and each once."""
    x, y = _children(2)
    for pairs in (1, 2, 4):
        chosen = choose_pairs(x, y, FREE, PLAN.model_copy(update={"pairs": pairs}), seed=1)
        assert len(chosen) <= pairs
        assert len(set(chosen)) == len(chosen)
        assert all(first < second for first, second in chosen)


def test_no_path_but_singles_and_chosen_pairs() -> None:
    """Every path through every tree crosses one feature or a chosen pair, and no more than two."""
    x, y = _children(3)
    allowed = {(), *((feature,) for feature in range(5)), *choose_pairs(x, y, FREE, PLAN, seed=1)}
    used = _used(fit_glass_box(x, y, FREE, PLAN, seed=1))
    assert used <= allowed
    assert (0, 1) in used


def test_no_pairs() -> None:
    """A plan without pairs gives a sum of single features."""
    x, y = _children(4)
    used = _used(fit_glass_box(x, y, FREE, PLAN.model_copy(update={"pairs": 0}), seed=1))
    assert all(len(features) <= 1 for features in used)


def test_pairs_are_chosen_on_the_given_children_alone() -> None:
    """The pairs come of the rows that are given: among children where another pair matters, that pair is chosen."""
    x, y = _children(5)
    there = x[:, [3, 4, 2, 0, 1]]
    both, outcomes = np.vstack([x, there]), np.concatenate([y, y])
    assert choose_pairs(both[:1500], outcomes[:1500], FREE, PLAN, seed=1)[0] == (0, 1)
    assert choose_pairs(both[1500:], outcomes[1500:], FREE, PLAN, seed=1)[0] == (3, 4)


@pytest.mark.parametrize("direction", [1, -1])
def test_directions_are_kept(direction: int) -> None:
    """Along a feature with a declared direction no score moves the other way, whatever the other features are."""
    x, y = _children(6)
    booster = fit_glass_box(x, y, [direction, 0, direction, 0, 0], PLAN, seed=1)
    chance = np.random.default_rng(7)
    for row in x[chance.integers(0, len(x), 100)]:
        for feature in (0, 2):
            along = np.tile(row, (60, 1))
            along[:, feature] = np.linspace(-4, 4, 60)
            scores = booster.predict(along, raw_score=True)
            assert all(direction * (later - sooner) >= 0 for sooner, later in pairwise(np.asarray(scores).tolist()))


def test_enough_children_in_every_leaf() -> None:
    """Every leaf rests on at least as many children as the plan says."""
    x, y = _children(8)
    trees = fit_glass_box(x, y, FREE, PLAN, seed=1).dump_model()["tree_info"]
    pending, counts = [tree["tree_structure"] for tree in trees], []
    while pending:
        node = pending.pop()
        pending += [node[side] for side in ("left_child", "right_child") if side in node]
        counts += [node["leaf_count"]] if "leaf_count" in node else []
    assert len(counts) > 50
    assert min(counts) >= PLAN.children_per_leaf


def test_one_plan_one_model() -> None:
    """The same children, plan and seed give the same trees, glass box and yardstick, to the bit."""
    x, y = _children(9)
    assert _same_trees(*(fit_glass_box(x, y, FREE, PLAN, seed=1) for _ in range(2)))
    assert _same_trees(*(fit_full_booster(x, y, FullBooster(trees=20), seed=1) for _ in range(2)))


@pytest.mark.parametrize("weighted", [False, True])
def test_the_order_of_the_children_changes_nothing(weighted: bool) -> None:  # noqa: FBT001 (a parameter of the test)
    """Trees grow on drawn halves of the children, yet the same children in another order give the same trees, to the bit."""
    x, y = _children(11)
    weights = np.random.default_rng(12).uniform(0.5, 2.0, len(y)) if weighted else None
    other = np.random.default_rng(13).permutation(len(y))
    again = fit_glass_box(x[other], y[other], FREE, PLAN, 1, weights if weights is None else weights[other])
    assert _same_trees(fit_glass_box(x, y, FREE, PLAN, 1, weights), again)


def test_each_tree_learns_from_about_half_of_the_children() -> None:
    """Every tree rests on about half of the children, three in turn on the same, and the seed draws them."""
    x, y = _children(14)
    first, other = (fit_glass_box(x, y, FREE, PLAN, seed) for seed in (1, 2))
    halves = [tree["tree_structure"]["internal_count"] for tree in first.dump_model()["tree_info"]]
    assert 0.45 * len(y) < min(halves) < max(halves) < 0.55 * len(y)
    assert halves[0:39:3] == halves[1:39:3] == halves[2:39:3]
    assert len(set(halves)) > PLAN.trees / 6
    assert first.predict(x[:50]).tolist() != other.predict(x[:50]).tolist()


def test_another_number_of_threads_is_the_same_model() -> None:
    """The number of threads is fixed, whatever the machine offers: the trees say one."""
    x, y = _children(10)
    for booster in (fit_glass_box(x, y, FREE, PLAN, seed=1), fit_full_booster(x, y, FullBooster(trees=5), seed=1)):
        assert "[num_threads: 1]" in booster.model_to_string()
        assert "[deterministic: 1]" in booster.model_to_string()


def test_nothing_to_learn() -> None:
    """Where no split would leave enough children on both sides, the whole is a constant, and nothing breaks."""
    x, y = np.ones((100, 5)), np.repeat([0.0, 1.0], 50)
    scores = fit_glass_box(x, y, FREE, PLAN, seed=1).predict(x, raw_score=True)
    assert len(set(np.asarray(scores).tolist())) == 1
