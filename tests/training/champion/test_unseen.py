"""Whom champion and challenger are judged on: children whom neither learned from."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

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
    """Where the extracts have changed and the plan names no cohorts, nothing tells whom the champion learned from."""
    evaluation = json.loads(of_this_year.files["evaluation.json"])
    for part in evaluation["evaluations"]:
        part["procedure"]["learned_on"] += 1
    files = {**of_this_year.files, "evaluation.json": json.dumps(evaluation).encode()}
    with pytest.raises(BadInput, match="nothing tells whom the champion learned from"):
        list(unseen(dataclasses.replace(of_this_year, files=files), challenger, borough_extracts))
