"""
Outcomes changed by help are not miscalibration: those who had help and those who had not, judged apart.

Fewer children having the outcome than was foreseen is what help that works would look like, and is said in those words. It
proves nothing of the help, since who had it was no accident; and nothing is ever recalibrated from one group to the other.
Intervals draw whole families, the same ones for every group.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.contract import Contract
from models.estimator import Estimator
from models.intervention import Intervention
from models.small_numbers import FEWEST
from training.judging import Judged
from training.metrics import auc, calibration_slope, family_weights, observed_over_expected
from training.plan import Plan
from training.resampled import Figure, Resampled, figure, over_repeats
from training.study import Study

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Part = dict[str, Any]

LOWER = "lower than foreseen among those helped"
AS_FORESEEN = "about as foreseen among those helped"
HIGHER = "higher than foreseen among those helped"
NOT_ENOUGH = "not enough children were helped to tell"
LEFT_OUT = "neither learned from nor judged"

_MEASURES = {
    "observed_over_expected": observed_over_expected,
    "calibration_slope": calibration_slope,
    "auc": auc,
}
_NOT_TOLD: Figure = {"value": None, "low": None, "high": None}


@dataclass(frozen=True, slots=True)
class Scored:
    """
    Everyone judged, and after them those set apart for help they had: log-odds (repeats, m), and `apart` (m,) who those are.

    `rows` (m,) says who they are in the cohort.
    """

    rows: NDArray[np.int64]
    log_odds: Floats
    apart: Flags
    children: Resampled


def helped(contract: Contract, study: Study, shipped: Judged, plan: Plan) -> Part:
    """
    Return, for each declared intervention, how those who had it fared beside what was foreseen, and how the others did.

    `not_helped` are those who had none of them: by them a model's calibration is judged. Small counts are None, and so are
    both parts of a whole of which one is small.
    """
    scored = those_scored(contract, study, shipped, plan)
    had = {i.name: study.cohort.helped[i.name][study.outcome.name] for i in contract.interventions}
    none = ~np.any([np.zeros(len(scored.rows), dtype=np.bool_), *(of[scored.rows] for of in had.values())], axis=0)
    # Those judged are told of as a whole: who of them had help, and who had not, make it up.
    others = ~none & ~scored.apart if any(i.learned_from for i in contract.interventions) else None
    return {
        "interventions": [_told(i, had[i.name], scored, study, plan) for i in contract.interventions],
        "not_helped": _judged(scored, none & ~scored.apart, others),
    }


def helped_lines(part: Part) -> Iterator[str]:
    """Say of a head's evaluation how children fared who had each help, beside what was foreseen of them."""
    for told in part["helped"]["interventions"]:
        if told["handling"] == "exclusion":
            yield f"  {told['label']}: {_left_out_words(told)} are {LEFT_OUT}"
            continue
        those, others = told["helped"], told["not_helped"]
        yield (
            f"  {told['label']}: {told['phrase']} ({_count(those['n'], 'number not told')}): observed / expected "
            f"{_interval(those['observed_over_expected'])}, of the others {_interval(others['observed_over_expected'])}"
        )
        if told["handling"] == "stratum":
            yield f"    the score says what is foreseen without it: {_left_out_words(told)} are not learned from"


def those_scored(contract: Contract, study: Study, shipped: Judged, plan: Plan) -> Scored:
    """Return everyone judged, and those set apart by the cohort they are tested on, scored by the same."""
    held_out, cohort = shipped.held_out, study.cohort
    judged, apart = study.known[held_out.rows], _apart(contract, study, shipped)
    if shipped.spec is None:
        raise AssertionError("the yardstick never ships")
    foreseen = Estimator(shipped.spec, shipped.calibration).log_odds(cohort.matrix.numbers[apart])
    rows = np.concatenate([judged, apart])
    weights = cohort.weights[rows]
    drawn = family_weights(cohort.families[rows], plan.bootstrap, plan.seed) * weights
    log_odds = np.hstack([held_out.log_odds, np.tile(foreseen, (len(held_out.log_odds), 1))])
    children = Resampled(cohort.outcomes[study.outcome.name][rows], weights, drawn)
    return Scored(rows, log_odds, np.arange(len(rows)) >= len(judged), children)


def _apart(contract: Contract, study: Study, shipped: Judged) -> NDArray[np.int64]:
    """
    Return who had help that is a stratum, and would else have been judged; nobody left out for other help.

    Children whose brother or sister the calibration saw are not among them, as none is among those judged.
    """
    cohort, outcome = study.cohort, study.outcome.name
    had = {i.name: (i.handling, cohort.helped[i.name][outcome]) for i in contract.interventions}
    nobody = np.zeros(len(cohort.families), dtype=np.bool_)
    stratum = np.any([nobody, *(of for handling, of in had.values() if handling == "stratum")], axis=0)
    excluded = np.any([nobody, *(of for handling, of in had.values() if handling == "exclusion")], axis=0)
    seen = np.isin(cohort.families, study.rows.families[shipped.calibrated_on.rows])
    wanted = stratum & ~excluded & ~seen & ~np.isnan(cohort.outcomes[outcome])
    if cohort.years is not None:
        wanted &= np.isin(cohort.years, cohort.years[study.known[shipped.held_out.rows]])
    return np.flatnonzero(wanted)


def _told(intervention: Intervention, had: Flags, scored: Scored, study: Study, plan: Plan) -> Part:
    told: Part = {"name": intervention.name, "label": intervention.label, "handling": intervention.handling}
    if not intervention.learned_from:
        told["left_out"] = _cell(_left_out(had, study, plan))
    if intervention.handling == "exclusion":
        return told | {"phrase": LEFT_OUT}
    here = had[scored.rows]
    others = ~here & ~scored.apart
    if intervention.handling == "stratum":
        those = _judged(scored, here & scored.apart, None)
        return told | {"helped": those, "not_helped": _judged(scored, others, None), "phrase": _phrase(those, plan)}
    those = _judged(scored, here & ~scored.apart, others)
    rest = _judged(scored, others, here & ~scored.apart)
    return told | {"helped": those, "not_helped": rest, "phrase": _phrase(those, plan)}


def _left_out(had: Flags, study: Study, plan: Plan) -> int:
    """Return how many with a result the plan would else have learned from or judged by."""
    cohort = study.cohort
    would = had & ~np.isnan(cohort.outcomes[study.outcome.name])
    if plan.cohorts is not None and cohort.years is not None:
        would &= np.isin(cohort.years, plan.cohorts)
    return int(would.sum())


def _judged(scored: Scored, group: Flags, rest: Flags | None) -> Part:
    """Return how a group fared; `rest` is what is left of a whole that is told elsewhere, where the two make one."""
    whole, y = scored.children, scored.children.y
    children = Resampled(y[group], whole.weights[group], whole.drawn[:, group])
    n, events = _counts(y[group])
    counts = [_counts(y[each]) for each in (group, rest) if each is not None]
    shown = all(size >= FEWEST for size, _ in counts)
    enough = min(events, n - events) >= FEWEST
    apart = shown and all(min(yes, size - yes) >= FEWEST for size, yes in counts)
    return {
        "n": n if shown else None,
        "events": events if apart else None,
        **{
            name: figure(*over_repeats(measure, scored.log_odds[:, group], children)) if enough else dict(_NOT_TOLD)
            for name, measure in _MEASURES.items()
        },
    }


def _counts(y: Floats) -> tuple[int, int]:
    return len(y), int(y.sum())


def _phrase(those: Part, plan: Plan) -> str:
    ratio, (least, most) = those["observed_over_expected"], plan.gates.observed_over_expected
    if ratio["low"] is None:
        return NOT_ENOUGH
    if ratio["high"] < 1:
        return LOWER
    if ratio["low"] > 1:
        return HIGHER
    return AS_FORESEEN if least <= ratio["low"] and ratio["high"] <= most else NOT_ENOUGH


def _cell(count: int) -> int | None:
    return count if count >= FEWEST else None


def _left_out_words(told: Part) -> str:
    return f"{_count(told['left_out'], f'fewer than {FEWEST} children')} who had it"


def _count(count: int | None, hidden: str) -> str:
    return hidden if count is None else f"{count:,} children"


def _interval(told: Figure) -> str:
    value, low, high = told["value"], told["low"], told["high"]
    return "not told" if value is None else f"{value:.2f} ({low:.2f} to {high:.2f})"
