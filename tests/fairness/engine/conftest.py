"""An invented scored table, of as many children, families and repeats as a test wants."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from fairness.scored import NOT_RECORDED

Invented = Callable[..., pd.DataFrame]


@pytest.fixture(scope="session")
def invented() -> Invented:
    """Return a function that invents a scored table with attributes `side`, `place` and `rare`."""
    return _invented


def _invented(seed: int, children: int, families: int, repeats: int = 1) -> pd.DataFrame:
    chance = np.random.default_rng(seed)
    tendency = chance.normal(0, 1, children)
    family = chance.integers(0, families, children)
    once = pd.DataFrame(
        {
            "child": [f"child {k}" for k in range(children)],
            "landmark": "then",
            "outcome": "later",
            "observed": (chance.random(children) < 1 / (1 + np.exp(1 - tendency))).astype(np.int8),
            "fold": 0,
            "weight": 1.0,
            "family": [f"family {k}" for k in family],
            "audit_side": np.where(chance.random(families) < 0.4, "A", "B")[family],
            "audit_place": chance.choice(["east", "north", "west"], children, p=[0.6, 0.3, 0.1]),
            "audit_rare": np.where(np.arange(children) < 3, "few", NOT_RECORDED),
        }
    )
    scores = [np.round(1 / (1 + np.exp(1.2 - tendency + chance.normal(0, 0.5, children))), 3) for _ in range(repeats)]
    parts = [once.assign(repeat=k, probability=score, flagged=score >= 0.4) for k, score in enumerate(scores)]
    return pd.concat(parts, ignore_index=True)
