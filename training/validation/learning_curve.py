"""
The learning curve: what ships, learned from an eighth, a quarter, half and all of the families there are to learn from.

It is calibrated on and judged by the same children each time. Families are drawn three times, each draw's smaller parts
within its larger ones. The next doubling is foreseen by the law that what is still to be gained falls as one over the
children (so of log-loss by maximum likelihood: Akaike, "A new look at the statistical model identification", 1974): it
brings half of what the last brought.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.judging import HeldOut, NoSignal, fit
from training.learning import CandidateName
from training.plan import Plan
from training.resampled import Figure, resampled
from training.split import family_folds
from training.study import Study
from training.validation.told import Drawn, drawn, figures, minus

Part = dict[str, Any]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

SHARES, DRAWS = (0.125, 0.25, 0.5, 1.0), 3
_GAINS = ("auc", "log_loss")
# One fold each to calibrate on and to judge by, and at least one to learn from.
_FEWEST_FOLDS = 3


@dataclass(frozen=True, slots=True)
class _Turn:
    """Which rows are there to learn from, which to calibrate on, and which are judged."""

    learn: Integers
    calibrate: Integers
    test: Integers


def learning_curve(study: Study, ships: CandidateName, plan: Plan) -> Part:
    """Return the figures at each share of the families, and what the last doubling brought; None where nothing is learned."""
    turns = list(_turns(study, plan))
    test = np.concatenate([turn.test for turn in turns])
    children = resampled(study.rows, HeldOut(test, np.empty((0, len(test))), np.empty((0, len(test)), np.int64)), plan)
    found: dict[float, Drawn | None] = {}
    for share in SHARES:
        asked = range(DRAWS if share < 1 else 1)
        log_odds = [one for draw in asked if (one := _learned(study, ships, turns, share, draw, plan)) is not None]
        found[share] = drawn(np.stack(log_odds), children) if log_odds else None
    everyone, half = found[SHARES[-1]], found[SHARES[-2]]
    last = None if everyone is None or half is None else minus(everyone, half)
    return {
        "sizes": [_size(turns, share, found[share]) for share in SHARES],
        "last_doubling": None if last is None else {name: last[name] for name in _GAINS},
        "next_doubling": None if last is None else {name: _halved(last[name]) for name in _GAINS},
    }


def learning_curve_lines(part: Mapping[str, Any]) -> Iterator[str]:
    """Say in two lines how well what ships does on fewer children, and what twice as many would bring."""
    found = part["full"]["learning_curve"]
    told = [f"{one['learned_on']:,}: {one['figures']['auc']['value']:.3f}" for one in found["sizes"] if one["figures"]]
    yield f"  AUC by how many children it learns from: {'; '.join(told)}"
    if found["last_doubling"] is not None:
        last, coming = found["last_doubling"]["auc"], found["next_doubling"]["auc"]
        yield (
            f"  the last doubling brought {last['value']:+.3f} ({last['low']:+.3f} to {last['high']:+.3f}); "
            f"by the usual law the next brings half of that, about {coming['value']:+.3f}"
        )


def _turns(study: Study, plan: Plan) -> Iterator[_Turn]:
    if study.split is not None:
        yield _Turn(study.split.learn, study.split.calibrate, study.split.test)
        return
    count = max(plan.folds, _FEWEST_FOLDS)
    folds = family_folds(study.rows.families, count, plan.seed)
    for fold in range(count):
        after = (fold + 1) % count
        learn = np.flatnonzero((folds != fold) & (folds != after))
        yield _Turn(learn, np.flatnonzero(folds == after), np.flatnonzero(folds == fold))


def _learned(
    study: Study, ships: CandidateName, turns: list[_Turn], share: float, draw: int, plan: Plan
) -> Floats | None:
    """Return the judged children's log-odds, (m,), learned from one draw of families; None where that says nothing."""
    rows, scores = study.rows, []
    for turn in turns:
        learn_on = _some(turn.learn, rows.families, share, np.random.default_rng([plan.seed, draw]))
        try:
            fitted = fit(ships, study.task, rows.take(learn_on), rows.take(turn.calibrate), plan)
        except NoSignal:
            return None
        scores.append(fitted.log_odds(rows.x[turn.test]))
    return np.concatenate(scores)


def _some(rows: Integers, families: NDArray[np.str_], share: float, chance: np.random.Generator) -> Integers:
    """Return the rows of a share of the families, in the order they stand."""
    _, family = np.unique(families[rows], return_inverse=True)
    order = chance.permutation(int(family.max()) + 1)
    return np.asarray(rows[order[family] < np.ceil(share * len(order))])


def _size(turns: list[_Turn], share: float, found: Drawn | None) -> Part:
    learned_on = round(share * float(np.mean([len(turn.learn) for turn in turns])))
    return {"share": share, "learned_on": learned_on, "figures": None if found is None else figures(found)}


def _halved(gain: Figure) -> Figure:
    return {name: None if number is None else round(number / 2, 6) for name, number in gain.items()}
