"""
Logistic regression on standardised features, as linear terms; *not known* is a column of its own where it was seen.

A feature whose direction the contract declares never has a coefficient of the other sign: with many features that say
nearly the same, free coefficients would have a score tell of a child, in words, the opposite of what is on record.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from models.terms import Input, LinearTerm, StepTerm
from training.plan_parts import Logistic

Floats = NDArray[np.float64]
# Below this mean pull of a child on a coefficient held at 0, letting it go would change nothing that could be told.
_STILL = 1e-9
# No column needs to be held and let go more often than this.
_MOST_CHANGES = 3


@dataclass(frozen=True, slots=True)
class Fitted:
    """An intercept and terms, on the uncalibrated log-odds; steps only where all that varies is whether it is known."""

    intercept: float
    terms: list[LinearTerm | StepTerm]


@dataclass(frozen=True, slots=True)
class _Design:
    """What is regressed on: standardised values (0 where not known), then a mark for *not known* where it was seen."""

    columns: Floats
    varying: list[int]
    marked: list[int]
    centres: Floats
    spreads: Floats


def fit_logistic(
    x: Floats,
    y: Floats,
    inputs: list[Input],
    plan: Logistic,
    directions: Sequence[int] | None = None,
    weights: Floats | None = None,
) -> Fitted:
    """
    Fit on x (children, features; NaN not known) and y (0 or 1).

    Directions are 1, -1 or 0 (either) for each feature; `weights` (children,) say how much each child counts (None: all
    alike).
    """
    design = _design(x, inputs)
    if not design.columns.shape[1]:
        return Fitted(_log_odds_of_all(y, weights), [])
    signs = np.zeros(design.columns.shape[1])
    if directions is not None:
        signs[: len(design.varying)] = np.array(directions)[design.varying]
    intercept, coefficients = _fit_within(design.columns, y, signs, plan, weights)
    terms: list[LinearTerm | StepTerm] = []
    for feature in sorted({*design.varying, *design.marked}):
        term, mean = _term(feature, design, coefficients, inputs[feature])
        intercept += mean
        terms.append(term)
    return Fitted(intercept, sorted(terms, key=lambda term: term.kind))


def _fit_within(
    columns: Floats, y: Floats, signs: Floats, plan: Logistic, weights: Floats | None
) -> tuple[float, Floats]:
    """
    Return the intercept and coefficients of the least penalised loss among those of the allowed signs.

    Columns that would have the wrong sign are held at 0, and let go again where the loss would fall in the right
    direction; the loss is convex, so that what remains is its least.
    """
    free, counts_for = np.ones(columns.shape[1], dtype=np.bool_), np.ones_like(y) if weights is None else weights
    for _ in range(_MOST_CHANGES * columns.shape[1]):
        intercept, found = _fit_free(columns, y, free, plan, weights)
        wrong = free & (found * signs < 0)
        if wrong.any():
            free &= ~wrong
            continue
        residual = counts_for * (y - expit(intercept + columns @ found))
        pull = np.where(free, 0.0, signs * (residual @ columns) / len(y))
        if pull.max(initial=0.0) <= _STILL:
            break
        free[int(pull.argmax())] = True
    return intercept, np.where(found * signs < 0, 0.0, found)


def _fit_free(
    columns: Floats, y: Floats, free: NDArray[np.bool_], plan: Logistic, weights: Floats | None
) -> tuple[float, Floats]:
    found = np.zeros(len(free))
    if not free.any():
        return _log_odds_of_all(y, weights), found
    model = LogisticRegression(C=plan.inverse_penalty, solver="newton-cholesky", tol=1e-10, max_iter=200)
    model.fit(columns[:, free], y, weights)
    found[free] = model.coef_[0]
    return float(model.intercept_[0]), found


def _log_odds_of_all(y: Floats, weights: Floats | None) -> float:
    rate = float(np.average(y, weights=weights))
    return float(np.log(rate / (1 - rate)))


def _design(x: Floats, inputs: list[Input]) -> _Design:
    unknown = np.isnan(x)
    known = np.maximum((~unknown).sum(axis=0), 1)
    centres = np.where(unknown, 0.0, x).sum(axis=0) / known
    spreads = np.sqrt(np.where(unknown, 0.0, (x - centres) ** 2).sum(axis=0) / known)
    varying = [i for i in range(x.shape[1]) if spreads[i] > 0]
    marked = [i for i, given in enumerate(inputs) if given.n_known and given.n_not_known]
    values = np.where(unknown, 0.0, x - centres)[:, varying] / spreads[varying]
    return _Design(np.column_stack([values, unknown[:, marked]]), varying, marked, centres, spreads)


def _term(feature: int, design: _Design, coefficients: Floats, given: Input) -> tuple[LinearTerm | StepTerm, float]:
    """Return a feature's term, centred on the training children, and the mean that goes to the intercept."""
    slope = coefficients[design.varying.index(feature)] / design.spreads[feature] if feature in design.varying else 0.0
    mark = coefficients[len(design.varying) + design.marked.index(feature)] if feature in design.marked else 0.0
    mean = float(mark * given.n_not_known / (given.n_known + given.n_not_known))
    not_known = float(mark - mean) if given.learned_not_known else 0.0
    if slope == 0.0:
        # A constant has no slope to carry its centre on.
        n = (given.n_known, given.n_not_known)
        return StepTerm(feature=given.feature, edges=(), values=(-mean, not_known), n=n), mean
    centre = float(design.centres[feature] + mean / slope)
    term = LinearTerm(
        feature=given.feature,
        coefficient=float(slope),
        centre=centre,
        low=given.low,
        high=given.high,
        not_known=not_known,
    )
    return term, mean
