"""
Tells a score in plain words: its reasons, its band, how sure it is, what is not known, and what could be put right.

Whatever a bundle fixes is put into words once; an answer adds its numbers. Nothing here gives a date: an age and a date
together would give back the date of birth that the door has dropped.
"""

from collections.abc import Sequence
from itertools import zip_longest

from models import narrative
from models.band_words import BandWords, ToldBand
from models.bands import Banding
from models.corrections import Change, Corrections
from models.doubt_words import (
    CARE,
    FLOOR_OPEN,
    NEAR,
    NOMINAL,
    NOT_COVERED,
    SOME_NOT_KNOWN,
    WIDENED,
    link_words,
    not_known_words,
    reliability_words,
)
from models.head import Score
from models.narrative import BAND, HIGHER, LOWER, UNKNOWN, Facts, Point
from models.plain_words import between, limits, natural_frequency, out_of_100
from models.reason_words import ReasonWords, ToldReason
from models.reasons import Reason
from models.scorer import Scored, Scorer

# In the text for a family: so many reasons each way, and so many things that are not known.
FAMILY_SHOWN = 3


class Teller:
    """Tells the answers of one Scorer."""

    def __init__(self, scorer: Scorer) -> None:
        contract = scorer.contract
        self._reasons = ReasonWords(scorer)
        self._corrections = Corrections(scorer, self._reasons.asked)
        self._bands = BandWords(scorer.policy)
        self._asked_at = {at.name: len(contract.features_at(at)) for at in contract.landmarks}
        self._source_of = {feature.name: feature.source for feature in contract.features}
        self._private = frozenset(feature.name for feature in contract.features if feature.private)

    def reason(self, reason: Reason, answer: Scored, score: Score) -> ToldReason:
        """Put one reason into words."""
        return self._reasons.told(reason, answer, score.outcome.name)

    def band(self, score: Score) -> ToldBand:
        """Put the band into words."""
        return self.band_of(score.banding)

    def band_of(self, banding: Banding) -> ToldBand:
        """Put a band into words, wherever in it a score lies."""
        return self._bands.told(banding)

    def frequency(self, score: Score) -> str:
        """Return what the score means among children like this one, beside what it is knowing nothing."""
        return natural_frequency(score)

    def interval_words(self, score: Score) -> tuple[str, ...]:
        """Return, in sentences, where the true number lies, and what that does not cover."""
        low, high, widened = score.interval
        spoken = f"Of 100 children with this score, {between(low, high)} {score.outcome.happens}."
        return (spoken, WIDENED if widened else NOMINAL, NOT_COVERED)

    def reliability(self, score: Score) -> tuple[str, ...]:
        """Return, in sentences, how far to rely on a score, and why not further."""
        return reliability_words(score.reliability)

    def limits(self, answer: Scored) -> tuple[str, ...]:
        """Return, in sentences, where an answer rests on less than it seems to."""
        return limits(answer)

    def link(self, answer: Scored, k: int) -> str | None:
        """Return what taking out the weakest link does to the band of the answer's score at `k`; None: there is no such."""
        return link_words(answer.link, k, answer.scores[k].banding.place) if answer.link is not None else None

    def would_change(self, answer: Scored, score: Score) -> tuple[Change, ...]:
        """Return what could be put right: what is not known, and what the reasons shown rest on."""
        return self._corrections.changes(answer, score)

    def practitioner(self, answer: Scored, score: Score) -> str:
        """Return what a practitioner reads, in at most 1,200 letters."""
        band = self.band(score)
        raises, lowers, not_known, _ = score.explanation
        points = _in_turn(_points(HIGHER, raises), _points(LOWER, lowers), self._unknown(answer, not_known))
        first = (BAND, f"{band.label[0].upper()}{band.label[1:]}: {band.offer}")
        return narrative.practitioner(_facts(score, self._doubts(answer, score, band)), (first, *points))

    def _doubts(self, answer: Scored, score: Score, band: ToldBand) -> list[str]:
        doubts = []
        if band.near_threshold:
            doubts.append(NEAR)
        if band.floor == "not established":
            doubts.append(FLOOR_OPEN)
        if score.reliability.level != "good":
            doubts.append(CARE)
        if answer.not_known:
            doubts.append(not_known_words(self._asked_at[answer.landmark.name], len(answer.not_known)))
        return doubts

    def _unknown(self, answer: Scored, not_known: Sequence[Reason]) -> list[Point]:
        """Return what is not known, what weighs most first: whole sources by their names, and what else is not."""
        sources = {source.name: f"{source.label} (nothing at all)" for source in answer.unknown_sources}
        found = sorted(not_known, key=_size, reverse=True)
        told = dict.fromkeys([sources.get(self._source_of[reason.features[0]], reason.words) for reason in found])
        return [(UNKNOWN, words) for words in told]

    def family(self, answer: Scored, score: Score) -> str:
        """Return what a family reads of their own child, in at most 700 letters."""
        raises, lowers, not_known, _ = score.explanation
        found = (lowers, raises, sorted(not_known, key=_size, reverse=True))
        told = [
            _points(h, self._for_family(reasons)) for h, reasons in zip((LOWER, HIGHER, UNKNOWN), found, strict=True)
        ]
        untold = any(not self._private.isdisjoint(reason.features) for reason in (*raises, *lowers))
        doubts = [SOME_NOT_KNOWN] if answer.not_known else []
        return narrative.family(_facts(score, doubts), _in_turn(*told), untold=untold)

    def _for_family(self, reasons: Sequence[Reason]) -> list[Reason]:
        """Return the first few of these that are of one feature, and of nobody else's privacy."""
        told = [reason for reason in reasons if len(reason.features) == 1 and reason.features[0] not in self._private]
        return told[:FAMILY_SHOWN]

    def summary(self, score: Score) -> str:
        """Return a score in one line of fewer than 140 letters."""
        return narrative.summary(score.outcome.label, score.probability)


def _facts(score: Score, doubts: Sequence[str]) -> Facts:
    about, nothing = out_of_100(score.probability), out_of_100(score.base_rate)
    return Facts(score.outcome, about, nothing, between(score.interval.low, score.interval.high), tuple(doubts))


def _points(heading: str, reasons: Sequence[Reason]) -> list[Point]:
    return [(heading, reason.words) for reason in reasons]


def _in_turn(*lists: Sequence[Point]) -> list[Point]:
    """Return the first of each list, then the second of each, and so on: no list crowds out another."""
    return [point for row in zip_longest(*lists) for point in row if point is not None]


def _size(reason: Reason) -> float:
    return abs(reason.contribution)
