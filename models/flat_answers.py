"""
A bundle's answers to rows of its matrices, as flat columns of numbers: what a table can hold, whoever keeps the table.

The columns of an outcome are its probability (`<outcome>`), its interval (`.low`, `.high`), what the contributions are added
to (`.baseline`), each term's contribution (`.contribution.<feature>`, of a pair `.contribution.<first>.<second>`) and what the
bound on the log-odds takes off (`.beyond_bound`), which is 0 but for the most extreme rows. Baseline, contributions and that
last one add up to the log-odds of the probability.
"""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from models.batch import SCORED, BatchScorer, Scores
from models.estimator import Floats
from models.scorer import Scorer
from models.terms import Term


class FlatAnswers:
    """Answers rows of any landmark of a bundle, whose terms may differ: `columns` are those of them all, in order."""

    def __init__(self, scorer: Scorer) -> None:
        self.landmarks = tuple(landmark.name for landmark in scorer.contract.landmarks)
        self.features = tuple(feature.name for feature in scorer.contract.features)
        self.columns = columns_of(scorer)
        self._batches = [BatchScorer(scorer, landmark) for landmark in scorer.contract.landmarks]
        self._inputs = [[f.name for f in scorer.contract.features_at(at)] for at in scorer.contract.landmarks]

    def answer(self, landmarks: NDArray[np.object_], values: Mapping[str, Floats]) -> dict[str, Floats]:
        """
        Return every column (n,) for rows that each name a landmark (n,); `values` (n,) are of the features, NaN: not known.

        NaN where a landmark has no such outcome or term, and all along a row that the Scorer would not score (scope). Raises
        ValueError where a row names no landmark of the contract.
        """
        if not np.isin(landmarks, self.landmarks).all():
            raise ValueError(f"every row names a landmark: one of {', '.join(self.landmarks)}")
        answers = {column: np.full(len(landmarks), np.nan) for column in self.columns}
        for batch, inputs in zip(self._batches, self._inputs, strict=True):
            rows = np.flatnonzero(landmarks == batch.landmark.name)
            matrix = np.column_stack([values[name][rows] for name in inputs])
            found = batch.score(matrix)
            scored = found.refused == SCORED
            for scores in found.scores:
                _write(answers, rows[scored], scores, matrix[scored])
        return answers


def columns_of(scorer: Scorer) -> tuple[str, ...]:
    """Return the columns of a bundle's answers, in order."""
    return tuple(dict.fromkeys(_columns(scorer)))


def _columns(scorer: Scorer) -> Iterator[str]:
    """Yield every column of every outcome, its landmarks' terms in their order; some more than once."""
    for outcome in scorer.contract.outcomes:
        name = outcome.name
        yield from (name, f"{name}.low", f"{name}.high", f"{name}.baseline")
        for landmark in scorer.contract.landmarks:
            if outcome in scorer.contract.outcomes_at(landmark):
                terms = scorer.estimator(landmark.name, name).spec.terms
                yield from (contribution_column(name, term) for term in terms)
        yield f"{name}.beyond_bound"


def contribution_column(outcome: str, term: Term) -> str:
    """Return the column of a term's contribution; terms of the same features share it."""
    return ".".join((outcome, "contribution", *term.features))


def _write(answers: dict[str, Floats], rows: NDArray[np.int64], scores: Scores, matrix: Floats) -> None:
    estimator, name = scores.head.estimator, scores.head.outcome.name
    answers[name][rows] = scores.probability
    answers[f"{name}.low"][rows], answers[f"{name}.high"][rows] = scores.low, scores.high
    answers[f"{name}.baseline"][rows] = estimator.baseline
    contributions = estimator.score_matrix(matrix)[2]
    columns = [contribution_column(name, term) for term in estimator.spec.terms]
    for column in columns:
        answers[column][rows] = 0.0
    for column, contribution in zip(columns, contributions.T, strict=False):
        answers[column][rows] += contribution
    answers[f"{name}.beyond_bound"][rows] = contributions[:, -1]
