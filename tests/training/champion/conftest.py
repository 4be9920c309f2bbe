"""A champion that learned from older cohorts, another that learned from some of the latest, and a challenger that learned from all."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.borough import COHORTS
from models.bundle import Bundle, load_bundle
from training.pipeline import Run, train

Trained = Callable[[str, str], Path]


@pytest.fixture(scope="session")
def trained(
    tmp_path_factory: pytest.TempPathFactory, borough_contract: Path, borough_extracts: Path, quick_plan: Path
) -> Trained:
    """Train on the borough's extracts with the quick plan, one line of it changed; returns the folder of the bundle."""

    def by(line: str, instead: str) -> Path:
        folder = tmp_path_factory.mktemp("champion")
        changed = quick_plan.read_text(encoding="utf-8").replace(line, instead)
        (folder / "plan.toml").write_text(changed, encoding="utf-8")
        run = train(
            borough_contract,
            borough_extracts,
            folder / "releases",
            plan_path=folder / "plan.toml",
            key=None,
            today=datetime.date(2026, 9, 1),
            progress=lambda _step: None,
        )
        return run.bundle

    return by


@pytest.fixture(scope="session")
def challenger(borough_run: Run) -> Bundle:
    """The bundle of the borough's run."""
    return load_bundle(borough_run.bundle)


@pytest.fixture(scope="session")
def champion_folder(trained: Trained) -> Path:
    """A bundle of the year before: learned from every cohort but the latest."""
    return trained("seed = 7", f"seed = 7\ncohorts = {list(COHORTS[:-1])}")


@pytest.fixture(scope="session")
def champion(champion_folder: Path) -> Bundle:
    """The bundle of the year before, loaded."""
    return load_bundle(champion_folder)


@pytest.fixture(scope="session")
def of_this_year(trained: Trained) -> Bundle:
    """A bundle of the same cohorts by another seed: calibrated on children whom the challenger is judged by."""
    return load_bundle(trained("seed = 7", "seed = 8"))
