"""
Scores many rows of one landmark's matrix at once: every number and code is what the Scorer gives for the row alone.

Numbers are equal to the bit. Reasons are the terms that are shown, and no words: those are for one child at a time.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.errors import IntegrityError
from models.estimator import Cells, Floats, expit
from models.feature import Landmark
from models.head import SUM_TOLERANCE, Head
from models.reach import Reach
from models.reliability import LITTLE, Level
from models.scope import Code
from models.scorer import Scorer
from models.shown_terms import ShownTerms
from models.withdrawal import Asked

Bools = NDArray[np.bool_]

# By these numbers a batch tells how reliable a score is, and why a row is not scored.
LEVELS: tuple[Level, ...] = ("good", "limited", "poor")
REFUSALS: tuple[Code, ...] = ("too-little-known", "outside-range-seen")
SCORED = -1


@dataclass(frozen=True, slots=True)
class Scores:
    """
    The scores of n rows for one outcome.

    `place`, `first` and `last` are places of bands as `Banding` has them, `level` places in LEVELS. `raises` and `lowers`
    (n, 5) are places of terms in the estimator, the largest push first, -1 where fewer are shown.
    """

    head: Head
    log_odds: Floats
    probability: Floats
    low: Floats
    high: Floats
    near_threshold: Bools
    place: Cells
    first: Cells
    last: Cells
    level: Cells
    raises: Cells
    lowers: Cells


@dataclass(frozen=True, slots=True)
class Batch:
    """
    What rows of a landmark answer.

    `refused` has for each row the place of its code in REFUSALS, or SCORED; all else is of the rows that are scored, in
    their order. `widened`: some source is not known, and the interval is wider than its nominal level asks.
    """

    landmark: Landmark
    refused: Cells
    widened: Bools
    scores: tuple[Scores, ...]


class BatchScorer:
    """Scores rows of one landmark's matrix."""

    def __init__(self, scorer: Scorer, landmark: Landmark) -> None:
        asked = Asked(scorer.contract, landmark).columns
        self.landmark = landmark
        self.sources = tuple(asked)
        self._columns = [list(columns) for columns in asked.values()]
        self._source_of = [self.sources.index(f.source) for f in scorer.contract.features_at(landmark)]
        self._scope = scorer.contract.scope
        self._ranges = np.array(scorer.ranges(landmark.name)).T
        self._heads = [
            _BatchHead(scorer.head(landmark.name, outcome.name)) for outcome in scorer.contract.outcomes_at(landmark)
        ]
        self._learned = np.logical_and.reduce([head.learned for head in self._heads])

    def score(self, matrix: Floats, covered: Bools | None = None) -> Batch:
        """
        Score rows (n, features): a number, or NaN for not known, per feature of the landmark.

        `covered` (n, sources) says of which of `sources` a whole window is proven (`Asked.proven`); None: of none.
        """
        refused = self._refused(matrix)
        kept = refused == SCORED
        rows, missing = matrix[kept], np.isnan(matrix[kept])
        unknown = np.column_stack([missing[:, columns].all(axis=1) for columns in self._columns])
        if covered is not None:
            unknown &= ~covered[kept]
        unknown_cells = unknown[:, self._source_of]
        doubted = self._doubted(rows, missing & ~unknown_cells)
        scores = tuple(head.score(rows, missing, unknown_cells, *doubted) for head in self._heads)
        return Batch(self.landmark, refused, np.any(unknown, axis=1), scores)

    def _refused(self, matrix: Floats) -> Cells:
        refused = np.full(len(matrix), SCORED)
        if self._scope.beyond_range is not None:
            low, high = self._ranges
            # A range without end, of what no estimator goes by, has no margin and nothing beyond it.
            with np.errstate(invalid="ignore"):
                margin = self._scope.beyond_range * (high - low)
                low, high = low - margin, high + margin
            beyond = ((matrix < low) | (matrix > high)) & (high > low)
            refused[beyond.any(axis=1)] = 1
        if self._scope.least_known_share is not None:
            known = (~np.isnan(matrix)).sum(axis=1) / matrix.shape[1]
            refused[known < self._scope.least_known_share] = 0
        return refused

    def _doubted(self, rows: Floats, missing: Bools) -> tuple[Bools, Bools]:
        """Return which values, `missing` alone, are not known of which nothing was learned, and which lie out of range."""
        low, high = self._ranges
        return missing & ~self._learned, (rows < low) | (rows > high)


class _BatchHead:
    def __init__(self, head: Head) -> None:
        spec = head.estimator.spec
        self._head = head
        self._reach = Reach(head.estimator)
        self._used = sorted(head.estimator.used)
        self._shown = ShownTerms(spec, head.slope)
        thresholds = head.banded.thresholds.at
        self._probabilities = [expit(at.log_odds) for at in thresholds if at.log_odds is not None]
        self.learned = np.array([given.learned_not_known for given in spec.inputs])

    def score(self, rows: Floats, missing: Bools, unknown: Bools, never_learned: Bools, outside: Bools) -> Scores:
        log_odds, probability, contributions = self._head.estimator.score_matrix(rows)
        _check_sums(log_odds, probability)
        low, high = self._head.intervals.at_all(log_odds, probability)
        place = self._place(log_odds)
        first, last = place.copy(), place.copy()
        which = np.flatnonzero(unknown.any(axis=1))
        low[which], high[which] = self._widened(low[which], high[which])
        least, most = self._reach.of(rows[which], contributions[which], unknown[which])
        first[which] = np.minimum(place[which], self._place(most))
        last[which] = np.maximum(place[which], self._place(least))
        little = 1.0 - missing.sum(axis=1) / rows.shape[1] < LITTLE
        grounds = never_learned[:, self._used].any(axis=1).astype(np.int64) + outside[:, self._used].any(axis=1)
        grounds = grounds + little + (first != last)
        return Scores(
            self._head,
            log_odds,
            probability,
            low,
            high,
            self._near_threshold(low, high),
            place,
            first,
            last,
            np.where((grounds > 1) | little, LEVELS.index("poor"), grounds),
            *self._shown.of(contributions, missing),
        )

    def _widened(self, low: Floats, high: Floats) -> tuple[Floats, Floats]:
        widen = self._head.intervals.widen
        bounds = [widen(a, b) for a, b in zip(low.tolist(), high.tolist(), strict=True)]
        return np.array([bound.low for bound in bounds]), np.array([bound.high for bound in bounds])

    def _place(self, log_odds: Floats) -> Cells:
        """Return the place of each score's band: that of the first threshold it reaches, or else the last."""
        thresholds = self._head.banded.log_odds
        place = np.full(len(log_odds), len(thresholds))
        for k in reversed(range(len(thresholds))):
            place[log_odds >= thresholds[k]] = k
        return place

    def _near_threshold(self, low: Floats, high: Floats) -> Bools:
        near = np.zeros(len(low), dtype=np.bool_)
        for probability in self._probabilities:
            near |= (low <= probability) & (probability <= high)
        return near


def _check_sums(log_odds: Floats, probability: Floats) -> None:
    """Raise IntegrityError unless what the contributions add up to is the log-odds of what is served."""
    if not (np.abs(np.log(probability / (1.0 - probability)) - log_odds) <= SUM_TOLERANCE).all():
        raise IntegrityError("the reasons do not add up to the score; nothing was answered")
