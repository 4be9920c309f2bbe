"""An invented score in use: two groups that people treat differently, siblings, refusals, several answers of a child."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from fairness.in_use.in_use import in_use
from fairness.policy.policy import Policy

Tables = tuple[pd.DataFrame, pd.DataFrame]


@pytest.fixture(scope="session")
def invented() -> Tables:
    """A record and groups of 3,000 invented children: of those on the list, help is seldom offered in the south."""
    chance = np.random.default_rng(17)
    n = 3_000
    probability = chance.beta(2, 5, n)
    refused = chance.random(n) < 0.04
    south = chance.random(n) < 0.4
    listed = (probability > np.quantile(probability, 0.8)) & ~refused
    offered = chance.random(n) < np.where(listed, np.where(south, 0.4, 0.85), 0.06)
    observed = chance.random(n) < probability
    record = pd.DataFrame(
        {
            "subject": [f"s{number}" for number in range(n)],
            "landmark": "two_year",
            "outcome": "not_gld",
            "on": "2026-03-02",
            "probability": np.where(refused, np.nan, probability.round(4)),
            "not_scored": np.where(refused, np.where(chance.random(n) < 0.7, "too-little-known", "too-stale"), ""),
            "flagged": listed.astype(int),
            "viewed": (chance.random(n) < np.where(listed, 0.95, 0.1)).astype(int),
            "offered": offered.astype(int),
            "accepted": np.where(offered, (chance.random(n) < 0.7).astype(float), np.nan),
            "override_reason": np.where(
                listed & ~offered, np.where(chance.random(n) < 0.6, "already helped", "family declined"), ""
            ),
            "bundle": "b" * 64,
        }
    )
    groups = pd.DataFrame(
        {
            "subject": record["subject"],
            "family": [f"f{number // 2 if number % 5 == 0 else number}" for number in range(n)],
            "observed": np.where(chance.random(n) < 0.8, observed.astype(float), np.nan),
            "audit_side": np.where(south, "South", "North"),
            "audit_size": np.where(np.arange(n) < 4, "Few", np.where(np.arange(n) < 64, "Some", "Many")),
        }
    )
    return record, groups


@pytest.fixture(scope="session")
def files(invented: Tables, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same as files: the record a CSV, the groups Parquet."""
    record, groups = invented
    folder = tmp_path_factory.mktemp("in-use")
    record.to_csv(folder / "record.csv", index=False)
    groups.to_parquet(folder / "groups.parquet", index=False)
    return folder / "record.csv", folder / "groups.parquet"


@pytest.fixture(scope="session")
def audit(files: tuple[Path, Path]) -> dict[str, Any]:
    """What may be told of them."""
    return in_use(*files, Policy())
