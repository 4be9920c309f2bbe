"""Order and names: neither features nor scores change with them, and outcomes must not follow them."""

import dataclasses
from typing import Any

import numpy as np

from models.terms import Calibration, EstimatorSpec
from training.alarms.order import order_of_rows, order_of_scores
from training.judging import CalibratedOn, HeldOut, Judged
from training.learning import input_of
from training.plan import Plan


def test_what_is_learned_from_is_quiet(as_read: Any) -> None:
    """Under other keys, rows in another order, every feature of the borough stays the same, and outcomes follow no order."""
    assert [each.rings for each in order_of_rows(as_read.con, as_read.contract, as_read.cohorts, Plan())] == [False]


def test_features_that_follow_the_order_ring(as_read: Any) -> None:
    """A feature that is the row's own place in the matrix rings at that landmark and at no other."""
    cohort = as_read.cohorts["one_year"]
    numbers = cohort.matrix.numbers.copy()
    numbers[:, 0] = np.arange(len(numbers))
    wrong = dataclasses.replace(cohort, matrix=dataclasses.replace(cohort.matrix, numbers=numbers))
    found = order_of_rows(as_read.con, as_read.contract, as_read.cohorts | {"one_year": wrong}, Plan())
    assert [(each.rings, each.place) for each in found] == [(True, "one_year")]


def test_outcomes_that_follow_the_keys_ring(as_read: Any) -> None:
    """Keys that were given in the order of the outcome ring, with what their order foresees."""
    cohort = as_read.cohorts["two_year"]
    y = cohort.outcomes["not_gld"]
    ordered = np.where(np.isnan(y), np.nan, (np.arange(len(y)) > 0.7 * len(y)).astype(float))
    wrong = dataclasses.replace(cohort, outcomes={"not_gld": ordered})
    (alarm,) = order_of_rows(as_read.con, as_read.contract, {"two_year": wrong}, Plan())
    assert (alarm.rings, alarm.code, alarm.place) == (True, "depends_on_order", "two_year › not_gld › keys")
    assert alarm.value == 1.0


def test_scores_of_an_estimator_are_quiet(as_read: Any) -> None:
    """An estimator gives each child the same score, to the bit, wherever the child stands."""
    study = as_read.study()
    inputs = tuple(input_of(feature, study.rows.x[:, i]) for i, feature in enumerate(study.task.features))
    spec = EstimatorSpec(
        landmark="two_year", outcome="not_gld", kind="logistic", intercept=0.1, inputs=inputs, terms=()
    )
    calibration = Calibration(landmark="two_year", outcome="not_gld", intercept=0.0, slope=1.0, n=10, events=5)
    nobody = np.arange(0)
    none = (HeldOut(nobody, np.empty((1, 0)), np.empty((1, 0), dtype=np.int64)), CalibratedOn(nobody, np.empty(0)))
    alarm = order_of_scores(study, {"logistic": Judged(spec, calibration, *none)}, Plan())
    assert (alarm.rings, alarm.code) == (False, "depends_on_order")
