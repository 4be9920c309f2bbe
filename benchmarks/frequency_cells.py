"""
Cells of children: what was displayed to people, as natural frequencies, beside what happened.

A cell is one band of one authority's children. What was displayed is the mean of the whole numbers that people read.
"""

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from fairness.intervals import Z95, wilson
from models.plain_words import out_of_100

# Cells of fewer children are counted, and say too little to judge.
FEWEST = 100
# Displayed numbers are whole: each may be half a child of a hundred off.
ROUNDING = 0.5
EXTREMES = {"fewer than 1": 0.0, "more than 99": 100.0}

Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """One child's band (0: offered first), the number displayed, and whether the outcome happened."""

    band: int
    shown: float
    happened: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One band of one authority's children: what was displayed on average and what happened, of 100 children."""

    area: str
    band: int
    children: int
    shown: float
    observed: float
    low: float
    high: float

    @property
    def error(self) -> float:
        """How many of 100 too many were displayed."""
        return self.shown - self.observed

    @property
    def by_sampling(self) -> float:
        """How far off a number that is exactly true would be on average, from so few children alone."""
        share = self.observed / 100
        return 100 * math.sqrt(2 / math.pi * share * (1 - share) / self.children)

    @property
    def inside(self) -> bool:
        """Whether the displayed number, give or take its rounding, lies in the 95 % interval of what happened."""
        return self.low - ROUNDING <= self.shown <= self.high + ROUNDING


def shown(probability: float) -> float:
    """Return the number that people read, of 100 children."""
    words = out_of_100(probability)
    return EXTREMES[words] if words in EXTREMES else float(words.removeprefix("about "))


def cells(area: str, given: list[Answer]) -> list[Cell]:
    """Return each band's cell, first offered first."""
    return [_cell(area, band, [a for a in given if a.band == band]) for band in sorted({a.band for a in given})]


def _cell(area: str, band: int, given: list[Answer]) -> Cell:
    observed = float(np.mean([answer.happened for answer in given]))
    low, high = wilson(observed, len(given), Z95)
    displayed = float(np.mean([answer.shown for answer in given]))
    return Cell(area, band, len(given), displayed, 100 * observed, 100 * low, 100 * high)


def told(found: list[Cell]) -> Part:
    """Return the figures over all cells of children enough, how many were left out, and those not inside."""
    judged = [cell for cell in found if cell.children >= FEWEST]
    errors, bands = np.array([cell.error for cell in judged]), np.array([cell.band for cell in judged])
    return {
        "cells": len(judged),
        "left_out": len(found) - len(judged),
        "inside": round(float(np.mean([cell.inside for cell in judged])), 4),
        "mean_absolute_error": round(float(np.abs(errors).mean()), 3),
        "of_which_by_sampling": round(float(np.mean([cell.by_sampling for cell in judged])), 3),
        "mean_error_by_band": [round(float(errors[bands == band].mean()), 2) for band in np.unique(bands).tolist()],
        "not_inside": [_line(cell) for cell in sorted(judged, key=_how_far) if not cell.inside],
    }


def _how_far(cell: Cell) -> float:
    return -abs(cell.error)


def _line(cell: Cell) -> Part:
    return {name: round(value, 1) if isinstance(value, float) else value for name, value in asdict(cell).items()}
