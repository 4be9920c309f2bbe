"""How far sites differ beyond chance: nothing where they do not, as far as they were made to where they do."""

from typing import Any

import numpy as np
import pytest
from scipy.special import expit
from sklearn.metrics import roc_auc_score

from training.metrics import auc, family_weights
from training.validation.between_sites import FEWEST_SITES, auc_between, ratio_between

SITES, CHILDREN = 300, 30


def _ratio(apart: float, seed: int, *, siblings: bool = True) -> dict[str, Any]:
    """Return what is found of sites whose children have the outcome so much more or less often than is foreseen."""
    chance = np.random.default_rng(seed)
    site = np.repeat(np.arange(SITES), CHILDREN)
    foreseen = expit(chance.normal(size=len(site)) - 1.5)
    times = 1 + apart * chance.normal(size=SITES)
    y = (chance.random(len(site)) < np.clip(foreseen * times[site], 0, 1)).astype(float)
    family = np.arange(len(site)) // 2
    alike = chance.random(len(site) // 2) < 0.5
    y[1::2] = np.where(alike, y[::2], y[1::2])
    families = family.astype(str) if siblings else np.arange(len(site)).astype(str)
    return ratio_between(site, families, y, foreseen, seed)


@pytest.mark.parametrize("apart", [0.0, 0.1, 0.25])
def test_as_far_apart_as_they_were_made(apart: float) -> None:
    """Of sites of thirty children, siblings alike: on average as far apart as they were, and most intervals hold that."""
    found = [_ratio(apart, seed) for seed in range(30)]
    assert np.sqrt(np.mean([one["value"] ** 2 for one in found])) == pytest.approx(
        apart, abs=0.1 if apart == 0 else 0.03
    )
    assert sum(one["low"] <= apart <= one["high"] for one in found) >= 24
    assert {one["sites"] for one in found} == {SITES}


def test_siblings_are_not_a_site() -> None:
    """Siblings who are alike, taken for strangers, would make sites that do not differ look as if they did."""
    taken = np.mean([_ratio(0.0, seed, siblings=False)["value"] for seed in range(5)])
    assert taken > 2 * np.mean([_ratio(0.0, seed)["value"] for seed in range(5)])


def test_too_few_foreseen_everywhere() -> None:
    """Where twice as many have the outcome as are foreseen, but at every site alike, sites do not differ."""
    chance = np.random.default_rng(1)
    foreseen = np.full(6000, 0.2)
    y = (chance.random(6000) < 0.4).astype(float)
    found = ratio_between(np.arange(6000) // 20, np.arange(6000).astype(str), y, foreseen, 1)
    assert found["low"] == 0.0
    assert found["value"] < 0.25


def _auc(signal: float, seed: int) -> tuple[float, Any]:
    chance = np.random.default_rng(seed)
    y = (np.arange(400) < 120).astype(float)
    scores = chance.normal(size=400) + signal * y
    drawn = auc(scores, y, family_weights(np.arange(400).astype(str), 200, seed))
    return float(roc_auc_score(y, scores)), drawn


def test_an_average_site_and_one_more() -> None:
    """Of sites alike, one more lies near the average; of sites of unlike AUC it may lie as far off as they do."""
    alike = auc_between([_auc(0.8, seed) for seed in range(12)])
    unlike = auc_between([_auc(signal, seed) for seed, signal in enumerate(np.linspace(0.2, 1.8, 12))])
    assert alike is not None
    assert unlike is not None
    assert alike["sites"] == unlike["sites"] == 12
    assert alike["value"] == pytest.approx(0.714, abs=0.03)
    assert alike["low"] < 0.714 < alike["high"]
    assert alike["high"] - alike["low"] < 0.15
    assert unlike["low"] < 0.57
    assert unlike["high"] > 0.85


def test_too_few_sites() -> None:
    """Of two sites nothing is said of a third."""
    assert auc_between([_auc(0.8, seed) for seed in range(FEWEST_SITES - 1)]) is None
