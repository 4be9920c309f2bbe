"""What was foreseen against what happened, in parts of the held-out children."""

import numpy as np
import pandas as pd
import pytest

from training.tracking.reliability import reliability


def scored(n: int, repeats: int = 1, *, slope: float = 1.0) -> pd.DataFrame:
    """Return the held-out rows of n children, scored in so many repeats, of whom `slope` times as many have it as foreseen."""
    chance = np.random.default_rng([3, n])
    p = chance.uniform(0.05, 0.6, n)
    observed = (chance.random(n) < slope * p).astype(np.int8)
    one = pd.DataFrame(
        {"probability": p, "observed": observed, "weight": 1.0, "family": [f"family {i // 2}" for i in range(n)]}
    )
    return pd.concat([one.assign(repeat=repeat) for repeat in range(repeats)], ignore_index=True)


def test_what_comes_true_lies_on_the_line() -> None:
    """Where scores come true, nearly every interval holds what was foreseen; where half comes true, hardly one does."""
    honest, doubled = reliability(scored(4_000), 1), reliability(scored(4_000, slope=0.5), 1)
    assert len(honest) == len(doubled) == 10
    assert sum(tenth.low <= tenth.foreseen <= tenth.high for tenth in honest) >= 8
    assert sum(tenth.low <= tenth.foreseen <= tenth.high for tenth in doubled) <= 1
    assert all(tenth.low <= tenth.observed <= tenth.high for tenth in honest)
    assert sum(tenth.children for tenth in honest) == 4_000


@pytest.mark.parametrize("n", [40, 120, 300])
def test_no_part_tells_of_a_few(n: int) -> None:
    """Every part that is told has ten with the outcome and ten without, however few children there are."""
    rows = scored(n)
    for tenth in reliability(rows, 1):
        assert tenth.children * tenth.observed >= 10 - 2.5
        assert tenth.children * (1 - tenth.observed) >= 10 - 2.5
        assert tenth.children % 5 == 0
    assert sum(tenth.children for tenth in reliability(rows, 1)) == pytest.approx(n, abs=15)


def test_of_too_few_nothing_is_told() -> None:
    """Where there are not ten with the outcome in all, there is no part at all."""
    assert reliability(scored(12), 1) == []


def test_a_child_counts_once() -> None:
    """A child scored in three repeats is one child: the parts and their counts are those of one repeat."""
    once, thrice = reliability(scored(900), 1), reliability(scored(900, repeats=3), 1)
    assert [tenth.children for tenth in thrice] == [tenth.children for tenth in once]
    assert [tenth.observed for tenth in thrice] == pytest.approx([tenth.observed for tenth in once], abs=1e-6)
