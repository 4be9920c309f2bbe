"""
Net benefit (decision curve: Vickers and Elkin, Medical Decision Making 2006; 26: 565-74).

At a threshold t a team would rather offer support to a child who did not need it than miss one who did, as long as at least t
of those it offers it to need it. Net benefit is then true positives less false positives times t / (1 - t), per child: what is
offered to nobody has 0.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from models.feature import Rule
from models.small_numbers import FEWEST
from training.judging import HeldOut
from training.resampled import Resampled, figure

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
THRESHOLDS = tuple(round(0.05 * step, 2) for step in range(1, 13))


def net_benefit(held_out: HeldOut, rules: Mapping[Rule, Flags], children: Resampled) -> list[dict[str, Any]]:
    """
    Return, at each threshold, the net benefit of what ships, of all, of nobody and of each rule, and the gain over the best.

    The best is that of each draw. Where fewer than ten are offered support, figures are None, and such a rule is not compared.
    """
    told = {rule.name: flags.astype(float) for rule, flags in rules.items() if flags.sum() >= FEWEST}
    everyone = np.ones(len(children.y))
    return [_at(threshold, held_out, told | {"": everyone}, children) for threshold in THRESHOLDS]


def _at(threshold: float, held_out: HeldOut, others: Mapping[str, Floats], children: Resampled) -> dict[str, Any]:
    offered = (expit(held_out.log_odds) >= threshold).mean(axis=0)
    strategies = np.column_stack([offered, *others.values()])
    value, drawn = (
        _benefits(strategies, threshold, w, children.y) for w in (children.weights[None, :], children.drawn)
    )
    if offered.sum() < FEWEST:
        value[:, 0] = drawn[:, 0] = np.nan
    of = dict(zip(others, map(_rounded, value[0, 1:]), strict=True))
    return {
        "threshold": threshold,
        "what_ships": _rounded(value[0, 0]),
        "everyone": of.pop(""),
        "nobody": 0.0,
        "rules": of,
        "gain": figure(_gain(value)[0], _gain(drawn)),
    }


def _benefits(offered: Floats, threshold: float, weights: Floats, y: Floats) -> Floats:
    """Return net benefits (draws, strategies) of offering to `offered` (m, strategies)."""
    worth = np.where(y == 1, 1.0, -threshold / (1 - threshold))
    return np.asarray((weights @ (offered * worth[:, None])) / weights.sum(axis=1, keepdims=True))


def _gain(benefits: Floats) -> Floats:
    """Return what ships less the best of the others, nobody among them."""
    return np.asarray(benefits[:, 0] - np.maximum(benefits[:, 1:].max(axis=1), 0.0))


def _rounded(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 6)
