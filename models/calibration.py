"""Calibration: what makes an estimator's log-odds a probability, and how sure that is; `calibration.json`."""

from typing import Literal

from models.interval import IntervalTable
from models.terms import Calibration, Part


class Calibrations(Part):
    """The calibration of every estimator, and the intervals of its scores."""

    format: Literal[1] = 1
    calibrations: tuple[Calibration, ...]
    intervals: tuple[IntervalTable, ...]
