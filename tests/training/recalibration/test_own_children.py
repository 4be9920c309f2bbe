"""Whose children a bundle is recalibrated by."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.borough import COHORTS
from models.contract import Contract
from models.errors import DataError
from training.cohort import CohortTable, assemble
from training.ingest import ingest
from training.plan import Plan
from training.recalibration.own_children import latest_years, own_study, refuse_learned_from

FLOW = {"on_record": 900, "in_scope": 880, "without_result": {"no_row": 40, "not_assessed": 2}, "with_result": 838}
PART: dict[str, Any] = {"landmark": "one_year", "outcome": "not_gld", "flow": FLOW}


@pytest.fixture(scope="module")
def cohort(borough: Contract, borough_extracts: Path) -> CohortTable:
    """The borough's children at the first landmark."""
    return assemble(ingest(borough, borough_extracts)[0], borough, borough.landmarks[0])


@pytest.mark.parametrize("cohorts", [1, 2])
def test_the_latest_cohorts(borough: Contract, cohort: CohortTable, cohorts: int) -> None:
    """They are those of the latest cohorts that have outcomes, as many as are asked; nobody is set apart to learn from."""
    study = own_study(borough, borough.landmarks[0], borough.outcomes[0], cohort, cohorts, Plan())
    assert cohort.years is not None
    assert latest_years(cohort, "not_gld", cohorts) == list(COHORTS[-cohorts:])
    expected = np.isin(cohort.years, COHORTS[-cohorts:]) & ~np.isnan(cohort.outcomes["not_gld"])
    assert sorted(study.cohort.matrix.children[study.known]) == sorted(cohort.matrix.children[expected])
    assert (study.split, len(study.rows.y)) == (None, expected.sum())


def test_without_a_calendar_everyone(borough: Contract, cohort: CohortTable) -> None:
    """Without a calendar they are all children who have the outcome."""
    timeless = CohortTable(
        cohort.matrix, cohort.outcomes, cohort.families, None, cohort.groups, cohort.weights, cohort.helped
    )
    study = own_study(borough, borough.landmarks[0], borough.outcomes[0], timeless, 1, Plan())
    assert len(study.rows.y) == (~np.isnan(cohort.outcomes["not_gld"])).sum()


def test_the_extracts_it_was_made_of() -> None:
    """Extracts with every count of those the bundle was made of are refused, unless its plan says that it left these out."""
    with pytest.raises(DataError, match="not new to the score"):
        refuse_learned_from(PART, PART, [2018], Plan())
    with pytest.raises(DataError, match="by every count"):
        refuse_learned_from(PART, PART, [2018], Plan(cohorts=(2017, 2018)))
    refuse_learned_from(PART, PART, [2018], Plan(cohorts=(2016, 2017)))
    refuse_learned_from(PART, PART | {"flow": FLOW | {"with_result": 839}}, [2018], Plan())
