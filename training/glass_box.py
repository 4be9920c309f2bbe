"""
The glass box: LightGBM held to trees of depth 2 and to a few chosen pairs of features.

That makes it a sum of one- and two-feature step functions. Pairs are chosen on the very children it learns from, and on
no others. Cuts are drawn at random and trees are grown on random halves of the children, always the same for the same
children and seed, in whatever order the children come.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from training.plan_parts import FullBooster, GlassBox

Floats = NDArray[np.float64]
Pair = tuple[int, int]

# Fixed threads, row-wise histograms and `deterministic` are what make one plan give one model.
_FIXED = {
    "objective": "binary",
    "verbosity": -1,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "feature_pre_filter": False,
    # Every row helps to place the bins, so that a value missing in training is never missed by a sample.
    "bin_construct_sample_cnt": 100_000_000,
}
# What a few thousand children say is mostly their own noise. Many trees whose cuts are drawn, not sought (extremely randomised
# trees: Geurts, Ernst and Wehenkel 2006), each three on another half or so of the children (stochastic boosting: Friedman 2002),
# average it out: on ten invented authorities of 2,000 births a year the AUC at the two-year review is .702, and .695 without.
_MANY_DIFFERENT_TREES = {"extra_trees": True, "bagging_fraction": 0.5, "bagging_freq": 3}
_PAIR_SCREEN_TREES = 60


def fit_glass_box(
    x: Floats, y: Floats, directions: Sequence[int], plan: GlassBox, seed: int, weights: Floats | None = None
) -> lgb.Booster:
    """
    Fit the glass box on x (children, features; NaN not known) and y (0 or 1).

    `directions` are the contract's monotone constraints: 1 raises, -1 lowers, 0 either; `weights` (children,) how much each
    counts (None: all alike).
    """
    x, y, weights = _in_one_order(x, y, weights)
    pairs = choose_pairs(x, y, directions, plan, seed, weights) if plan.pairs else []
    singles = [[feature] for feature in range(x.shape[1])]
    allowed = {"interaction_constraints": singles + [list(pair) for pair in pairs]}
    parameters = _depth_two(plan, directions, seed) | _MANY_DIFFERENT_TREES | allowed
    return lgb.train(parameters, lgb.Dataset(x, y, weight=weights, params=parameters), plan.trees)


def _in_one_order(x: Floats, y: Floats, weights: Floats | None) -> tuple[Floats, Floats, Floats | None]:
    """
    Sort the children by what is learned from, so that which half a child falls in rests on no id, and no order of files.

    Children alike in all of it may change places: nothing can tell them apart.
    """
    order = np.lexsort((*x.T, y) if weights is None else (*x.T, y, weights))
    return x[order], y[order], weights if weights is None else weights[order]


def choose_pairs(
    x: Floats, y: Floats, directions: Sequence[int], plan: GlassBox, seed: int, weights: Floats | None = None
) -> list[Pair]:
    """Return the pairs whose second splits gained most in a short run of depth-2 trees free to pair as they like."""
    parameters = _depth_two(plan, directions, seed)
    booster = lgb.train(parameters, lgb.Dataset(x, y, weight=weights, params=parameters), _PAIR_SCREEN_TREES)
    gains: dict[Pair, float] = defaultdict(float)
    for tree in booster.dump_model()["tree_info"]:
        for pair, gain in _second_splits(tree["tree_structure"]):
            gains[pair] += gain
    return sorted(sorted(gains), key=lambda pair: -gains[pair])[: plan.pairs]


def _second_splits(root: dict[str, Any]) -> list[tuple[Pair, float]]:
    children = [root[side] for side in ("left_child", "right_child") if "split_feature" in root.get(side, {})]
    return [
        ((min(first, second), max(first, second)), child["split_gain"])
        for child in children
        if (first := root["split_feature"]) != (second := child["split_feature"])
    ]


def _depth_two(plan: GlassBox, directions: Sequence[int], seed: int) -> dict[str, Any]:
    return _FIXED | {
        "max_depth": 2,
        "num_leaves": 4,
        "learning_rate": plan.learning_rate,
        "min_data_in_leaf": plan.children_per_leaf,
        "monotone_constraints": list(directions),
        "seed": seed,
    }


def fit_full_booster(x: Floats, y: Floats, plan: FullBooster, seed: int, weights: Floats | None = None) -> lgb.Booster:
    """Fit the unrestricted booster: the yardstick that says what the glass box costs."""
    parameters = _FIXED | {
        "num_leaves": plan.leaves,
        "learning_rate": plan.learning_rate,
        "min_data_in_leaf": plan.children_per_leaf,
        "seed": seed,
    }
    return lgb.train(parameters, lgb.Dataset(x, y, weight=weights, params=parameters), plan.trees)
