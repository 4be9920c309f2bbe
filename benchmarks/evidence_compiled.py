"""Evidence that compiled terms are the booster they came from: random designs, on every row and around every threshold."""

import sys
from collections.abc import Callable
from typing import Any

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from models.estimator import Estimator
from models.terms import EstimatorSpec, Input
from training.compile import compile_booster
from training.glass_box import fit_glass_box
from training.plan_parts import GlassBox
from training.trees import leaves_of

DESIGNS, DESIGN_ROWS, COMPILED_WITHIN = 300, 600, 1e-12

Floats = NDArray[np.float64]
Part = dict[str, Any]


def compiled() -> Part:
    """Compiled terms score as their booster on every row and around every threshold, for random designs."""
    largest, rows = 0.0, 0
    for seed in range(DESIGNS):
        if seed % 50 == 0:
            print(f"· compiling random designs: {seed} of {DESIGNS}", file=sys.stderr, flush=True)
        difference, count = _compiled_apart(seed)
        largest, rows = max(largest, difference), rows + count
    passed = largest <= COMPILED_WITHIN
    return {"part": "compiled", "passed": passed, "designs": DESIGNS, "rows": rows, "largest_difference": largest}


def _compiled_apart(seed: int) -> tuple[float, int]:
    chance = np.random.default_rng(seed)
    width = int(chance.integers(2, 12))
    kinds = chance.integers(0, 5, width)
    gaps = chance.choice([0.0, 0.0, 0.02, 0.3, 0.9], width)
    x, others = (_design_rows(chance, kinds, gaps) for _ in range(2))
    weights = chance.normal(size=width)
    signal = np.nan_to_num(np.sign(x) * np.minimum(np.abs(x), 3)) @ weights + np.isnan(x) @ chance.normal(size=width)
    y = (chance.random(DESIGN_ROWS) < 1 / (1 + np.exp(-signal))).astype(np.float64)
    directions = chance.integers(-1, 2, width).tolist()
    booster = fit_glass_box(
        x, y, directions, GlassBox(trees=80, learning_rate=0.1, pairs=int(chance.integers(0, 8))), seed
    )
    asked = np.vstack([x, others, _around_thresholds(booster, x, chance)])
    baseline, contributions = _terms_of(booster, x, asked)
    difference = baseline + contributions - np.asarray(booster.predict(asked, raw_score=True))
    return float(np.abs(difference).max()), len(asked)


def _design_rows(chance: np.random.Generator, kinds: NDArray[np.int64], gaps: Floats) -> Floats:
    """Return rows with columns that are continuous, next to zero, tied, flags or large, some often not known."""
    n = DESIGN_ROWS
    tiny = [-1.0, -1e-34, -1e-35, -0.0, 0.0, 1e-35, 1.0000000180025095e-35, 1e-34, 1.0]
    makers: tuple[Callable[[], Floats], ...] = (
        lambda: chance.normal(size=n),
        lambda: chance.choice(tiny, n),
        lambda: chance.integers(-3, 4, n).astype(float),
        lambda: chance.integers(0, 2, n).astype(float),
        lambda: chance.normal(size=n) * 1e6,
    )
    x = np.column_stack([makers[kind]() for kind in kinds])
    x[chance.random(x.shape) < gaps] = np.nan
    return x


def _around_thresholds(booster: lgb.Booster, x: Floats, chance: np.random.Generator) -> Floats:
    """Return rows that stand on each threshold of each feature, just below it and just above it."""
    edges = {
        (f, edge) for leaf in leaves_of(booster) for f, side in leaf.sides.items() for edge in (side.low, side.high)
    }
    rows = []
    for feature, edge in sorted(edge for edge in edges if np.isfinite(edge[1])):
        for value in (np.nextafter(edge, -np.inf), edge, np.nextafter(edge, np.inf)):
            row = x[chance.integers(len(x))].copy()
            row[feature] = value
            rows.append(row)
    return np.array(rows).reshape(-1, x.shape[1])


def _terms_of(booster: lgb.Booster, x: Floats, asked: Floats) -> tuple[float, Floats]:
    """Return the compiled intercept and the sum of the compiled terms for each row asked, not bounded."""
    unknown = np.isnan(x).sum(axis=0).tolist()
    inputs = [
        Input(feature=f"f{i}", low=0, high=0, typical=0, n_known=len(x) - missing, n_not_known=missing)
        for i, missing in enumerate(unknown)
    ]
    terms = compile_booster(booster, x, inputs)
    spec = EstimatorSpec(
        landmark="then",
        outcome="later",
        kind="glass box",
        intercept=terms.intercept,
        inputs=tuple(inputs),
        terms=tuple(terms.terms),
    )
    return terms.intercept, Estimator(spec).score_matrix(asked)[2][:, :-1].sum(axis=1)
