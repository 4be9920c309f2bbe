"""What is told of a recalibration."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from models.small_numbers import FEWEST
from training.findings import Run
from training.judging import Rows
from training.plan import Plan
from training.recalibration.cross_fitting import recalibrated
from training.recalibration.original import OriginalHead
from training.recalibration.told import recalibration_lines, told


def test_lines(own_run: Run) -> None:
    """The bundle it came from, what was set with its interval, and observed over expected before and after are told."""
    lines = list(recalibration_lines(own_run.contract, own_run.evaluation))
    whole = own_run.evaluation["recalibrated"]
    assert "none of these children" in lines.pop(1)
    assert lines[0] == f"Recalibrated from bundle {whole['from'][:12]}; every term is as it was learned"
    assert len(lines) == 2 + 3 * len(whole["heads"])
    for head, first, second, third in zip(whole["heads"], lines[1::3], lines[2::3], lines[3::3], strict=False):
        label = own_run.contract.landmark(head["landmark"]).label
        assert first == f"  not_gld, seen from {label}: {head['choice']} set anew"
        assert f"{head['n']:,} own children (cohorts: 2018), {head['events']:,} had it" in second
        value = head["figures"]["before"]["observed_over_expected"]["value"]
        assert f"observed / expected {value:.2f} (" in third
    assert "thresholds" in lines[-1]


@pytest.mark.parametrize(
    ("off", "slope", "choice", "set_anew"),
    [
        (0.0, 1.0, "keep", set()),
        (0.6, 1.0, "intercept", {"intercept"}),
        (-0.4, 0.5, "intercept and slope", {"intercept", "slope"}),
    ],
)
def test_the_intervals_hold_what_was_set(
    head: OriginalHead, simulate: Callable[..., Any], off: float, slope: float, choice: str, set_anew: set[str]
) -> None:
    """What was set is what ships, and lies in its interval; what was not has no interval and is what it was."""
    served, rows = simulate(1500, off=off, slope=slope)
    children = Rows(((served - 0.1) / 1.1)[:, None], rows.y, rows.families, rows.weights)
    plan = Plan(folds=4, repeats=2, bootstrap=200)
    found = recalibrated(head, children, np.arange(1500), plan)
    part = told(head, found, children, plan)
    after, ships = part["calibration"]["after"], found.shipped.calibration
    assert part["choice"] == choice
    assert {name for name, figure in after.items() if figure["low"] is not None} == set_anew
    assert (after["intercept"]["value"], after["slope"]["value"]) == pytest.approx(
        (ships.intercept, ships.slope), abs=1e-6
    )
    assert all(after[name]["low"] < after[name]["value"] < after[name]["high"] for name in set_anew)
    for name in {"intercept", "slope"} - set_anew:
        assert after[name]["value"] == part["calibration"]["before"][name]
    assert part["found"]["slope"]["low"] < slope < part["found"]["slope"]["high"]


def test_what_is_kept_has_the_figures_it_had(head: OriginalHead, simulate: Callable[..., Any]) -> None:
    """Of a score that every fold keeps, the figures after are those before, to the last place."""
    served, rows = simulate(1500)
    children = Rows(((served - 0.1) / 1.1)[:, None], rows.y, rows.families, rows.weights)
    plan = Plan(folds=4, repeats=1, bootstrap=200)
    part = told(head, recalibrated(head, children, np.arange(1500), plan), children, plan)
    assert part["figures"]["before"] == part["figures"]["after"]
    assert part["figures"]["after_minus_before"]["auc"] == {"value": 0.0, "low": 0.0, "high": 0.0}


def test_of_what_is_kept_no_other_figure_is_told(
    own_run: Run, head: OriginalHead, simulate: Callable[..., Any]
) -> None:
    """Of a calibration that is kept the lines say why, and give what it comes to once."""
    served, rows = simulate(600, off=0.15, seed=10)
    children = Rows(((served - 0.1) / 1.1)[:, None], rows.y, rows.families, rows.weights)
    plan = Plan(seed=3, folds=4, repeats=2, bootstrap=200)
    part = told(head, recalibrated(head, children, np.arange(600), plan), children, plan)
    assert part["choice"] == "keep"
    assert part["figures"]["before"] == part["figures"]["after"]
    whole = {"from": "0" * 64, "elsewhere": False, "heads": [part | {"cohorts": [2018]}]}
    _, first, _, third, _ = recalibration_lines(own_run.contract, {"recalibrated": whole})
    assert first.endswith(
        f"kept as it was: that anything is off is not shown (p = {part['p_values']['any_change']:.2f})"
    )
    assert third.endswith("before, as before")


def test_it_is_told_of_those_it_went_by(head: OriginalHead, simulate: Callable[..., Any]) -> None:
    """Every count and figure is of the children by whom it was recalibrated, whatever the others came to."""
    served, rows = simulate(1500, off=0.6)
    y = np.where(np.arange(1500) < 1000, rows.y, 0.0)
    by, plan = np.arange(1000), Plan(folds=4, repeats=1, bootstrap=200)
    x = ((served - 0.1) / 1.1)[:, None]
    parts = []
    for outcomes in (rows.y, y):
        children = Rows(x, outcomes, rows.families, rows.weights)
        parts.append(told(head, recalibrated(head, children, by, plan), children, plan))
    assert parts[0] == parts[1]
    assert (parts[0]["n"], parts[0]["events"]) == (1000, rows.y[:1000].sum())


def test_no_count_that_is_told_is_small(own_run: Run) -> None:
    """Children, those with the outcome, those without, and families are ten or more."""
    for head in own_run.evaluation["recalibrated"]["heads"]:
        assert min(head["events"], head["n"] - head["events"], head["families"]) >= FEWEST
