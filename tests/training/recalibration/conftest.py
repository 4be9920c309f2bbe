"""The borough's bundle on children of another borough, where more children have the outcome than the bundle foresees."""

import csv
import datetime
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import expit

from benchmarks.borough import invent_children, write_extracts
from models.refits import Refit
from models.terms import Calibration, EstimatorSpec, Input, LinearTerm
from training.findings import Run
from training.judging import Rows
from training.recalibration.original import OriginalHead
from training.recalibration.recalibrate import recalibrate

Recalibrate = Callable[..., Run]
Simulated = tuple[np.ndarray[Any, Any], Rows]


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Extracts of other children, of whom three in ten that would have reached every goal did not."""
    folder = tmp_path_factory.mktemp("elsewhere")
    write_extracts(folder, invent_children(1800, seed=21), seed=22)
    chance = random.Random(23)  # noqa: S311 (no secret)
    with (folder / "profile.csv").open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    for row in rows:
        if row[2:] == ["2", "2"] and chance.random() < 0.3:
            row[2] = "1"
    with (folder / "profile.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return folder


@pytest.fixture(scope="session")
def recalibrated(borough_run: Run, elsewhere: Path, tmp_path_factory: pytest.TempPathFactory) -> Recalibrate:
    """Recalibrate the borough's bundle; keywords change what it is given. What is left stands under `given["out"]`."""

    def run(**changed: Any) -> Run:
        given: dict[str, Any] = {"bundle": borough_run.bundle, "data": elsewhere, "contract_path": None, "cohorts": 1}
        given |= {
            "elsewhere": True,
            "out": tmp_path_factory.mktemp("recalibrated"),
            "key": None,
            "today": datetime.date(2026, 9, 1),
        }
        return recalibrate(**(given | changed), progress=lambda _step: None)

    return run


@pytest.fixture(scope="session")
def own_run(recalibrated: Recalibrate) -> Run:
    """The borough's bundle, recalibrated on the latest cohort elsewhere; nothing in it may be changed."""
    return recalibrated()


@pytest.fixture(scope="session")
def simulate() -> Callable[..., Simulated]:
    """Simulate served log-odds and children whose outcomes are off by so much at such a slope."""

    def made(count: int, off: float = 0.0, slope: float = 1.0, seed: int = 1) -> Simulated:
        chance = np.random.default_rng(seed)
        log_odds = -0.9 + 0.8 * chance.standard_normal(count)
        y = (chance.random(count) < expit(off + slope * log_odds)).astype(np.float64)
        families = np.cumsum(chance.random(count) >= 0.2).astype(np.str_)
        return log_odds, Rows(np.empty((count, 0)), y, families, np.ones(count))

    return made


@pytest.fixture
def head() -> OriginalHead:
    """A score that is its one feature, served as that feature says, but for a little."""
    place = {"landmark": "one_year", "outcome": "not_gld"}
    spec = EstimatorSpec(
        **place,
        kind="logistic",
        intercept=0.0,
        inputs=(Input(feature="asked", low=-9, high=9, typical=0, n_known=9, n_not_known=0),),
        terms=(LinearTerm(feature="asked", coefficient=1.0, centre=0.0, low=-9, high=9, not_known=0.0),),
    )
    calibration = Calibration(**place, intercept=0.1, slope=1.1, n=9, events=3)
    return OriginalHead(spec, calibration, Refit(**place, refits=2, curves=()), {}, [2011, 2012])
