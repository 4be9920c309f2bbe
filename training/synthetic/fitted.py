"""
Constants that make invented shares equal published ones.

An area's file holds published figures only. What makes the generator reach them (an intercept here, a cut-off there) is
solved when a command starts, on a calibration population drawn from a seed of its own, and then used for every batch.
The same code walks both ways: it solves each constant where it first needs it, or looks it up.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
_CLOSE = 1e-7


class Fitted:
    """Named constants; `fitting` says whether they are being solved or used."""

    def __init__(self) -> None:
        self.constants: dict[str, float] = {}
        self.fitting = True

    def freeze(self) -> None:
        """From here on constants are used as they are."""
        self.fitting = False

    def root(self, name: str, reached: Callable[[float], float], target: float, low: float, high: float) -> float:
        """Return the constant at which a rising function reaches the target; the nearer end where it never does."""
        if self.fitting:
            self.constants[name] = _root(lambda c: reached(c) - target, low, high)
        return self.constants[name]

    def value(self, name: str, found: float) -> float:
        """Return a value as it was found on the calibration population."""
        if self.fitting:
            self.constants[name] = found
        return self.constants[name]

    def chance(self, name: str, score: Floats, share: float, among: Flags | None = None) -> Floats:
        """Return probabilities, logistic in the score, whose mean among these children is the share."""
        part = score if among is None else score[among]
        return np.asarray(
            expit(self.root(name, lambda c: float(expit(part + c).mean()), share, -20, 20) + score), dtype=np.float64
        )

    def cut(self, name: str, value: Floats, share: float, among: Flags | None = None) -> float:
        """Return the cut-off below which that share of the values among these children lies."""
        if not self.fitting:
            return self.constants[name]
        return self.value(name, float(np.quantile(value if among is None else value[among], share)))


def _root(off: Callable[[float], float], low: float, high: float) -> float:
    if off(low) >= 0:
        return low
    if off(high) <= 0:
        return high
    return float(brentq(off, low, high, xtol=_CLOSE))
