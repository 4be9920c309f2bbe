"""
How a count of children is told, and what whoever reads it then knows of the count: arrays of any shape.

A count of ten or more is told to the nearest five. One under ten is told as 0 (up to two) or 5 (three to nine), never as 10: a
verdict says whether there were ten (M8), and would tell eight and nine from ten to twelve. Coarsely, any count under ten is 5.
"""

import numpy as np
from numpy.typing import NDArray

from models.small_numbers import FEWEST, NEAREST

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
# A count that is not whole (the mean over repeats) is compared with what people would call it.
_HALF = NEAREST / 2
_SLACK = NEAREST // 2


def nearest(counts: Floats) -> Floats:
    """Return amounts to the nearest five, halves up."""
    return NEAREST * np.floor(counts / NEAREST + 0.5)


def told(counts: Floats, coarse: Flags) -> Floats:
    """Return counts as they are told; `coarse` (of their shape) says where finely is too much."""
    few = np.where(coarse | (counts >= _HALF), float(NEAREST), 0.0)
    return np.where(counts < FEWEST, few, np.maximum(nearest(counts), float(FEWEST)))


def least(counts: Floats, coarse: Flags) -> Floats:
    """Return the smallest whole count that is told as these are."""
    rounded = told(counts, coarse)
    few = np.where(coarse | (rounded == 0), 0.0, float(_SLACK + 1))
    return np.where(rounded < FEWEST, few, np.maximum(rounded - _SLACK, float(FEWEST)))


def most(counts: Floats, coarse: Flags) -> Floats:
    """Return the largest whole count that is told as these are."""
    rounded = told(counts, coarse)
    few = np.where(rounded == 0, float(_SLACK), float(FEWEST - 1))
    return np.where(rounded < FEWEST, few, rounded + _SLACK)
