"""Children on whom gaps can be closed: what foresees girls' outcomes is on record, and there are too few girls for it to be learned."""

import numpy as np
import pytest

from fairness.policy.policy import Policy
from fairness.scored import NOT_RECORDED
from models.contract import Contract
from training.cohort import CohortTable
from training.judging import HeldOut, judge_by_time
from training.plan import Plan
from training.plan_parts import GlassBox
from training.snapshots import Matrix
from training.study import Study, study_of

COUNT = 4500


@pytest.fixture(scope="session")
def gap_plan() -> Plan:
    """A plan that takes seconds."""
    return Plan(seed=3, folds=2, inner_folds=2, repeats=1, bootstrap=100, glass_box=GlassBox(trees=25, pairs=2))


@pytest.fixture(scope="session")
def gap_cohort(borough: Contract) -> CohortTable:
    """A borough's children at two: birthweight foresees boys' outcomes, the communication total girls', and nothing tells of sex."""
    chance, landmark = np.random.default_rng(5), borough.landmark("two_year")
    names = tuple(feature.name for feature in borough.features_at(landmark))
    x = np.round(chance.normal(size=(COUNT, len(names))), 2)
    sex = chance.choice(["Boys", "Girls", NOT_RECORDED, "Another"], COUNT, p=[0.695, 0.25, 0.05, 0.005])
    foretold = np.where(sex == "Girls", x[:, names.index("communication")], x[:, names.index("birthweight")])
    light = np.where(
        x[:, names.index("birthweight")] + chance.normal(size=COUNT) < -0.5, "Under 2,500 g", "2,500 g or more"
    )
    return CohortTable(
        Matrix(landmark, np.array([f"child {i:04}" for i in range(COUNT)]), names, x),
        {"not_gld": (chance.random(COUNT) < 1 / (1 + np.exp(0.6 + 1.5 * foretold))).astype(np.float64)},
        np.array([f"family {i}" for i in chance.integers(0, 3300, COUNT)]),
        chance.integers(2014, 2016, COUNT),
        {"sex": sex, "light": light},
        np.ones(COUNT),
        {},
    )


@pytest.fixture(scope="session")
def gap_study(borough: Contract, gap_cohort: CohortTable, gap_plan: Plan) -> Study:
    """Those children, split by time."""
    landmark, (outcome,) = borough.landmark("two_year"), borough.outcomes
    return study_of(borough, landmark, outcome, gap_cohort, gap_plan)


@pytest.fixture(scope="session")
def girls(gap_study: Study) -> np.ndarray:
    """Who of them are girls, (n,)."""
    return np.asarray(gap_study.cohort.groups["sex"][gap_study.known] == "Girls")


@pytest.fixture(scope="session")
def gap_scores(gap_study: Study, gap_plan: Plan) -> HeldOut:
    """Held-out scores of what ships: the glass box."""
    assert gap_study.split is not None
    return judge_by_time("glass box", gap_study.task, gap_study.rows, gap_study.split, gap_plan).held_out


@pytest.fixture(scope="session")
def gap_policy() -> Policy:
    """A policy that protects girls, a group that is too small to be told of, and light babies, who are found more often."""
    return Policy.model_validate(
        {
            "attribute": [
                {"name": "sex", "protects": ["Girls", "Another"]},
                {"name": "light", "protects": ["Under 2,500 g"]},
            ]
        }
    )
