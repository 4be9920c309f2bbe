"""Whose children a bundle is recalibrated by."""

import dataclasses
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
from training.recalibration.original import OriginalHead
from training.recalibration.own_children import latest_years, of_rows, own_study, refuse_learned_from, without_help

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


def _original(head: OriginalHead, learned_from: list[int] | None) -> OriginalHead:
    return dataclasses.replace(head, evaluation=PART, learned_from=learned_from)


@pytest.mark.parametrize("learned_from", [None, [2017, 2018]])
@pytest.mark.parametrize("with_result", [838, 839, 831])
def test_the_extracts_it_was_made_of(head: OriginalHead, learned_from: list[int] | None, with_result: int) -> None:
    """Extracts with the counts of those the bundle was made of, give or take 1 %, are refused, whatever is stated."""
    own = PART | {"flow": FLOW | {"with_result": with_result}}
    with pytest.raises(DataError, match=r"not new to the score.*\n.*by every count"):
        refuse_learned_from(_original(head, learned_from), own, [2018], elsewhere=True)
    refuse_learned_from(_original(head, [2016, 2017]), own, [2018], elsewhere=False)


@pytest.mark.parametrize(
    ("learned_from", "years", "why"),
    [
        ([2017, 2018], [2018, 2019], "of the same cohorts: 2018"),
        (None, [2018], "tells of which cohorts"),
        ([2017, 2018], [], "tells of which cohorts"),
    ],
)
def test_what_must_be_stated(head: OriginalHead, learned_from: list[int] | None, years: list[int], why: str) -> None:
    """Where the bundle may have learned from these children, that it did not is for whoever asks to state."""
    others = PART | {"flow": FLOW | {"with_result": 700}}
    with pytest.raises(DataError, match=f"{why}.*--elsewhere"):
        refuse_learned_from(_original(head, learned_from), others, years, elsewhere=False)
    refuse_learned_from(_original(head, learned_from), others, years, elsewhere=True)
    refuse_learned_from(_original(head, [2017, 2018]), others, [2019], elsewhere=False)


def test_those_without_declared_help(borough: Contract, cohort: CohortTable) -> None:
    """They are those who had none of the help that is declared; a study of them is of them alone, in the same cohort."""
    chance = np.random.default_rng(2)
    had = {name: {"not_gld": chance.random(len(cohort.families)) < 0.2} for name in ("talk", "walk")}
    helped = dataclasses.replace(cohort, helped=had)
    study = own_study(borough, borough.landmarks[0], borough.outcomes[0], helped, 2, Plan())
    those = of_rows(study, without_help(study))
    flags = study.cohort.helped
    assert not (flags["talk"]["not_gld"] | flags["walk"]["not_gld"])[those.known].any()
    assert 0.55 * len(study.known) < len(those.known) == len(those.rows.y) < 0.75 * len(study.known)
    assert np.array_equal(those.rows.y, those.cohort.outcomes["not_gld"][those.known])
    assert those.years is not None
    assert those.cohort.years is not None
    assert np.array_equal(those.years, those.cohort.years[those.known])
