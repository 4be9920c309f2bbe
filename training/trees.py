"""
Reads a LightGBM booster of depth 2 as leaves: each a value on a rectangle of at most two features.

LightGBM's habits are handled here. It counts values up to 1e-35 as 0, so an edge at minus that value is moved one float
down. It writes a split of known from not known as an edge at 1e300, and means infinity. A column never missing in training has missing type None, and NaN would be scored as 0: such a
feature's leaves claim no *not known* cell. Where *not known* goes is chosen split by split, whatever the constraints.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import lightgbm as lgb

# LightGBM's kZeroThreshold, a 32-bit float.
_ZERO = 1.0000000180025095e-35
_INFINITY = 1e300


@dataclass(frozen=True, slots=True)
class Side:
    """Where a leaf lies on one feature: low < x <= high, and whether *not known* falls in it."""

    low: float = -math.inf
    high: float = math.inf
    not_known: bool = True


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value, and the rectangle it holds on (no side: everywhere)."""

    value: float
    sides: dict[int, Side]


def leaves_of(booster: lgb.Booster) -> Iterator[Leaf]:
    """Yield every leaf of every tree; their values on a row sum to the booster's raw score."""
    for tree in booster.dump_model()["tree_info"]:
        yield from _leaves(tree["tree_structure"], {})


def _leaves(node: dict[str, Any], sides: dict[int, Side]) -> Iterator[Leaf]:
    if "split_feature" not in node:
        yield Leaf(node["leaf_value"], sides)
        return
    if node["decision_type"] != "<=" or node["missing_type"] == "Zero":
        raise ValueError("only numeric splits with missing as NaN can be compiled")
    for child, left in (("left_child", True), ("right_child", False)):
        yield from _leaves(node[child], sides | {node["split_feature"]: _narrowed(node, sides, left=left)})


def _narrowed(node: dict[str, Any], sides: dict[int, Side], *, left: bool) -> Side:
    side = sides.get(node["split_feature"], Side())
    threshold = _edge(node["threshold"])
    goes_here = node["missing_type"] == "NaN" and node["default_left"] == left
    side = replace(side, not_known=side.not_known and goes_here)
    if left:
        return replace(side, high=min(side.high, threshold))
    return replace(side, low=max(side.low, threshold))


def _edge(threshold: float) -> float:
    if abs(threshold) >= _INFINITY:
        return math.copysign(math.inf, threshold)
    return math.nextafter(threshold, -math.inf) if threshold == -_ZERO else threshold
