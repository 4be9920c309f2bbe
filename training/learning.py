"""The two candidates and the yardstick, behind one shape: rows in, something that gives raw log-odds out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.estimator import Estimator
from models.feature import Feature
from models.terms import EstimatorSpec, Input, LinearTerm, PairTerm, StepTerm
from training.compile import compile_booster
from training.glass_box import fit_full_booster, fit_glass_box
from training.logistic import fit_logistic
from training.plan import Plan
from training.weights import unless_equal

Floats = NDArray[np.float64]
RawScores = Callable[[Floats], Floats]
ShippedName = Literal["logistic", "glass box"]
CandidateName = Literal["logistic", "glass box", "full booster"]

_DIRECTIONS = {"raises": 1, "lowers": -1, "none": 0}


@dataclass(frozen=True, slots=True)
class Task:
    """What is learned: one outcome at one landmark, from these features."""

    landmark: str
    outcome: str
    features: Sequence[Feature]


@dataclass(frozen=True, slots=True)
class Learned:
    """Raw log-odds for rows, and the estimator they come from (the yardstick has none: it is never shipped)."""

    log_odds: RawScores
    spec: EstimatorSpec | None


def learn(
    candidate: CandidateName, task: Task, x: Floats, y: Floats, plan: Plan, weights: Floats | None = None
) -> Learned:
    """
    Fit a candidate on x (children, features; NaN not known) and y (0 or 1).

    `weights` (children,) say how much each child counts (None: all alike).
    """
    # Where all count alike no learner is told of weights, so that it does what it does without.
    told = unless_equal(weights) if weights is not None else None
    if candidate == "full booster":
        booster = fit_full_booster(x, y, plan.full_booster, plan.seed, told)
        return Learned(lambda rows: np.asarray(booster.predict(rows, raw_score=True)), None)
    spec = _spec(candidate, task, x, y, plan, told)
    estimator = Estimator(spec)
    return Learned(estimator.log_odds, spec)


def _spec(
    candidate: ShippedName, task: Task, x: Floats, y: Floats, plan: Plan, weights: Floats | None
) -> EstimatorSpec:
    inputs = [input_of(feature, x[:, i]) for i, feature in enumerate(task.features)]
    intercept, terms = _terms(candidate, task, x, y, inputs, plan, weights)
    return EstimatorSpec(
        landmark=task.landmark,
        outcome=task.outcome,
        kind=candidate,
        intercept=intercept,
        inputs=tuple(inputs),
        terms=terms,
    )


def _terms(
    candidate: ShippedName,
    task: Task,
    x: Floats,
    y: Floats,
    inputs: list[Input],
    plan: Plan,
    weights: Floats | None,
) -> tuple[float, tuple[LinearTerm | StepTerm | PairTerm, ...]]:
    directions = [_DIRECTIONS[feature.direction] for feature in task.features]
    if candidate == "logistic":
        fitted = fit_logistic(x, y, inputs, plan.logistic, directions, weights)
        return fitted.intercept, tuple(fitted.terms)
    booster = fit_glass_box(x, y, directions, plan.glass_box, plan.seed, weights)
    compiled = compile_booster(booster, x, inputs)
    return compiled.intercept, tuple(compiled.terms)


def input_of(feature: Feature, column: Floats) -> Input:
    """Return what training saw of a feature: its range, its middle, its spread, how often it was known, how many where."""
    known = column[~np.isnan(column)]
    low, high, typical = (known.min(), known.max(), np.median(known)) if len(known) else (0.0, 0.0, 0.0)
    edges = _tenths(float(low), float(high))
    cells = np.bincount(np.searchsorted(edges, known, side="left"), minlength=len(edges) + 1)
    return Input(
        feature=feature.name,
        low=float(low),
        high=float(high),
        typical=float(typical),
        n_known=len(known),
        n_not_known=len(column) - len(known),
        spread=round(float(known.std()), 9) if len(known) else 0.0,
        edges=tuple(edges.tolist()),
        n=(*cells.tolist(), len(column) - len(known)),
    )


def _tenths(low: float, high: float) -> Floats:
    """Return the nine values that part a range into tenths; of one value, none."""
    return np.unique(np.linspace(low, high, 11)[1:-1]) if high > low else np.empty(0)
