"""How long the team's list is, known before anything is learned."""

import numpy as np
import pytest

from models.contract import Contract
from models.errors import BadInput
from training.cohort import CohortTable
from training.plan import Plan
from training.plan_parts import BandsPlan
from training.snapshots import Matrix
from training.worth.lists import team_share
from training.worth.team_list import sized


def _cohorts(borough: Contract, *a_year: int) -> dict[str, CohortTable]:
    """Return, at each landmark, so many children of one year."""
    return {
        landmark.name: CohortTable(
            Matrix(landmark, np.arange(count).astype(str), (), np.empty((count, 0))),
            {"not_gld": np.zeros(count)},
            np.arange(count).astype(str),
            np.full(count, 2018),
            {},
            np.ones(count),
            {},
        )
        for landmark, count in zip(borough.landmarks, a_year, strict=False)
    }


def _a_month(count: int) -> Plan:
    return Plan(bands=BandsPlan(children_a_month=count))


def test_children_a_month_are_a_share(borough: Contract) -> None:
    """So many a month are a share of all who reach the landmarks in a month, and the list is as long as that."""
    cohorts = _cohorts(borough, 1200, 600)
    assert sized(_a_month(15), cohorts).bands.capacity == 0.1
    assert team_share(sized(_a_month(15), cohorts)) == 0.1
    assert team_share(sized(_a_month(17), cohorts)) == 0.1
    assert sized(_a_month(15), cohorts).bands.children_a_month == 15


def test_a_landmark_that_nothing_is_foreseen_from(borough: Contract) -> None:
    """Children who reach a landmark by which nothing is foreseen are not counted: no list is drawn of them."""
    first, second = _cohorts(borough, 1200, 600).items()
    second[1].outcomes.clear()
    assert sized(_a_month(10), dict([first, second])).bands.capacity == 0.1


def test_a_share_is_left_alone(borough: Contract) -> None:
    """A plan that gives a share is as it was."""
    plan = Plan(bands=BandsPlan(capacity=0.12))
    assert sized(plan, _cohorts(borough, 1200)) is plan


@pytest.mark.parametrize("asked", [1, 5000])
def test_a_list_that_cannot_be(borough: Contract, asked: int) -> None:
    """So few a month that no band can be drawn, or more than any list holds, are refused."""
    with pytest.raises(BadInput):
        sized(_a_month(asked), _cohorts(borough, 1200))
