"""The scored table: one row per held-out child and repeat, for the audit's eyes, and readable by its owner alone."""

import stat
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fairness.scored import COLUMNS
from fairness.scored_file import read_scored
from models.capacities import CAPACITIES
from models.contract import Contract
from models.errors import BadInput
from models.estimator import expit
from training.cohort import CohortTable
from training.findings import Run
from training.judging import HeldOut
from training.scores import PLACE, declared_groups, flagged_at, once_each, scored_table, write_scores
from training.snapshots import Matrix

LOG_ODDS = np.array([[-2.0, 0.0, 1.0, 3.0], [-1.0, 2.0, 0.5, 1.5]])
FOLDS = np.array([[0, 1, 0, 1], [1, 1, 0, 0]])


@pytest.fixture
def table(borough: Contract) -> pd.DataFrame:
    """Four held-out children of five, one of whom has no outcome, in two repeats."""
    children = np.array(["a", "b", "c", "d", "e"])
    matrix = Matrix(borough.landmarks[0], children, ("one",), np.zeros((5, 1)))
    cohort = CohortTable(
        matrix,
        {"not_gld": np.array([1.0, np.nan, 0.0, 0.0, 1.0])},
        np.array(["family 1", "family 2", "family 1", "child d", "family 3"]),
        None,
        {"sex": np.array(["Girls", "Boys", "not recorded", "Boys", "Girls"])},
        np.ones(5),
        {},
    )
    held_out = HeldOut(np.arange(4), LOG_ODDS, FOLDS)
    return scored_table(cohort, "not_gld", np.array([0, 2, 3, 4]), held_out)


def test_weights_are_handed_on(borough: Contract) -> None:
    """Each row has its child's sampling weight, and a child who stands for more takes more of every list."""
    children = np.array(["a", "b", "c", "d"])
    matrix = Matrix(borough.landmarks[0], children, ("one",), np.zeros((4, 1)))
    outcomes, weights = {"not_gld": np.array([1.0, 0.0, 0.0, 1.0])}, np.array([0.5, 2.5, 0.5, 0.5])
    cohort = CohortTable(matrix, outcomes, children, None, {}, weights, {})
    held_out = HeldOut(np.arange(4), np.array([[0.0, 3.0, 1.0, 2.0]]), np.zeros((1, 4), dtype=np.int64))
    found = flagged_at(scored_table(cohort, "not_gld", np.arange(4), held_out), 0.50)
    assert found["weight"].tolist() == weights.tolist()
    assert not found["flagged"].any(), "the first child stands for more than half of all"


def test_every_child_once_a_repeat(table: pd.DataFrame) -> None:
    """Every held-out child has one row a repeat, with its own outcome, family, fold and group; others have none."""
    assert flagged_at(table, 0.25).columns.tolist() == [*COLUMNS, "audit_sex"]
    assert set(table.columns) - {*COLUMNS} == {PLACE, "audit_sex"}
    assert table["child"].tolist() == ["a", "c", "d", "e"] * 2
    assert table["observed"].tolist() == [1, 0, 0, 1] * 2
    assert table["family"].tolist() == ["family 1", "family 1", "child d", "family 3"] * 2
    assert table["audit_sex"].tolist() == ["Girls", "not recorded", "Boys", "Girls"] * 2
    assert table["repeat"].tolist() == [0] * 4 + [1] * 4
    assert table["fold"].tolist() == FOLDS.ravel().tolist()
    assert set(table["landmark"]) == {"one_year"}
    assert set(table["outcome"]) == {"not_gld"}
    assert set(table["weight"]) == {1.0}


def test_the_probability_is_the_one_served(table: pd.DataFrame) -> None:
    """A probability is what the service's own function makes of the log-odds, to the bit."""
    assert table["probability"].tolist() == [expit(x) for x in LOG_ODDS.ravel().tolist()]


def test_flagged_by_one_threshold(table: pd.DataFrame) -> None:
    """At a capacity of one in four, the highest quarter of all scores of all repeats is flagged, and no other."""
    assert flagged_at(table, 0.25)["flagged"].tolist() == [False, False, False, True, False, True, False, False]
    assert flagged_at(table, 0.50)["flagged"].tolist() == [False, False, True, True, False, True, False, True]
    assert not flagged_at(table, 0.10)["flagged"].any()


def test_lists_hold_one_another(table: pd.DataFrame) -> None:
    """Whoever is on a list is on every longer one."""
    flags = np.array([flagged_at(table, capacity)["flagged"] for capacity in CAPACITIES])
    assert (flags[1:] >= flags[:-1]).all()
    assert (flags.sum(axis=0) == len(CAPACITIES) - table[PLACE]).all()


def test_one_row_of_each(table: pd.DataFrame) -> None:
    """Of several repeats, the first alone says who the children are."""
    assert once_each(table)["child"].tolist() == ["a", "c", "d", "e"]


def test_declared_groups(borough: Contract, borough_text: str) -> None:
    """Every group that a contract declares is named by its label, in the order declared."""
    sex, light = borough.audit
    assert declared_groups(borough, sex) == ["Girls", "Boys"]
    assert declared_groups(borough, light) == ["Under 2,500 g", "2,500 g or more"]
    unlabelled = sex.model_copy(update={"labels": {}})
    assert declared_groups(borough, unlabelled) == ["F", "M"]
    assert "F = " in borough_text


def test_declared_groups_of_no_row(borough: Contract) -> None:
    """The group of children of whom a source has no row is declared too, after those of its values."""
    sex, light = (attribute.model_copy(update={"absent": "Nothing on record"}) for attribute in borough.audit)
    assert declared_groups(borough, sex) == ["Girls", "Boys", "Nothing on record"]
    assert declared_groups(borough, light) == ["Under 2,500 g", "2,500 g or more", "Nothing on record"]
    assert declared_groups(borough, sex.model_copy(update={"labels": {}})) == ["F", "M", "Nothing on record"]
    assert declared_groups(borough, light.model_copy(update={"labels": {}})) == ["Nothing on record"]


def test_what_a_run_writes(borough_run: Run, tmp_path: Path) -> None:
    """The table of a real run is written whole and read back as it was, by its owner only."""
    path = tmp_path / "scores.parquet"
    write_scores(path, borough_run)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    rows, words = read_scored(path)
    assert rows["child"].tolist() == borough_run.audited["child"].tolist()
    assert rows["probability"].tolist() == borough_run.audited["probability"].tolist()
    assert words.groups["sex"] == ["Girls", "Boys"]
    assert (words.capacity, words.own_fold) == (borough_run.bands.policy.capacity, 0)
    assert [left.name for left in tmp_path.iterdir()] == ["scores.parquet"]


def test_what_was_there_is_replaced(borough_run: Run, tmp_path: Path) -> None:
    """A file that is there, open to others, is replaced whole by one that is not."""
    path = tmp_path / "scores.parquet"
    path.write_text("something longer than nothing", encoding="utf-8")
    path.chmod(0o644)
    write_scores(path, borough_run)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(pd.read_parquet(path)) == len(borough_run.audited)


@pytest.mark.parametrize("place", ["absent/scores.parquet", "taken/scores.parquet", "folder"])
def test_a_place_that_cannot_be(borough_run: Run, tmp_path: Path, place: str) -> None:
    """A place that cannot be written is refused with what to do, and no rows are left anywhere."""
    (tmp_path / "taken").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(BadInput, match="choose another place"):
        write_scores(tmp_path / place, borough_run)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["folder", "taken"]
