"""A feature that foresees the outcome alone, however it came by it."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from training.alarms.lone_features import lone_features
from training.plan import Plan
from training.study import Study

Floats = NDArray[np.float64]


def _with(study: Study, column: Floats) -> Study:
    x = study.rows.x.copy()
    x[:, 1] = column
    return dataclasses.replace(study, rows=dataclasses.replace(study.rows, x=x))


def _noise(study: Study, seed: int = 3) -> Floats:
    return np.random.default_rng(seed).random(len(study.rows.y))


def test_honest_features_are_quiet(as_read: Any) -> None:
    """Of honest features none rings, and the gate tells which comes nearest and how near."""
    (alarm,) = lone_features(as_read.study(), Plan())
    assert not alarm.rings
    assert alarm.value is not None
    assert alarm.low is not None
    assert 0.6 < alarm.low < 0.75 < alarm.value < 0.77


@pytest.mark.parametrize("known", [1.0, 0.3])
@pytest.mark.parametrize("flipped", [0.0, 0.1, 0.2])
@pytest.mark.parametrize("turned", [False, True])
def test_a_noisy_copy_rings(as_read: Any, known: float, flipped: float, turned: bool) -> None:  # noqa: FBT001
    """A copy of the outcome rings, turned round or not, a fifth of it wrong, or known of a third of the children."""
    study: Study = as_read.study()
    copy = np.where(_noise(study) < flipped, 1 - study.rows.y, study.rows.y)
    copy = np.where(_noise(study, 4) < known, 1 - copy if turned else copy, np.nan)
    (alarm,) = lone_features(_with(study, copy), Plan())
    assert (alarm.rings, alarm.about) == (True, study.task.features[1].name)


def test_being_written_down_rings(as_read: Any) -> None:
    """A feature that is known nearly only of children who have the outcome rings, whatever its values are."""
    study: Study = as_read.study()
    wrote = np.where(study.rows.y == 1, _noise(study) < 0.8, _noise(study) < 0.05)
    (alarm,) = lone_features(_with(study, np.where(wrote, _noise(study, 5), np.nan)), Plan())
    assert alarm.rings
    assert "being known" in alarm.found


def test_a_rare_sure_sign_rings(as_read: Any) -> None:
    """A sign that few children have, and all of them the outcome, rings though its AUC is near one half."""
    study: Study = as_read.study()
    some = np.flatnonzero(study.rows.y == 1)[:140]
    sign = np.zeros(len(study.rows.y))
    sign[some] = 1
    (alarm,) = lone_features(_with(study, sign), Plan())
    assert alarm.rings
    assert alarm.value is not None
    assert alarm.value < 0.75


def test_a_handful_of_children_ring_nothing(as_read: Any) -> None:
    """A feature known of six children whom it happens to tell apart does not ring."""
    study: Study = as_read.study()
    few = np.concatenate([np.flatnonzero(study.rows.y == outcome)[:3] for outcome in (0, 1)])
    column = np.full(len(study.rows.y), np.nan)
    column[few] = study.rows.y[few]
    (alarm,) = lone_features(_with(study, column), Plan())
    assert not alarm.rings
