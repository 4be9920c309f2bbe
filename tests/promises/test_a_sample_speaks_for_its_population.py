"""A sample that was drawn unequally, by weights that are known, tells the figures of the population that it was drawn from."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.metrics import roc_auc_score

from models.capacities import CAPACITIES
from models.contract import Contract
from models.estimator import Estimator
from training.capacities import thresholds
from training.evaluation import evaluate
from training.judging import Judged, Rows, judge_by_time
from training.learning import CandidateName, Task
from training.plan import Plan
from training.plan_parts import GlassBox
from training.split import TimeSplit

PLAN = Plan(bootstrap=200, glass_box=GlassBox(trees=60, pairs=2), capacities=(0.2,))
SHIPPED: tuple[CandidateName, ...] = ("logistic", "glass box")
# Bounds are three standard deviations of forty samples (.025 of observed over foreseen, .008 of all others).
POPULATION, RARE = 60_000, 0.15


@dataclasses.dataclass(frozen=True)
class Found:
    """A candidate, what was said of it on the sample, and what is true of it in the population."""

    judged: Judged
    said: dict[str, Any]
    auc: float
    observed_over_expected: float
    prevalence: float
    on_the_list: float


@pytest.fixture(scope="module")
def population() -> tuple[Rows, NDArray[np.float64]]:
    """
    Everybody, and each one's chance of being in the sample: one side of the town is seldom drawn.

    There the outcome is commoner than the features say, and the second feature says less of it.
    """
    chance = np.random.default_rng(4)
    x = chance.normal(size=(POPULATION, 3))
    rare = chance.random(POPULATION) < 0.5
    x[:, 0] += 0.6 * rare
    y = (chance.random(POPULATION) < expit(-1.6 + 1.0 * rare + x[:, 0] + np.where(rare, 0.0, 1.2) * x[:, 1])).astype(
        float
    )
    families = np.array([f"family {i}" for i in range(POPULATION)])
    return Rows(x, y, families, np.ones(POPULATION)), np.where(rare, RARE, 1.0) * 0.5


def _found(
    population: tuple[Rows, NDArray[np.float64]], borough: Contract, candidate: CandidateName, *, weighted: bool
) -> Found:
    everyone, drawn_by = population
    sample = np.flatnonzero(np.random.default_rng(5).random(POPULATION) < drawn_by)
    rows = everyone.take(sample)
    if weighted:
        weights = 1 / drawn_by[sample]
        rows = dataclasses.replace(rows, weights=weights / weights.mean())
    learn, calibrate, test = np.array_split(np.arange(len(sample)), [len(sample) // 2, len(sample) * 3 // 4])
    free = tuple(feature for feature in borough.features if feature.direction == "none")[:3]
    judged = judge_by_time(candidate, Task("then", "later", free), rows, TimeSplit(learn, calibrate, test, 1), PLAN)
    assert judged.spec is not None
    log_odds = Estimator(judged.spec, judged.calibration).log_odds(everyone.x)
    at = thresholds(judged.held_out.log_odds, rows.weights[judged.held_out.rows])[0][CAPACITIES.index(0.20)]
    return Found(
        judged,
        evaluate({candidate: judged}, rows, PLAN),
        float(roc_auc_score(everyone.y, log_odds)),
        float(everyone.y.mean() / expit(log_odds).mean()),
        float(everyone.y.mean()),
        float((log_odds >= at).mean()),
    )


@pytest.mark.parametrize("candidate", SHIPPED)
def test_weighted_it_speaks_for_all(
    population: tuple[Rows, NDArray[np.float64]], borough: Contract, candidate: CandidateName
) -> None:
    """Weighted, what ships foresees as many as happen in the population, and its AUC, prevalence and list are the population's."""
    found = _found(population, borough, candidate, weighted=True)
    auc = found.said["candidates"][candidate]["auc"]
    assert found.observed_over_expected == pytest.approx(1, abs=0.075)
    assert auc["value"] == pytest.approx(found.auc, abs=0.025)
    assert found.said["prevalence"] == pytest.approx(found.prevalence, abs=0.025)
    assert found.on_the_list == pytest.approx(0.20, abs=0.025)


@pytest.mark.parametrize("candidate", SHIPPED)
def test_unweighted_it_does_not(
    population: tuple[Rows, NDArray[np.float64]], borough: Contract, candidate: CandidateName
) -> None:
    """The same sample without its weights foresees too few, says too high an AUC and draws too long a list."""
    found = _found(population, borough, candidate, weighted=False)
    assert found.observed_over_expected > 1.15
    assert found.said["candidates"][candidate]["auc"]["low"] > found.auc
    assert found.said["prevalence"] < found.prevalence - 0.05
    assert found.on_the_list > 0.22
