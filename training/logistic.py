"""Logistic regression on standardised features, as linear terms; *not known* is a column of its own where it was seen."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from models.terms import Input, LinearTerm, StepTerm
from training.plan import Logistic

Floats = NDArray[np.float64]


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


def fit_logistic(x: Floats, y: Floats, inputs: list[Input], plan: Logistic) -> Fitted:
    """Fit on x (children, features; NaN not known) and y (0 or 1)."""
    design = _design(x, inputs)
    if not design.columns.shape[1]:
        rate = float(y.mean())
        return Fitted(float(np.log(rate / (1 - rate))), [])
    model = LogisticRegression(C=plan.inverse_penalty, solver="newton-cholesky", tol=1e-10, max_iter=200)
    model.fit(design.columns, y)
    intercept = float(model.intercept_[0])
    terms: list[LinearTerm | StepTerm] = []
    for feature in sorted({*design.varying, *design.marked}):
        term, mean = _term(feature, design, model.coef_[0], inputs[feature])
        intercept += mean
        terms.append(term)
    return Fitted(intercept, sorted(terms, key=lambda term: term.kind))


def _design(x: Floats, inputs: list[Input]) -> _Design:
    unknown = np.isnan(x)
    known = np.maximum((~unknown).sum(axis=0), 1)
    centres = np.where(unknown, 0.0, x).sum(axis=0) / known
    spreads = np.sqrt(np.where(unknown, 0.0, (x - centres) ** 2).sum(axis=0) / known)
    varying = [i for i in range(x.shape[1]) if spreads[i] > 0]
    marked = [i for i, given in enumerate(inputs) if given.n_known and given.n_not_known]
    values = np.where(unknown, 0.0, x - centres)[:, varying] / spreads[varying]
    return _Design(np.column_stack([values, unknown[:, marked]]), varying, marked, centres, spreads)


def _term(feature: int, design: _Design, weights: Floats, given: Input) -> tuple[LinearTerm | StepTerm, float]:
    """Return a feature's term, centred on the training children, and the mean that goes to the intercept."""
    slope = weights[design.varying.index(feature)] / design.spreads[feature] if feature in design.varying else 0.0
    mark = weights[len(design.varying) + design.marked.index(feature)] if feature in design.marked else 0.0
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
