"""Renders the scores of one landmark and outcome: the Scorer's numbers beside the Teller's words."""

import math
from typing import Any

from models.estimator import logit
from models.head import Score
from models.interval import LEVEL
from models.plain_words import out_of_100
from models.reasons import Reason
from models.scorer import Scored, Scorer
from models.telling import Teller

Json = dict[str, Any]


class ScoreRenderer:
    """Makes the JSON object of each score of one landmark and outcome."""

    def __init__(self, scorer: Scorer, teller: Teller, landmark: str, outcome: str) -> None:
        self._teller = teller
        self._head = scorer.head(landmark, outcome)
        told = self._head.outcome
        self._fixed = {"outcome": told.name, "label": told.label, "definition": told.definition, "period": told.window}
        self._kind = self._head.estimator.spec.kind
        self._codes = [band.code for band in scorer.policy.bands]
        agreed = scorer.policy.model_dump(mode="json", include={"team", "owner", "agreed"})
        owned = {"capacity": scorer.policy.capacity, **agreed}
        self._bands = [{**owned, "changes_on_refit": share} for share in self._head.banded.thresholds.changes_on_refit]
        self._labels = {feature.name: feature.label for feature in scorer.contract.features}

    def render(self, answer: Scored, k: int, *, full: bool) -> Json:
        """Return the score at place `k` of an answer; `full`: with every term."""
        score, teller = answer.scores[k], self._teller
        scored, why = score.scored, score.explanation
        told = {
            **self._fixed,
            "probability": scored.probability,
            "interval": self._interval(score),
            "band": {**teller.band(score)._asdict(), **self._bands[score.banding.place]},
            "reliability": self._reliability(answer, score),
            "raises": [teller.reason(reason, answer, score)._asdict() for reason in why.raises],
            "lowers": [teller.reason(reason, answer, score)._asdict() for reason in why.lowers],
            "not_known": [teller.reason(reason, answer, score)._asdict() for reason in why.not_known],
            "everything_else": why.everything_else,
            "log_odds": scored.log_odds,
            "baseline": scored.baseline,
            "base_rate": score.base_rate,
            "explained_by": {"method": self._kind, "additive": True, "sum_check": _sum_check(score)},
            "out_of_100": {"about": about(scored.probability), "words": teller.frequency(score)},
            "link": self._link(answer, k),
            "would_change": [change._asdict() for change in teller.would_change(answer, score)],
            "texts": self._texts(answer, score),
        }
        if full:
            told["terms"] = [self._term(each) for each in self._head.explainer.everything(answer.row, scored)]
        return told

    def _interval(self, score: Score) -> Json:
        spoken, how_sure, *not_covered = self._teller.interval_words(score)
        words = f"{spoken} {how_sure}"
        return {**score.interval._asdict(), "level": LEVEL, "words": words, "does_not_cover": not_covered}

    def _reliability(self, answer: Scored, score: Score) -> Json:
        level, grounds = score.reliability
        words, *of_grounds = self._teller.reliability(score)
        reasons = [{**ground._asdict(), "words": said} for ground, said in zip(grounds, of_grounds, strict=True)]
        shown = {
            name for each in (score.explanation.raises, score.explanation.lowers) for r in each for name in r.features
        }
        ages = [age for name, age in answer.as_of.items() if name in shown]
        return {
            "level": level,
            "words": words,
            "reasons": reasons,
            "share_not_known": len(answer.not_known) / len(answer.row),
            "oldest": min(ages, default=None),
            "outside_range": any(ground.code == "outside-range-seen" for ground in grounds),
        }

    def _link(self, answer: Scored, k: int) -> Json | None:
        link = answer.link
        if link is None:
            return None
        without = link.places[k]
        return {
            # Never told as more certain than it is.
            "probability": math.floor(link.probability * 1000) / 1000,
            "agencies": sorted({source.agency for source in link.sources}),
            "band_without": None if without is None else self._codes[without],
            "changes_band": link.moves(k, answer.scores[k].banding.place),
            "words": self._teller.link(answer, k),
        }

    def _texts(self, answer: Scored, score: Score) -> Json:
        teller = self._teller
        return {
            "summary": teller.summary(score),
            "practitioner": teller.practitioner(answer, score),
            "family": teller.family(answer, score),
        }

    def _term(self, term: Reason) -> Json:
        return {
            "features": term.features,
            "labels": [self._labels[name] for name in term.features],
            "values": term.values,
            "words": term.words,
            "contribution": term.contribution,
        }


def _sum_check(score: Score) -> float:
    """Return how far the reasons shown and everything else are from the log-odds of the probability."""
    total = score.scored.baseline
    for reason in score.explanation.shown:
        total += reason.contribution
    return abs(total + score.explanation.everything_else - logit(score.probability))


def about(probability: float) -> int | str:
    """Return the count of 100 children as a number, where it is one."""
    count = out_of_100(probability).removeprefix("about ")
    return int(count) if count.isdecimal() else count
