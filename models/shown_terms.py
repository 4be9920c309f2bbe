"""
Which terms are shown as reasons, of many rows at once: those that `Explainer.explain` shows for a row alone.

What is not known is no part of this: every feature of it is shown, and the matrix says which.
"""

import numpy as np
from numpy.typing import NDArray

from models.estimator import Cells, Floats
from models.reasons import SHOWN_EACH_WAY, TOO_SMALL_TO_SHOW
from models.terms import EstimatorSpec, mean_among_known


class ShownTerms:
    """Picks the terms of one estimator that push most."""

    def __init__(self, spec: EstimatorSpec, slope: float) -> None:
        """`slope` is that of the calibration under which the contributions are served."""
        columns = {given.feature: column for column, given in enumerate(spec.inputs)}
        inputs = {given.feature: given for given in spec.inputs}
        self._usual = np.array([slope * mean_among_known(term, inputs[term.features[0]]) for term in spec.terms])
        self._first = [columns[term.features[0]] for term in spec.terms]
        self._second = [columns[term.features[-1]] for term in spec.terms]

    def of(self, contributions: Floats, missing: NDArray[np.bool_]) -> tuple[Cells, Cells]:
        """
        Return the terms (n, 5) that raise, and those that lower: places in the estimator, the largest push first.

        -1 where fewer are shown. `contributions` are (n, terms + 1) as the estimator gives them, `missing` the matrix's
        cells that are not known: a term that rests on one of them is told as not known.
        """
        untold = missing[:, self._first] | missing[:, self._second]
        pushes = np.where(untold, 0.0, contributions[:, :-1])
        own = pushes - self._usual
        raising = np.where((pushes >= TOO_SMALL_TO_SHOW) & (own >= TOO_SMALL_TO_SHOW), pushes, 0.0)
        lowering = np.where((pushes <= -TOO_SMALL_TO_SHOW) & (own <= -TOO_SMALL_TO_SHOW), pushes, 0.0)
        return _largest(raising), _largest(-lowering)


def _largest(sizes: Floats) -> Cells:
    """Return where the five largest of each row stand, the largest first, of equal ones the first first; -1: it is 0."""
    left, rows = sizes.copy(), np.arange(len(sizes))
    found = np.empty((len(sizes), min(SHOWN_EACH_WAY, sizes.shape[1])), dtype=np.int64)
    for place in range(found.shape[1]):
        at = left.argmax(axis=1)
        found[:, place] = np.where(left[rows, at] > 0.0, at, -1)
        left[rows, at] = 0.0
    return found
