"""The flow: everyone on record is somewhere in it, once."""

import numpy as np

from models.contract import Contract
from training.cohort import CohortTable, assemble
from training.findings import Run
from training.flow import flow
from training.ingest import ingest
from training.snapshots import Matrix


def test_every_child_is_somewhere(borough_run: Run) -> None:
    """Those in scope are those with a result and those without, by reason; with a calendar the parts of the split too."""
    for part in borough_run.evaluation["evaluations"]:
        found = part["flow"]
        assert found["on_record"] >= found["in_scope"] > found["with_result"] > 0
        assert found["in_scope"] == found["with_result"] + sum(found["without_result"].values())
        assert found["learned_on"] + found["calibrated_on"] + found["tested_on"] <= found["with_result"]
        assert found["tested_on"] == part["n"]


def test_reasons(borough: Contract, borough_extracts: object) -> None:
    """A cohort without any result, a child without a row, and a row that is not valid are told apart."""
    con, _ = ingest(borough, borough_extracts)  # type: ignore[arg-type]
    landmark, outcome = borough.landmarks[0], borough.outcomes[0]
    cohort = assemble(con, borough, landmark)
    found = flow(con, outcome, cohort, None)
    rows = {child for (child,) in con.execute("SELECT DISTINCT child FROM events_profile").fetchall()}
    without = np.isnan(cohort.outcomes[outcome.name])
    has_row = np.isin(cohort.matrix.children, sorted(rows))
    assert found["without_result"]["not_assessed"] == int((without & has_row).sum()) > 0
    assert found["without_result"]["no_row"] == int((without & ~has_row).sum()) > 0
    assert found["without_result"]["cohort_has_none"] == 0


def _cohort(outcomes: list[float], years: list[int], groups: list[str]) -> CohortTable:
    children = np.array([f"k{i}" for i in range(len(years))])
    matrix = Matrix(None, children, (), np.empty((len(years), 0)))  # type: ignore[arg-type]
    of_sex, ones = {"sex": np.array(groups)}, np.ones(len(years))
    return CohortTable(matrix, {"not_gld": np.array(outcomes)}, children, np.array(years), of_sex, ones, {})


def test_groups_and_small_cells(borough: Contract, borough_extracts: object) -> None:
    """Groups are counted among cohorts that have results, and a count under ten is not written."""
    con, _ = ingest(borough, borough_extracts)  # type: ignore[arg-type]
    nan = float("nan")
    cohort = _cohort([1.0] * 12 + [nan] * 3 + [nan] * 20, [2016] * 15 + [2021] * 20, ["F"] * 14 + ["M"] * 21)
    found = flow(con, borough.outcomes[0], cohort, None)
    assert found["without_result"]["cohort_has_none"] == 20
    assert found["by_group"]["sex"] == {
        "F": {"in_scope": 14, "with_result": 12},
        "M": {"in_scope": None, "with_result": None},
    }
