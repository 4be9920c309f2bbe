"""The size floor: with so few children nothing is learned at all."""

from collections.abc import Callable

import numpy as np
import pytest

from training.judging import Rows
from training.plan import Plan
from training.plan_parts import GatesPlan
from training.split import TimeSplit
from training.study import Study
from training.worth.size import size_gate

Make = Callable[..., Study]


def _outcomes(rows_of: Callable[..., Rows], events: int, without: int) -> Rows:
    y = np.repeat([1.0, 0.0], [events, without])
    return rows_of(np.zeros((len(y), 1)), y)


@pytest.mark.parametrize(
    ("events", "without", "verdict"), [(100, 100, "passed"), (99, 500, "blocked"), (500, 99, "blocked")]
)
def test_both_outcomes_are_counted(
    study_with: Make, rows_of: Callable[..., Rows], events: int, without: int, verdict: str
) -> None:
    """A hundred with the outcome and a hundred without are enough; one fewer of either is not."""
    gate = size_gate(study_with(_outcomes(rows_of, events, without)), Plan())
    assert (gate.code, gate.kind, gate.verdict, gate.value) == ("events", "build", verdict, events)
    assert gate.words == f"{events} children have the outcome, {without} do not."
    assert bool(gate.next) == (verdict == "blocked")


def test_a_plan_may_ask_for_more(study_with: Make, rows_of: Callable[..., Rows]) -> None:
    """The floors are the plan's."""
    plan = Plan(gates=GatesPlan(least_events=150, least_without=200))
    gate = size_gate(study_with(_outcomes(rows_of, 140, 300)), plan)
    assert gate.verdict == "blocked"
    assert gate.threshold == "at least 150 with the outcome and 200 without"


def test_only_who_is_used_counts(study_with: Make, rows_of: Callable[..., Rows]) -> None:
    """By time, a child of no cohort is neither learned from nor judged by, and does not count."""
    split = TimeSplit(np.arange(60), np.arange(60, 80), np.arange(100, 250), lag=1)
    gate = size_gate(study_with(_outcomes(rows_of, 100, 150), split), Plan())
    assert (gate.verdict, gate.value) == ("blocked", 80)


def test_few_are_not_told(study_with: Make, rows_of: Callable[..., Rows]) -> None:
    """How many have the outcome is not told where they are fewer than ten."""
    gate = size_gate(study_with(_outcomes(rows_of, 7, 53)), Plan())
    assert (gate.value, gate.verdict) == (None, "blocked")
    assert gate.words == "fewer than 10 children have the outcome, 53 do not."
