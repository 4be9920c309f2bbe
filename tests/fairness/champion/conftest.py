"""Two invented models' scores of the same children: the challenger foresees less of the south."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

Tables = tuple[pd.DataFrame, pd.DataFrame]


def scored(
    child: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    probability: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    observed: "np.ndarray[tuple[int], np.dtype[np.int64]]",
) -> pd.DataFrame:
    """Return a scored table of children by number: every second of the south, the first four a group of few."""
    few = np.where(child < 4, "Few", "Many")
    return pd.DataFrame(
        {
            "child": [f"c{number}" for number in child],
            "landmark": "two_year",
            "outcome": "not_gld",
            "probability": probability,
            "observed": observed,
            "repeat": 0,
            "fold": 0,
            "flagged": 0,
            "weight": 1.0,
            "family": [f"f{number // 2 if number % 10 < 2 else number}" for number in child],
            "audit_side": np.where(child % 2 == 0, "North", "South"),
            "audit_size": few,
        }
    )


@pytest.fixture(scope="session")
def invented() -> Callable[[float], Tables]:
    """Return champion and challenger, whose log-odds of the south lie so much lower; it has not scored the last hundred."""

    def _made(lower: float) -> Tables:
        rng, child = np.random.default_rng(5), np.arange(2_400)
        log_odds = rng.normal(-1, 1, len(child))
        observed = (rng.random(len(child)) < 1 / (1 + np.exp(-log_odds))).astype(np.int64)
        other = log_odds + rng.normal(0, 0.3, len(child)) - lower * (child % 2)
        first, second = (1 / (1 + np.exp(-each)) for each in (log_odds, other))
        challenger = scored(child, second, observed)
        return scored(child, first, observed), challenger.iloc[:-100]

    return _made
