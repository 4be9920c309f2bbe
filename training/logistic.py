"""Logistic regression on standardised features, as linear terms; *not known* is a column of its own where it was seen."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from models.terms import Input, LinearTerm
from training.plan import Logistic

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fitted:
    """An intercept and linear terms, on the uncalibrated log-odds."""

    intercept: float
    terms: list[LinearTerm]


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
    intercept, terms = float(model.intercept_[0]), []
    for feature in sorted({*design.varying, *design.marked}):
        term, mean = _term(feature, design, model.coef_[0], x[:, feature], inputs[feature])
        intercept += mean
        if term is not None:
            terms.append(term)
    return Fitted(intercept, terms)


def _design(x: Floats, inputs: list[Input]) -> _Design:
    unknown = np.isnan(x)
    known = np.maximum((~unknown).sum(axis=0), 1)
    centres = np.where(unknown, 0.0, x).sum(axis=0) / known
    spreads = np.sqrt(np.where(unknown, 0.0, (x - centres) ** 2).sum(axis=0) / known)
    varying = [i for i in range(x.shape[1]) if spreads[i] > 0]
    marked = [i for i, given in enumerate(inputs) if given.n_known and given.n_not_known]
    values = np.where(unknown, 0.0, x - centres)[:, varying] / spreads[varying]
    return _Design(np.column_stack([values, unknown[:, marked]]), varying, marked, centres, spreads)


def _term(
    feature: int, design: _Design, weights: Floats, column: Floats, given: Input
) -> tuple[LinearTerm | None, float]:
    """Return a feature's term, centred on the training children, and the mean that goes to the intercept."""
    slope = weights[design.varying.index(feature)] / design.spreads[feature] if feature in design.varying else 0.0
    mark = weights[len(design.varying) + design.marked.index(feature)] if feature in design.marked else 0.0
    mean = float(mark * np.isnan(column).mean())
    if slope == 0.0:
        # A constant has no slope to carry its centre on: what is known is 0, and so is the mean.
        return None, mean
    term = LinearTerm(
        feature=given.feature,
        coefficient=float(slope),
        centre=float(design.centres[feature] + mean / slope),
        low=given.low,
        high=given.high,
        not_known=float(mark - mean) if given.learned_not_known else 0.0,
    )
    return term, mean
