"""
Renders the short answer: for each outcome the number, how sure it is, the band, and what weighs most.

It is what a worklist or a busy screen asks for, so it costs little: whatever repeats is JSON already, and a request adds its
numbers. What is not shown is one amount, so that the reasons of this answer add up to its log-odds too.
"""

from collections.abc import Sequence
from functools import lru_cache

from pydantic_core import to_json

from models.bands import Banding
from models.errors import IntegrityError
from models.estimator import logit
from models.feature import Landmark
from models.head import SUM_TOLERANCE, Head, Score
from models.interval import LEVEL
from models.plain_words import out_of_100
from models.reasons import Reason
from models.scorer import Scored, Scorer
from models.telling import Teller
from service.answers.score_rendering import about
from service.request_record import Asked


class SummaryRenderer:
    """Makes the core of the short answers of one landmark."""

    def __init__(self, scorer: Scorer, teller: Teller, landmark: Landmark) -> None:
        at = _text({"name": landmark.name, "label": landmark.label, "age": landmark.age})
        self._head = f'"status":"scored","landmark":{at},"scores":['
        outcomes = scorer.contract.outcomes_at(landmark)
        self._scores = [_OneSummary(scorer.head(landmark.name, outcome.name), teller) for outcome in outcomes]

    def render(self, asked: Asked, answer: Scored) -> bytes:
        """Return the JSON; raises IntegrityError where the reasons do not add up to a score."""
        # Every feature that is not known is named, and a name of a contract needs no escaping.
        unknown = ",".join([f'"{feature.name}"' for feature in answer.not_known])
        told = [one.render(score, unknown) for one, score in zip(self._scores, answer.scores, strict=True)]
        asked_for = f'{{"purpose":"{asked.purpose}","as_of":{asked.age},{self._head}'
        return f"{asked_for}{','.join(told)}]}}".encode()


class _OneSummary:
    """Makes the short form of one outcome's scores."""

    def __init__(self, head: Head, teller: Teller) -> None:
        outcome = head.outcome
        self._fixed = _text({"outcome": outcome.name, "label": outcome.label, "period": outcome.window})[1:-1]
        self._baseline = repr(head.estimator.baseline)
        self._teller = teller
        self._bands = lru_cache(maxsize=256)(self._band)
        # By what is said of 100 children, which is all that these words depend on.
        self._spoken: dict[str, str] = {}

    def render(self, score: Score, unknown: str) -> str:
        scored, interval, why = score.scored, score.interval, score.explanation
        rest = why.everything_else
        for reason in why.not_known:
            rest += reason.contribution
        _check(score, rest)
        return (
            f'{{{self._fixed},"probability":{scored.probability!r},"interval":{{"low":{interval.low!r},'
            f'"high":{interval.high!r},"level":{LEVEL!r},"widened":{"true" if interval.widened else "false"}}},'
            f'{self._bands(score.banding)},"reliability":{{"level":"{score.reliability.level}"}},'
            f'{self._words(score)},"raises":[{_reasons(why.raises)}],"lowers":[{_reasons(why.lowers)}],'
            f'"not_known":[{unknown}],"everything_else":{rest!r},"log_odds":{scored.log_odds!r},"baseline":{self._baseline}}}'
        )

    def _band(self, banding: Banding) -> str:
        told = self._teller.band_of(banding)
        return _text({"band": {"code": told.code, "label": told.label, "near_threshold": told.near_threshold}})[1:-1]

    def _words(self, score: Score) -> str:
        count = out_of_100(score.probability)
        words = self._spoken.get(count)
        if words is None:
            said = {"about": about(score.probability), "words": self._teller.frequency(score)}
            words = _text({"out_of_100": said, "summary": self._teller.summary(score)})[1:-1]
            self._spoken[count] = words
        return words


def _reasons(reasons: Sequence[Reason]) -> str:
    return ",".join([f'{_start(r.features, r.words)}{r.strength},"contribution":{r.contribution!r}}}' for r in reasons])


@lru_cache(maxsize=4096)
def _start(features: tuple[str, ...], words: str) -> str:
    """Return the beginning of a reason: there are no more of them than terms, each with a few words."""
    return _text({"features": features, "words": words, "strength": 0})[:-2]


def _check(score: Score, rest: float) -> None:
    """Raise IntegrityError unless what is shown and the rest add up to the log-odds of the probability."""
    total = score.scored.baseline
    for reasons in (score.explanation.raises, score.explanation.lowers):
        for reason in reasons:
            total += reason.contribution
    if not abs(total + rest - logit(score.probability)) <= SUM_TOLERANCE:
        raise IntegrityError("the reasons do not add up to the score; nothing was answered")


def _text(value: object) -> str:
    return to_json(value).decode()
