"""
Noise is not sold as a score: where nothing foresees the outcome, or hardly anybody was seen, there is no bundle at all.

It must be so because a list drawn by chance looks like any other list to whoever works through it. Real children, their
outcomes permuted or their features noise; `make evidence` does so twenty times each.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmarks.evidence_signal import (
    PLAN,
    blocked_and_evaluated,
    noise_for_features,
    outcomes_permuted,
    sixty_children,
)

QUICKER = f"{PLAN}folds = 3\ninner_folds = 3\n[glass_box]\ntrees = 40\n[full_booster]\ntrees = 20\n"
Blocked = Callable[[Any, int], set[str]]


@pytest.fixture(scope="module")
def visits(smocc_data: Path) -> pd.DataFrame:
    """Every visit of real children, as text."""
    return pd.read_csv(smocc_data / "visits.csv", dtype=str, keep_default_na=False)


@pytest.fixture
def blocked(visits: pd.DataFrame, tmp_path: Path, smocc_data: Path) -> Blocked:
    """Return the codes of the build gates that say no to a kind of noise; nothing is left where bundles go."""

    def codes(noise: Any, seed: int) -> set[str]:
        changed = noise(visits, np.random.default_rng([41, seed]))
        gates, _ = blocked_and_evaluated(tmp_path / "run", smocc_data / "births.csv", changed, QUICKER)
        left = tmp_path / "run" / "releases"
        assert not left.exists() or not list(left.iterdir())
        return {gate.code for gate in gates}

    return codes


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("noise", [outcomes_permuted, noise_for_features])
def test_noise_leaves_no_bundle(blocked: Blocked, noise: Any, seed: int) -> None:
    """With outcomes permuted, or noise for features, the run ends as not enough signal."""
    assert "signal" in blocked(noise, seed)


def test_sixty_children_leave_no_bundle(blocked: Blocked) -> None:
    """With sixty children, just as they are, the run ends at the size floor, before anything is learned."""
    assert blocked(sixty_children, 1) >= {"events"}


def test_real_children_do(smocc_demo: Any) -> None:
    """Real children as they are pass at every landmark, far from any doubt."""
    assert smocc_demo.status == 0, smocc_demo.err
    gates = json.loads((smocc_demo.bundle / "gates.json").read_bytes())["gates"]
    signals = [gate for gate in gates if gate["code"] == "signal"]
    assert [gate["verdict"] for gate in signals] == ["passed"] * 3
    evaluation = json.loads((smocc_demo.bundle / "evaluation.json").read_bytes())
    assert min(part["signal"]["z"] for part in evaluation["evaluations"]) > 7
