"""A head: one landmark and outcome's estimator with all that makes its log-odds an explained score."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from models.bands import Banded, Banding
from models.errors import IntegrityError
from models.estimator import Estimator, RowScore, logit
from models.feature import Outcome
from models.interval import Interval, Intervals
from models.reasons import Explainer, Explanation
from models.reliability import GOOD, Reliability

# baseline + contributions must equal logit(probability) this closely, or the answer does not leave.
SUM_TOLERANCE = 1e-9


class Score(NamedTuple):
    """The score for one outcome: calibrated probability, interval and band, and why."""

    outcome: Outcome
    scored: RowScore
    interval: Interval
    banding: Banding
    explanation: Explanation
    base_rate: float
    reliability: Reliability = GOOD

    @property
    def probability(self) -> float:
        """The calibrated probability that the outcome happens."""
        return self.scored.probability


@dataclass(frozen=True, slots=True)
class Head:
    """
    Scores the matrix rows of one landmark for one outcome.

    `base_rate` is the share of its calibration children who have it, `slope` that of the calibration.
    """

    outcome: Outcome
    estimator: Estimator
    intervals: Intervals
    banded: Banded
    explainer: Explainer
    base_rate: float
    slope: float = 1.0

    def score(self, row: Sequence[float], unknown: Collection[int]) -> Score:
        """Score one row and explain it; `unknown` are the columns of sources of which nothing at all is known."""
        scored = self.estimator.score(row)
        interval = self.intervals.at(scored.log_odds, scored.probability, widened=bool(unknown))
        banding = self.banded.of(scored.log_odds, interval, self.estimator.reach(row, unknown) if unknown else None)
        explanation = self.explainer.explain(row, scored)
        _check_sum(scored, explanation)
        return Score(self.outcome, scored, interval, banding, explanation, self.base_rate)

    def place(self, row: Sequence[float]) -> int:
        """Return the place of the band that a row's score lies in."""
        return self.banded.place(self.estimator.score(row).log_odds)


def _check_sum(scored: RowScore, explanation: Explanation) -> None:
    total = scored.baseline
    for reasons in (explanation.raises, explanation.lowers, explanation.not_known):
        for reason in reasons:
            total += reason.contribution
    total += explanation.everything_else
    if not -SUM_TOLERANCE <= total - logit(scored.probability) <= SUM_TOLERANCE:
        raise IntegrityError("the reasons do not add up to the score; nothing was answered")
