"""Whom champion and challenger are judged on: children whom neither learned from."""

import csv
import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.borough import COHORTS
from models.bundle import Bundle
from models.errors import BadInput
from training.champion.unseen import unseen
from training.pipeline import Run


def test_the_challenger_s_own_test_half(
    champion: Bundle, challenger: Bundle, borough_extracts: Path, borough_run: Run
) -> None:
    """Against a champion of the year before it is the whole test half, with the very scores that the challenger was judged by."""
    for children in unseen(champion, challenger, borough_extracts):
        rows = borough_run.scored[borough_run.scored["landmark"] == children.landmark.name]
        assert (children.learned_from, children.not_in_scope) == (0, 0)
        assert sorted(rows["probability"]) == pytest.approx(sorted(1 / (1 + np.exp(-children.challenger))), abs=1e-12)
        assert children.y.sum() == rows["observed"].sum()


def test_none_whom_the_champion_was_made_of(
    of_this_year: Bundle, challenger: Bundle, borough_extracts: Path, borough_run: Run
) -> None:
    """Of the test half, those are left out on whom the champion was calibrated: about half of it, by another seed."""
    for children in unseen(of_this_year, challenger, borough_extracts):
        whole = (borough_run.scored["landmark"] == children.landmark.name).sum()
        assert len(children.y) + children.learned_from == whole
        assert 0.3 * whole < children.learned_from < 0.7 * whole


def test_the_year_before_is_known_by_its_sizes(champion: Bundle, challenger: Bundle, borough_extracts: Path) -> None:
    """A champion whose plan names no cohorts is known by how many it learned from, at the end of which cohort."""
    text = champion.files["plan.toml"].decode()
    plan = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("cohorts"))
    unnamed = dataclasses.replace(champion, files={**champion.files, "plan.toml": plan.encode()})
    assert [found.learned_from for found in unseen(unnamed, challenger, borough_extracts)] == [0, 0]


def test_it_is_refused_where_nobody_knows(of_this_year: Bundle, challenger: Bundle, borough_extracts: Path) -> None:
    """Where the extracts have changed and neither plan nor evaluation names cohorts, nothing tells whom the champion learned from."""
    evaluation = json.loads(of_this_year.files["evaluation.json"])
    for part in evaluation["evaluations"]:
        part["procedure"]["learned_on"] += 1
        del part["procedure"]["cohorts"]
    files = {**of_this_year.files, "evaluation.json": json.dumps(evaluation).encode()}
    with pytest.raises(BadInput, match="nothing tells whom the champion learned from"):
        list(unseen(dataclasses.replace(of_this_year, files=files), challenger, borough_extracts))


def _told(bundle: Bundle, procedure: dict[str, Any], recalibrated: dict[str, Any] | None = None) -> Bundle:
    """Return a bundle whose evaluation tells of another procedure."""
    evaluation = json.loads(bundle.files["evaluation.json"])
    for part in evaluation["evaluations"]:
        part["procedure"] = procedure
    if recalibrated is not None:
        evaluation["recalibrated"] = {
            "heads": [
                {"landmark": part["landmark"], "outcome": part["outcome"], **recalibrated}
                for part in evaluation["evaluations"]
            ]
        }
    return dataclasses.replace(bundle, files={**bundle.files, "evaluation.json": json.dumps(evaluation).encode()})


@pytest.mark.parametrize(("own", "learned_from"), [(COHORTS[-1:], COHORTS[:-1]), (COHORTS[-2:-1], COHORTS)])
def test_none_on_whom_the_champion_was_recalibrated(
    champion: Bundle, challenger: Bundle, borough_extracts: Path, own: tuple[int, ...], learned_from: tuple[int, ...]
) -> None:
    """Of a recalibrated champion are left out all of the cohorts it was set on, and all that its terms were learned from."""
    procedure = {"kind": "recalibrated", "cohorts": list(own), "folds": 3, "repeats": 1}
    live = _told(champion, procedure, {"learned_from": list(learned_from)})
    assert [len(children.y) for children in unseen(live, challenger, borough_extracts)] == [0, 0]


def test_a_recalibrated_champion_of_older_cohorts(champion: Bundle, challenger: Bundle, borough_extracts: Path) -> None:
    """One that was neither learned nor recalibrated on the latest cohort is judged on the whole test half."""
    procedure = {"kind": "recalibrated", "cohorts": [COHORTS[-2]], "folds": 3, "repeats": 1}
    live = _told(champion, procedure, {"learned_from": list(COHORTS[:-2])})
    assert [children.learned_from for children in unseen(live, challenger, borough_extracts)] == [0, 0]


def test_where_nothing_tells_whom_a_recalibrated_champion_learned_from(
    champion: Bundle, challenger: Bundle, borough_extracts: Path
) -> None:
    """A recalibrated champion of which nobody knows by whom its terms were learned is refused."""
    live = _told(champion, {"kind": "recalibrated", "cohorts": [COHORTS[0]]}, {"learned_from": None})
    with pytest.raises(BadInput, match="nothing tells whom the champion learned from"):
        list(unseen(live, challenger, borough_extracts))


def test_a_recalibrated_challenger(champion: Bundle, challenger: Bundle, borough_extracts: Path) -> None:
    """A challenger that was recalibrated has nobody set apart, whatever split could be drawn of its cohorts."""
    new = _told(challenger, {"kind": "recalibrated", "cohorts": [COHORTS[-1]], "folds": 3, "repeats": 1})
    with pytest.raises(BadInput, match="the challenger was recalibrated"):
        list(unseen(champion, new, borough_extracts))


def test_extracts_that_are_not_the_challenger_s(
    champion: Bundle, challenger: Bundle, borough_extracts: Path, tmp_path: Path
) -> None:
    """Without the newest results the halves would be of the year before, whom the challenger learned from: refused."""
    older = tmp_path / "older"
    shutil.copytree(borough_extracts, older)
    with (older / "births.csv").open(encoding="utf-8", newline="") as file:
        born = {row["child"]: row["date_of_birth"] for row in csv.DictReader(file)}
    head, *rows = (older / "profile.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [row for row in rows if born.get(row.split(",")[0], "9") < f"{COHORTS[-1]}-09-01"]
    assert 0 < len(kept) < len(rows)
    (older / "profile.csv").write_text("".join([head, *kept]), encoding="utf-8")
    with pytest.raises(BadInput, match="not the extracts that the challenger was made of"):
        list(unseen(champion, challenger, older))
