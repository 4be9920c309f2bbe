"""Children on whom what is left out can be tried: an outcome that boys have more often, and no feature that tells of sex."""

from collections.abc import Callable

import duckdb
import numpy as np
import pytest

from fairness.scored import NOT_RECORDED
from models.contract import Contract
from training.cohort import CohortTable
from training.plan import Plan
from training.plan_parts import GlassBox
from training.snapshots import Matrix
from training.study import Study, study_of

COUNT = 6000


@pytest.fixture(scope="session")
def left_out_plan() -> Plan:
    """A plan that takes seconds."""
    return Plan(seed=3, folds=3, inner_folds=2, repeats=1, bootstrap=100, glass_box=GlassBox(trees=20, pairs=2))


@pytest.fixture(scope="session")
def left_out_cohort(borough: Contract) -> CohortTable:
    """
    A borough's children at two: birthweight, the communication total and sex move the outcome, and nothing else does.

    Sex is told by no feature.
    """
    chance, landmark = np.random.default_rng(8), borough.landmark("two_year")
    names = tuple(feature.name for feature in borough.features_at(landmark))
    x = np.round(chance.normal(size=(COUNT, len(names))), 2)
    sex = chance.choice(["Boys", "Girls", NOT_RECORDED, "Another"], COUNT, p=[0.5, 0.455, 0.04, 0.005])
    boys = sex == "Boys"
    chances = -1.2 + 1.3 * boys - 0.8 * x[:, names.index("birthweight")] - 0.6 * x[:, names.index("communication")]
    light = np.where(x[:, names.index("birthweight")] < -1, "Under 2,500 g", "2,500 g or more")
    return CohortTable(
        Matrix(landmark, np.array([f"child {i:04}" for i in range(COUNT)]), names, x),
        {"not_gld": (chance.random(COUNT) < 1 / (1 + np.exp(-chances))).astype(np.float64)},
        np.array([f"family {i}" for i in chance.integers(0, 4300, COUNT)]),
        chance.integers(2014, 2018, COUNT),
        {"sex": sex, "light": light},
        np.ones(COUNT),
        {},
    )


@pytest.fixture(scope="session")
def left_out_study(borough: Contract, left_out_cohort: CohortTable, left_out_plan: Plan) -> Study:
    """Those children, split by time."""
    landmark, (outcome,) = borough.landmark("two_year"), borough.outcomes
    return study_of(borough, landmark, outcome, left_out_cohort, left_out_plan)


@pytest.fixture(scope="session")
def left_out_births(left_out_cohort: CohortTable) -> Callable[[int], duckdb.DuckDBPyConnection]:
    """Make a database of their sex as it is in the birth record, known from some age in days."""
    codes = {"Boys": "M", "Girls": "F", "Another": "Another"}
    children = left_out_cohort.matrix.children.tolist()
    sex = [codes.get(group) for group in left_out_cohort.groups["sex"].tolist()]

    def births(known: int) -> duckdb.DuckDBPyConnection:
        con = duckdb.connect()
        con.execute("CREATE TABLE events_births (child VARCHAR, happened INTEGER, known INTEGER, sex VARCHAR)")
        con.execute("INSERT INTO events_births SELECT unnest($1), 0, $2, unnest($3)", [children, known, sex])
        return con

    return births
