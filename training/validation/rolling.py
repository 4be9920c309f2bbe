"""
Rolling test cohorts (M8): whom the audit is of, so that it can tell more of small groups than half of one cohort can.

Each earlier cohort is judged as the latest is: by the candidate that ships, learned on the cohorts before it and calibrated on
one half of it. Both halves (by family) are judged, each by a calibration on the other, and so is the half of the latest that
what ships was calibrated on. Every child is judged once, by terms and a calibration that never saw it. Each half has its own
lists, drawn by its own scores as those of what ships are: a team of that year would have had as many children on them.

An earlier cohort takes part where at least half as many cohorts stand before it as what ships has learned from, and among their
children there are as many with the outcome, and without it, as the plan asks for before anything is learned. What was learned
from fewer says little of what ships.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.estimator import Estimator
from models.small_numbers import rounded
from training.judging import Fitted, HeldOut, Judged, NoSignal, calibrate
from training.learning import CandidateName, Learned, learn
from training.plan import Plan
from training.scores import scored_table
from training.split import TimeSplit, shipped_split
from training.study import Study

Part = dict[str, Any]
Integers = NDArray[np.int64]
# Whom to calibrate on, and whom to judge.
_Way = tuple[Integers, Integers]

_BY_FOLDS = (
    "Every child with a known outcome was judged, each time by a model and a calibration that had not seen that child. There is no "
    "split in time, so that there are no children of earlier cohorts to add."
)


@dataclass(frozen=True, slots=True, eq=False)
class Pooled:
    """Scored rows that the audit reads (child-level), and what is told of whom they are; None where none were added or looked for."""

    rows: pd.DataFrame
    told: Part | None


def rolling_scored(study: Study, ships: CandidateName, shipped: Judged, scored: pd.DataFrame, plan: Plan) -> Pooled:
    """
    Return what the audit of one landmark and outcome reads, given the rows (`scored`) that what ships was judged by.

    Those come first, as they are; `fold` numbers the halves of cohorts that are added after them. A plan of quick evidence adds
    none, and folds have none to add.
    """
    if plan.evidence == "quick":
        return Pooled(scored, None)
    if study.split is None or study.years is None:
        return Pooled(scored, _told(study, scored, cohorts=None, of_what_ships=None, words=_BY_FOLDS))
    latest = int(study.years[study.split.test[0]])
    added = dict(_added(study, study.years, study.split, ships, shipped, plan))
    halves = enumerate((half for of_year in added.values() for half in of_year), start=1)
    rows = pd.concat([scored, *(_table(study, half).assign(fold=number) for number, half in halves)], ignore_index=True)
    cohorts = sorted({latest, *(year for year, of_year in added.items() if of_year)})
    words = " ".join(_sentences(cohorts, latest, added))
    return Pooled(rows, _told(study, rows, cohorts=cohorts, of_what_ships=rounded(len(scored)), words=words))


def _told(study: Study, rows: pd.DataFrame, **others: Any) -> Part:
    children = rounded(rows["child"].nunique())
    return {"landmark": study.landmark.name, "outcome": study.outcome.name, "children": children, **others}


def _table(study: Study, held_out: HeldOut) -> pd.DataFrame:
    return scored_table(study.cohort, study.outcome.name, study.known, held_out)


def _added(
    study: Study, years: Integers, split: TimeSplit, ships: CandidateName, shipped: Judged, plan: Plan
) -> Iterator[tuple[int, list[HeldOut]]]:
    """Yield the latest cohort and the earlier ones that take part, each with its halves that what ships was not judged by."""
    if shipped.spec is None:
        raise AssertionError("the yardstick never ships")
    learned = Learned(Estimator(shipped.spec).log_odds, shipped.spec)
    yield int(years[split.test[0]]), _halves(study, learned, [(split.test, split.calibrate)])
    for year, turn in _turns(study, years, plan):
        on = study.rows.take(turn.learn)
        learned = learn(ships, study.task, on.x, on.y, plan, on.weights)
        ways = [(turn.calibrate, turn.test), (turn.test, turn.calibrate)]
        yield year, _halves(study, learned, ways)


def _turns(study: Study, years: Integers, plan: Plan) -> Iterator[tuple[int, TimeSplit]]:
    """Yield the earlier cohorts that take part, the newest first, each split as it was the latest."""
    cohorts = np.unique(years[years >= 0]).tolist()
    learned_from = len(cohorts) - 1
    for place in range(learned_from - 1, 0, -1):
        turn = shipped_split(np.where(years > cohorts[place], -1, years), study.rows.families, plan.seed)
        if turn is not None and 2 * place >= learned_from and _enough(study, turn.learn, plan):
            yield cohorts[place], turn


def _enough(study: Study, learn_on: Integers, plan: Plan) -> bool:
    events = int(study.rows.y[learn_on].sum())
    return events >= plan.gates.least_events and len(learn_on) - events >= plan.gates.least_without


def _halves(study: Study, learned: Learned, ways: Sequence[_Way]) -> list[HeldOut]:
    """Return the scores of a cohort's halves, each calibrated on the other; none where one of them cannot be."""
    if any(len(np.unique(study.rows.y[on])) < 2 for on, _ in ways):
        return []
    try:
        return [_half(study, learned, *way) for way in ways]
    except NoSignal:
        return []


def _half(study: Study, learned: Learned, calibrate_on: Integers, test: Integers) -> HeldOut:
    on = study.rows.take(calibrate_on)
    fitted = Fitted(learned, calibrate(study.task, learned.log_odds(on.x), on.y, on.weights))
    return HeldOut(test, fitted.log_odds(study.rows.x[test])[None, :], np.zeros((1, len(test)), dtype=np.int64))


def _sentences(cohorts: Sequence[int], latest: int, added: Mapping[int, Sequence[HeldOut]]) -> Iterator[str]:
    """Say to a board who was judged, and by what."""
    listed = f"{', '.join(map(str, cohorts[:-1]))} and {cohorts[-1]}" if len(cohorts) > 1 else f"{latest}"
    yield (
        f"Judged were children born in the academic year{'s' * (len(cohorts) > 1)} that began in {listed}. Each was judged by a "
        "model learned on earlier years and calibrated on other children of the same year."
    )
    yield f"For half of those of {latest} that is the model that ships, as it ships."
    if len(cohorts) > 1:
        yield "For the others it is one made in the same way; those of earlier years had fewer years to learn from."
    elif added[latest]:
        yield "For the other half it is the same model, calibrated on the first."
    if missing := [_who(year, latest) for year, halves in added.items() if not halves]:
        yield f"Left out, since no calibration could be made for them: {'; '.join(missing)}."


def _who(year: int, latest: int) -> str:
    return f"the other half of those of {latest}" if year == latest else f"children of {year}"
