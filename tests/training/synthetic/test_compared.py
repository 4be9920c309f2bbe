"""Training on an invented authority: it never reads the truth, which is then set beside what it foresaw."""

import datetime
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from training.findings import Run
from training.pipeline import train
from training.synthetic.agencies import EXTRACTS
from training.synthetic.compared import compared, compared_lines
from training.synthetic.foresight import ENGLAND

Trained = Callable[[str, str | None], Run]


@pytest.fixture(scope="module")
def one_question(as_toml: Callable[[dict[str, Any]], str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped contract, cut to one landmark and one outcome, so that training takes seconds."""
    document = tomllib.loads(ENGLAND.read_text(encoding="utf-8"))
    for part in ("landmark", "outcome"):
        document[part] = [found for found in document[part] if found["name"] in {"two_year", "not_gld"}]
    for part in ("feature", "rule"):
        kept = [found for found in document[part] if "two_year" in found.get("landmarks", ["two_year"])]
        document[part] = [found | ({"landmarks": ["two_year"]} if "landmarks" in found else {}) for found in kept]
    path = tmp_path_factory.mktemp("one") / "one.toml"
    path.write_text(as_toml(document), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def trained(invented: Path, one_question: Path, quick_plan: Path, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Train on a copy of the extracts, with this for a truth about children (None: no truth at all)."""

    def run(name: str, truth: str | None) -> Run:
        folder = tmp_path_factory.mktemp(name)
        for extract in EXTRACTS:
            shutil.copy(invented / f"{extract}.csv", folder)
        if truth is not None:
            (folder / "truth").mkdir()
            (folder / "truth" / "children.csv").write_text(truth, encoding="utf-8")
        day = datetime.date(2026, 9, 1)
        out = folder / "releases"
        return train(one_question, folder, out, plan_path=quick_plan, key=None, today=day, progress=lambda _step: None)

    return run


@pytest.fixture(scope="module")
def run(trained: Trained) -> Run:
    """A run on extracts beside which there is no truth."""
    return trained("without", None)


def test_training_never_reads_the_truth(trained: Trained, run: Run) -> None:
    """With the truth gone, or gone wrong, the same bundle is learned from the same extracts."""
    assert trained("wrong", "pseudonym\nnobody\n").bundle.name == run.bundle.name


def test_beside_the_truth(run: Run, invented: Path) -> None:
    """Observed over expected is set beside the truth of everyone foreseen, of those too who have no result."""
    (found,) = compared(run, invented)
    (part,) = run.evaluation["evaluations"]
    observed = part["outcomes_never_observed"]
    assert (found["landmark"], found["outcome"]) == ("two_year", "not_gld")
    assert found["observed_only"] == observed["observed_over_expected"]["value"]
    assert found["weighted"] == observed["weighted_observed_over_expected"]["value"]
    truth = pd.read_csv(invented / "truth" / "children.csv", index_col="pseudonym")["not_gld"]
    rows = run.followed.join(truth, on="child")
    expected = (rows["part"] * rows["not_gld"]).sum() / (rows["part"] * rows["probability"]).sum()
    assert found["true"] == pytest.approx(expected, abs=1e-6)
    assert 0.8 < found["true"] < 1.25
    assert found["without_result"] > 0


def test_what_is_said(run: Run, invented: Path) -> None:
    """The three figures are said side by side, with how many children have a result and how many have none."""
    (found,) = compared(run, invented)
    heading, line = compared_lines([found])
    assert "in truth" in heading
    for figure in ("observed_only", "weighted", "true"):
        assert f"{found[figure]:.3f}" in line
    assert f"{found['with_result']:,} with a result, {found['without_result']:,} without" in line
