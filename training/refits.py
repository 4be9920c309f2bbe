"""
Learns what ships again, on families drawn with replacement: how often a child's band would change, how far curves move.

By time, a refit learns and calibrates on draws of the very children that what ships learned and calibrated on, and places
the same held-out children. By folds that would cost a whole nested procedure each time; there a refit learns on a draw of
all children, and calibrates on and places those whom the draw left out, beside their places by the folds. A refit draws
its own thresholds: to be among the first so many is what makes a band.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.capacities import CAPACITIES, Moves
from models.estimator import Estimator
from models.refits import Curve, Refit
from models.terms import Calibration, EstimatorSpec, LinearTerm, StepTerm
from training.capacities import places, thresholds
from training.judging import Judged, NoSignal, Rows, fit
from training.learning import CandidateName, Task
from training.plan import Plan
from training.split import TimeSplit

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# From so many refits on there are two beyond 2.5 % and 97.5 %; of fewer, the bounds are the extremes.
_ENOUGH_FOR_PERCENTILES = 80
_SLOTS = len(CAPACITIES) + 1


@dataclass(frozen=True, slots=True)
class Refitted:
    """How refits move children between the slots that the capacities leave, and the bounds of curves."""

    moves: Moves
    refit: Refit


@dataclass(frozen=True, slots=True)
class _Draw:
    """Which rows a refit learns from and is calibrated on, some more than once, whom it places, and where they lie now."""

    learn: Integers
    calibrate: Integers
    held_out: Integers
    now: Integers


@dataclass(frozen=True, slots=True)
class _Again:
    """One refit: its estimator, and how many held-out children lay in each slot before (down) and lie now (across), weighted."""

    spec: EstimatorSpec
    calibration: Calibration
    moves: Floats


def refits(
    candidate: CandidateName, task: Task, rows: Rows, split: TimeSplit | None, shipped: Judged, plan: Plan
) -> Refitted:
    """Learn what ships again; raises NoSignal where fewer than two draws of the children say anything at all."""
    weights = rows.weights[shipped.held_out.rows]
    now = places(shipped.held_out.log_odds, thresholds(shipped.held_out.log_odds, weights)[0])
    draws = (_draw(rows, split, now, plan.seed, number) for number in range(plan.refits))
    found = [again for draw in draws if (again := _again(candidate, task, rows, draw, plan)) is not None]
    if len(found) < 2:
        raise NoSignal(
            f"{task.landmark}, {task.outcome}: learned again on other draws of its children, it says nothing"
        )
    if shipped.spec is None:
        raise AssertionError("the yardstick never ships")
    counts = np.sum([again.moves for again in found], axis=0)
    moves = (counts / counts.sum()).round(9)
    curves = _curves(shipped.spec, found)
    return Refitted(
        tuple(tuple(line) for line in moves.tolist()),
        Refit(landmark=task.landmark, outcome=task.outcome, refits=len(found), curves=curves),
    )


def _draw(rows: Rows, split: TimeSplit | None, now: Integers, seed: int, number: int) -> _Draw:
    chance = np.random.default_rng([seed, number])
    if split is not None:
        learn_on = _drawn(split.learn, rows.families, chance)
        return _Draw(learn_on, _drawn(split.calibrate, rows.families, chance), split.test, now[0])
    everyone = np.arange(len(rows.y))
    learn_on = _drawn(everyone, rows.families, chance)
    left_out = np.setdiff1d(everyone, learn_on)
    # Every child has a place in each repeat, and the repeats take turns.
    return _Draw(learn_on, _drawn(left_out, rows.families, chance), left_out, now[number % len(now)][left_out])


def _again(candidate: CandidateName, task: Task, rows: Rows, draw: _Draw, plan: Plan) -> _Again | None:
    """Return one refit; None where its draw has one outcome only or its scores run against the outcome."""
    if len(np.unique(rows.y[draw.calibrate])) < 2:
        return None
    try:
        fitted = fit(candidate, task, rows.take(draw.learn), rows.take(draw.calibrate), plan)
    except NoSignal:
        return None
    if fitted.learned.spec is None:
        raise AssertionError("the yardstick never ships")
    log_odds, weights = fitted.learned.log_odds(rows.x[draw.held_out]), rows.weights[draw.held_out]
    after = places(log_odds, thresholds(log_odds, weights)[0])
    moves = np.bincount(draw.now * _SLOTS + after, weights, minlength=_SLOTS**2).reshape(_SLOTS, _SLOTS)
    return _Again(fitted.learned.spec, fitted.calibration, moves.astype(np.float64))


def _drawn(rows: Integers, families: NDArray[np.str_], chance: np.random.Generator) -> Integers:
    """Return rows as a draw of whole families with replacement has them: some not at all, some more than once."""
    if not len(rows):
        return rows
    drawn_from, family = np.unique(families[rows], return_inverse=True)
    count = len(drawn_from)
    return np.repeat(rows, chance.multinomial(count, np.full(count, 1.0 / count))[family])


def _curves(spec: EstimatorSpec, found: list[_Again]) -> tuple[Curve, ...]:
    """Return the bounds of each term of one feature, at a value of every cell that it has."""
    singles = [term for term in spec.terms if isinstance(term, StepTerm | LinearTerm)]
    asked = [_asked(term, spec) for term in singles]
    matrix = np.full((max(map(len, asked), default=0) + 1, len(spec.inputs)), np.nan)
    columns = [next(i for i, given in enumerate(spec.inputs) if given.feature == term.feature) for term in singles]
    for column, at in zip(columns, asked, strict=True):
        matrix[: len(at), column] = at
    drawn = [_own_contributions(again, matrix) for again in found]
    return tuple(
        _curve(term.feature, at, np.array([one[:, column] for one in drawn]))
        for term, column, at in zip(singles, columns, asked, strict=True)
    )


def _asked(term: StepTerm | LinearTerm, spec: EstimatorSpec) -> tuple[float, ...]:
    """Return a value of the feature in each cell of a step, or both ends of a line."""
    if isinstance(term, LinearTerm):
        return term.low, term.high
    highest = next(given.high for given in spec.inputs if given.feature == term.feature)
    last = term.edges[-1] if term.edges else highest
    return (*term.edges, highest if highest > last else last + 1.0)


def _own_contributions(again: _Again, matrix: Floats) -> Floats:
    """Return (rows, inputs): what each feature alone contributes at each value, by a refit; 0 where it has no term."""
    estimator = Estimator(again.spec, again.calibration)
    contributions = estimator.score_matrix(matrix)[2]
    own = np.zeros(matrix.shape)
    for k, term in enumerate(again.spec.terms):
        if isinstance(term, StepTerm | LinearTerm):
            column = next(i for i, given in enumerate(again.spec.inputs) if given.feature == term.feature)
            own[:, column] = contributions[:, k]
    return own


def _curve(feature: str, at: tuple[float, ...], drawn: Floats) -> Curve:
    """Return a curve's bounds from (refits, rows); the last row is of *not known*."""
    kept = np.delete(drawn, np.s_[len(at) : -1], axis=1)
    few = len(kept) < _ENOUGH_FOR_PERCENTILES
    low, high = np.percentile(kept, [0, 100] if few else [2.5, 97.5], axis=0).round(6)
    return Curve(feature=feature, at=at, low=tuple(low.tolist()), high=tuple(high.tolist()))
