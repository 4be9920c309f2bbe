"""
The minimum sample size of Riley and others, a warning and never a gate.

Three criteria (Riley et al., Statistics in Medicine 2019; 38: 1276-96; BMJ 2020; 368: m441): shrinkage of at least 0.9; an
optimism of at most 0.05 in Nagelkerke's R²; the overall risk known to within 0.05. The R² of Cox and Snell that they need
is that of an AUC of 0.70, by the two normal distributions of Riley et al., Statistics in Medicine 2021; 40: 859-64, whose
simulation is done here by quadrature. As parameters stand the effective ones of the penalised logistic regression (the
trace of its smoother: Hastie, Tibshirani and Friedman, 2009, section 3.4.1) on every feature and its mark of *not known*:
a penalty spends fewer than there are columns. The glass box spends about as many or more, so that this is the least.
"""

from math import ceil, exp, log
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from training.judging import Rows
from training.plan import Plan

Floats = NDArray[np.float64]
ANTICIPATED_AUC = 0.70
_SHRINKAGE, _OPTIMISM, _RISK_WITHIN = 0.9, 0.05, 0.05


def riley(rows: Rows, plan: Plan) -> dict[str, Any]:
    """Return how many children it takes, by each criterion, beside how many are learned from (`rows`, both outcomes)."""
    rate = float(rows.y.mean())
    parameters = round(effective_parameters(rows.x, rate, plan.logistic.inverse_penalty), 1)
    needed = sample_sizes(cox_snell(ANTICIPATED_AUC, rate), rate, parameters)
    return {
        "anticipated_auc": ANTICIPATED_AUC,
        "effective_parameters": parameters,
        "needed": needed,
        "learned_on": len(rows.y),
        "enough": len(rows.y) >= max(needed.values()),
    }


def sample_sizes(r2: float, rate: float, parameters: float) -> dict[str, int]:
    """Return the least number of children by each criterion, for an R² of Cox and Snell and so many parameters."""
    most = 1 - exp(2 * (rate * log(rate) + (1 - rate) * log(1 - rate)))
    shrinkages = {"shrinkage": _SHRINKAGE, "optimism": r2 / (r2 + _OPTIMISM * most)}
    sizes = {name: ceil(parameters / ((s - 1) * log(1 - r2 / s))) for name, s in shrinkages.items()}
    return sizes | {"overall_risk": ceil((1.96 / _RISK_WITHIN) ** 2 * rate * (1 - rate))}


def cox_snell(auc: float, rate: float) -> float:
    """Return the R² of Cox and Snell of a score normal in both outcomes, as far apart as its AUC says."""
    apart = float(np.sqrt(2) * norm.ppf(auc))
    points, weights = np.polynomial.hermite_e.hermegauss(80)
    weights /= weights.sum()
    offset = log(rate / (1 - rate)) - apart**2 / 2
    gained = -rate * float(weights @ np.logaddexp(0, -(offset + apart * (points + apart))))
    gained -= (1 - rate) * float(weights @ np.logaddexp(0, offset + apart * points))
    return 1 - exp(-2 * (gained - rate * log(rate) - (1 - rate) * log(1 - rate)))


def effective_parameters(x: Floats, rate: float, inverse_penalty: float) -> float:
    """Return the effective parameters of a logistic regression penalised so, on x (children, features; NaN not known)."""
    unknown = np.isnan(x)
    known = np.maximum((~unknown).sum(axis=0), 1)
    values = np.where(unknown, 0.0, x - np.where(unknown, 0.0, x).sum(axis=0) / known)
    spread = np.sqrt((values**2).sum(axis=0) / known)
    columns = np.column_stack([values[:, spread > 0] / spread[spread > 0], unknown[:, unknown.any(axis=0)]])
    columns -= columns.mean(axis=0)
    information = np.linalg.eigvalsh(columns.T @ columns).clip(min=0) * rate * (1 - rate)
    return float((information / (information + 1 / inverse_penalty)).sum())
