"""The flow: everyone on record is somewhere in it, once."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from models.contract import Contract
from models.feature import Landmark
from models.intervention import Intervention
from training.cohort import CohortTable, assemble
from training.findings import Run
from training.flow import flow
from training.ingest import ingest
from training.plan import Plan
from training.snapshots import Matrix
from training.study import study_of


def test_every_child_is_somewhere(borough_run: Run) -> None:
    """Those in scope are those with a result and those without, by reason; those with one are studied, or not for a reason."""
    for part in borough_run.evaluation["evaluations"]:
        found = part["flow"]
        assert found["on_record"] >= found["in_scope"] > found["with_result"] > 0
        assert found["in_scope"] == found["with_result"] + sum(found["without_result"].values())
        assert found["with_result"] == found["studied"] + sum(found["not_studied"].values())
        assert found["learned_on"] + found["calibrated_on"] + found["tested_on"] == found["studied"]
        assert found["tested_on"] == part["n"]


def test_reasons(borough: Contract, borough_extracts: Path) -> None:
    """A cohort without any result, a child without a row, and a row that is not valid are told apart."""
    con, _ = ingest(borough, borough_extracts)
    landmark, outcome = borough.landmarks[0], borough.outcomes[0]
    cohort = assemble(con, borough, landmark)
    found = flow(con, study_of(borough, landmark, outcome, cohort, Plan()), cohort, None)
    rows = {child for (child,) in con.execute("SELECT DISTINCT child FROM events_profile").fetchall()}
    without = np.isnan(cohort.outcomes[outcome.name])
    has_row = np.isin(cohort.matrix.children, sorted(rows))
    assert found["without_result"]["not_assessed"] == int((without & has_row).sum()) > 0
    assert found["without_result"]["no_row"] == int((without & ~has_row).sum()) > 0
    assert found["without_result"]["cohort_has_none"] == 0


def _cohort(landmark: Landmark, outcomes: list[float], years: list[int], groups: list[str]) -> CohortTable:
    children = np.array([f"k{i}" for i in range(len(years))])
    matrix = Matrix(landmark, children, (), np.empty((len(years), 0)))
    of_sex, ones = {"sex": np.array(groups)}, np.ones(len(years))
    return CohortTable(matrix, {"not_gld": np.array(outcomes)}, children, np.array(years), of_sex, ones, {})


def test_groups_and_small_cells(borough: Contract, borough_extracts: Path) -> None:
    """Groups are counted among cohorts that have results, and a count under ten is not written."""
    con, _ = ingest(borough, borough_extracts)
    nan = float("nan")
    landmark, outcome = borough.landmarks[0], borough.outcomes[0]
    outcomes, years = [1.0] * 28 + [nan] * 3 + [nan] * 20, [2016] * 31 + [2021] * 20
    cohort = _cohort(landmark, outcomes, years, ["F"] * 30 + ["M"] * 21)
    found = flow(con, study_of(borough, landmark, outcome, cohort, Plan()), cohort, None)
    # Three have no row: told the twenty, one would have them from those in scope.
    assert found["without_result"] == {"cohort_has_none": None, "no_row": None, "not_assessed": 0}
    assert found["in_scope"] == 51
    # Of the 31 one is a boy: counted with the girls.
    assert found["by_group"]["sex"] == {
        "F": {"in_scope": 30, "with_result": 30},
        "M": {"in_scope": None, "with_result": None},
    }


def test_a_few_in_all(borough: Contract, borough_extracts: Path) -> None:
    """Where those without a result are a few in all, those in scope are not told either, who would be them and the rest."""
    con, _ = ingest(borough, borough_extracts)
    landmark, outcome = borough.landmarks[0], borough.outcomes[0]
    cohort = _cohort(landmark, [1.0] * 40 + [float("nan")] * 3, [2016] * 43, ["F"] * 43)
    found = flow(con, study_of(borough, landmark, outcome, cohort, Plan()), cohort, None)
    assert set(found["without_result"].values()) == {None}
    assert (found["in_scope"], found["with_result"]) == (None, 40)


def _of_four_years(borough: Contract, helped: int) -> tuple[Contract, CohortTable]:
    """Return 400 children of 2015 to 2018 and 20 of no known year, all with a result; some of 2016 had help that is set apart."""
    landmark = borough.landmarks[0]
    years = np.repeat([2015, 2016, 2017, 2018, -1], [100, 100, 100, 100, 20])
    cohort = _cohort(landmark, [0.0, 1.0] * 210, years.tolist(), ["F"] * 420)
    talk = Intervention(name="talk", label="Talk", source="hub", handling="stratum", reason="Invented.")
    had = (np.arange(420) >= 100) & (np.arange(420) < 100 + helped)
    contract = borough.model_copy(update={"interventions": (talk,)})
    return contract, dataclasses.replace(cohort, helped={"talk": {"not_gld": had}})


@pytest.mark.parametrize(
    ("cohorts", "helped", "left_out", "set_apart", "adrift", "studied"),
    [
        (None, 30, 0, 30, 20, 370),
        ((2015, 2016, 2017), 30, 120, 30, 0, 270),
        ((2017, 2018), 30, 220, 0, 0, 200),
        # One cohort is judged by folds.
        ((2016,), 30, 320, 30, 0, 70),
        # Of a few who had help no count is told, nor of those of another cohort: the whole less these would be the few.
        ((2015, 2016), 4, None, None, 0, 196),
    ],
)
def test_who_is_not_studied(
    borough: Contract,
    borough_extracts: Path,
    cohorts: tuple[int, ...] | None,
    helped: int,
    left_out: int | None,
    set_apart: int | None,
    adrift: int,
    studied: int,
) -> None:
    """Those with a result who are not studied are counted by the reason, and with those who are they make everyone."""
    con, _ = ingest(borough, borough_extracts)
    contract, cohort = _of_four_years(borough, helped)
    study = study_of(contract, contract.landmarks[0], contract.outcomes[0], cohort, Plan(cohorts=cohorts))
    found = flow(con, study, cohort, cohorts)
    assert found["not_studied"] == {
        "cohort_left_out": left_out,
        "help_set_apart": set_apart,
        "cohort_not_known": adrift,
    }
    assert found["studied"] == studied
    assert found["with_result"] == 420
    if left_out is not None and set_apart is not None:
        assert studied + left_out + set_apart + adrift == 420
    if study.split is not None:
        assert found["learned_on"] + found["calibrated_on"] + found["tested_on"] == studied
