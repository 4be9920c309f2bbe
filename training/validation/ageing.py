"""
How a model ages: the same children, foreseen by what could have been learned one cohort earlier, two, three, and so on.

What ships is calibrated on children of the very year it is judged by. Each year without retraining it is one cohort older
than that. An older model has also learned from fewer cohorts: its figures hold both.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from training.judging import Judged, NoSignal, judge_by_time
from training.learning import CandidateName
from training.plan import Plan
from training.resampled import resampled
from training.split import aged_split, lags
from training.study import Study
from training.validation.told import drawn, figures, minus

Part = dict[str, Any]


def ageing(study: Study, ships: CandidateName, shipped: Judged, plan: Plan) -> Part | None:
    """
    Return the figures of what ships and of the same candidate as it ages, each beside what ships; None without a calendar.

    `figures` are None at an age at which nothing could be learned.
    """
    if study.split is None or study.years is None:
        return None
    children, capacity = resampled(study.rows, shipped.held_out, plan), plan.bands.capacity
    now = drawn(shipped.held_out.log_odds, children, capacity)
    ages: list[Part] = []
    for lag in lags(study.years):
        split = aged_split(study.years, study.split, study.rows.families, lag)
        age: Part = {"lag": lag, "learned_on": len(split.learn), "calibrated_on": len(split.calibrate)}
        try:
            older = judge_by_time(ships, study.task, study.rows, split, plan)
        except NoSignal:
            ages.append(age | {"figures": None, "minus_shipped": None})
            continue
        then = drawn(older.held_out.log_odds, children, capacity)
        ages.append(age | {"figures": figures(then), "minus_shipped": minus(then, now)})
    return {"capacity": capacity, "shipped": figures(now), "ages": ages}


def ageing_lines(part: Mapping[str, Any]) -> Iterator[str]:
    """Say in two lines how what ships would have done, had it been learned so many cohorts earlier."""
    found = part["ageing"]
    if found is None:
        return
    ages = [("as shipped", found["shipped"])]
    ages += [(f"{age['lag']} older", age["figures"]) for age in found["ages"] if age["figures"] is not None]
    for name, words, places in (("auc", "AUC", 3), ("observed_over_expected", "observed for each foreseen", 2)):
        told = ", ".join(f"{when} {figures[name]['value']:.{places}f}" for when, figures in ages)
        yield f"  {words} as it ages by a cohort: {told}"
