"""
The Scorer: a child record and the age it is asked at, to an explained score for each outcome, or *not scored*.

It is what evaluation and audit judge, what golden cases pin, and what the service serves: one object, no clock.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from models.bands import Banded, Bands, Policy
from models.calibration import Calibrations
from models.contract import Contract
from models.errors import IntegrityError
from models.estimator import Estimator
from models.feature import Feature, Landmark
from models.features import FeatureSet
from models.head import Head, Score
from models.interval import Intervals
from models.links import LinkDoubt, weakest_link
from models.reasons import Explainer
from models.record import ChildRecord
from models.reliability import Doubts, reliability
from models.scope import NotScored, refusal, refusal_of_row
from models.snapshot import Snapshot, take_snapshot
from models.source import Source
from models.terms import Model
from models.withdrawal import Asked, without


@dataclass(frozen=True, slots=True)
class Scored:
    """
    All that one child's snapshot answers at one landmark.

    `row` is the matrix row, `unknown_sources` those of which nothing at all is known. `never_learned` and `outside_range`
    are of the features whose value some score goes by. `as_of` is the age in days of the
    latest event behind each feature that is shown, and `link` what the least certain link does; a bare row has neither.
    """

    landmark: Landmark
    row: Sequence[float]
    scores: tuple[Score, ...]
    not_known: tuple[Feature, ...]
    never_learned: tuple[Feature, ...]
    outside_range: tuple[Feature, ...]
    unknown_sources: tuple[Source, ...]
    as_of: Mapping[str, int] = field(default_factory=dict)
    link: LinkDoubt | None = None


@dataclass(frozen=True, slots=True)
class _At:
    """All that answers at one landmark."""

    landmark: Landmark
    features: FeatureSet
    asked: Asked
    heads: tuple[Head, ...]
    learned: tuple[bool, ...]
    ranges: tuple[tuple[float, float], ...]
    used: frozenset[int]


class Scorer:
    """Scores child records by one contract's estimators."""

    def __init__(self, contract: Contract, model: Model, calibrations: Calibrations, bands: Bands) -> None:
        """Raises IntegrityError when a part of an estimator the contract asks for is missing, or one too many."""
        self.contract = contract
        self.policy: Policy = bands.policy
        wanted = {(at.name, o.name) for at in contract.landmarks for o in contract.outcomes_at(at)}
        parts = (model.estimators, calibrations.calibrations, calibrations.intervals, bands.thresholds)
        if any(sorted((one.landmark, one.outcome) for one in part) != sorted(wanted) for part in parts):
            raise IntegrityError("model, calibration and bands do not hold one part for each landmark and outcome")
        self._at = {at.name: self._landmark(at, model, calibrations, bands) for at in contract.landmarks}

    def _landmark(self, landmark: Landmark, model: Model, calibrations: Calibrations, bands: Bands) -> _At:
        features = FeatureSet(self.contract, landmark)
        heads = []
        for outcome in self.contract.outcomes_at(landmark):
            place = landmark.name, outcome.name
            spec = _part(model.estimators, place)
            if tuple(given.feature for given in spec.inputs) != features.names:
                raise IntegrityError(f"the estimator of {landmark.name} does not take the contract's features")
            calibration = _part(calibrations.calibrations, place)
            heads.append(
                Head(
                    outcome,
                    Estimator(spec, calibration),
                    Intervals(_part(calibrations.intervals, place)),
                    Banded(bands.policy, _part(bands.thresholds, place)),
                    Explainer(self.contract, spec, calibration.slope),
                    calibration.events / calibration.n,
                    calibration.slope,
                )
            )
        used: frozenset[int] = frozenset().union(*(head.estimator.used for head in heads))
        learned, ranges = _seen_by_all(heads, used)
        return _At(landmark, features, Asked(self.contract, landmark), tuple(heads), learned, ranges, used)

    def head(self, landmark: str, outcome: str) -> Head:
        """What scores one landmark and outcome."""
        return next(head for head in self._at[landmark].heads if head.outcome.name == outcome)

    def estimator(self, landmark: str, outcome: str) -> Estimator:
        """The calibrated estimator of one landmark and outcome."""
        return self.head(landmark, outcome).estimator

    def ranges(self, landmark: str) -> tuple[tuple[float, float], ...]:
        """The values of each feature that every estimator of a landmark has seen; without end where none goes by it."""
        return self._at[landmark].ranges

    def score(self, record: ChildRecord, age: int, *, dated: bool = True) -> Scored | NotScored:
        """
        Score a record at the landmark whose window holds `age` (in days), or say why not.

        Not `dated`: `as_of` stays empty, which a short answer does not tell and which costs as much as a third of the rest.
        """
        landmark = self.contract.landmark_for(age)
        if landmark is None:
            return NotScored("outside-window")
        at, snapshot = self._at[landmark.name], take_snapshot(record, landmark.age)
        refused = refusal(self.contract.scope, snapshot)
        if refused is not None:
            return refused
        rows = at.features.rows(snapshot)
        row = at.features.answers(snapshot, rows)
        refused = refusal_of_row(self.contract.scope, row, at.ranges)
        if refused is not None:
            return refused
        link = self._weakest_link(at, snapshot)
        scored = self._answer(at, row, at.asked.proven(snapshot), link)
        return replace(scored, as_of=at.features.as_of(snapshot, rows, _told(scored))) if dated else scored

    def score_row(self, landmark: Landmark, row: Sequence[float], covered: Collection[str] = ()) -> Scored | NotScored:
        """
        Score one matrix row of a landmark: a number, or NaN for not known, per feature of the landmark.

        `covered` are the sources of which a whole window is proven (`Asked.proven`). Scope is asked only what a row can tell.
        """
        at = self._at[landmark.name]
        return refusal_of_row(self.contract.scope, row, at.ranges) or self._answer(at, row, covered, None)

    def _answer(self, at: _At, row: Sequence[float], covered: Collection[str], link: LinkDoubt | None) -> Scored:
        missing = [i for i, x in enumerate(row) if x != x]
        unknown = at.asked.unknown(row, covered) if missing else ()
        columns = frozenset(at.asked.columns_of(unknown))
        features = at.features.features
        never_learned = [i for i in missing if not at.learned[i]]
        outside = [i for i, (low, high) in enumerate(at.ranges) if row[i] < low or row[i] > high]
        scores = []
        for k, head in enumerate(at.heads):
            used = head.estimator.used
            doubts = Doubts(
                unknown,
                tuple([features[i] for i in never_learned if i in used and i not in columns]),
                tuple([features[i] for i in outside if i in used]),
                1.0 - len(missing) / len(row),
            )
            scores.append(_relied_on(head.score(row, columns), doubts, link, k))
        return Scored(
            at.landmark,
            row,
            tuple(scores),
            tuple([features[i] for i in missing]),
            tuple([features[i] for i in never_learned if i in at.used]),
            tuple([features[i] for i in outside]),
            unknown,
            link=link,
        )

    def _weakest_link(self, at: _At, snapshot: Snapshot) -> LinkDoubt | None:
        found = weakest_link(snapshot, at.asked.columns, self.contract.scope.needs)
        if found is None:
            return None
        probability, names = found
        rest = without(snapshot, names)
        row = at.features.row(rest)
        refused = refusal(self.contract.scope, rest) or refusal_of_row(self.contract.scope, row, at.ranges)
        places = tuple([None if refused is not None else head.place(row) for head in at.heads])
        return LinkDoubt(probability, tuple(self.contract.source(name) for name in sorted(names)), places)


def _told(scored: Scored) -> set[str]:
    """Return the features of every reason that pushes: those that are not known are as of no day."""
    explanations = [score.explanation for score in scored.scores]
    return {name for e in explanations for reason in (*e.raises, *e.lowers) for name in reason.features}


def _relied_on(score: Score, doubts: Doubts, link: LinkDoubt | None, k: int) -> Score:
    doubted = link is not None and link.doubtful and link.moves(k, score.banding.place)
    return score._replace(reliability=reliability(doubts, score.banding, link.sources if link and doubted else ()))


def _seen_by_all(
    heads: Sequence[Head], used: Collection[int]
) -> tuple[tuple[bool, ...], tuple[tuple[float, float], ...]]:
    """
    Return, for each feature, whether every outcome's estimator learned of *not known*, and the range all have seen.

    Of a feature that no estimator goes by every value is within range: none of them matters.
    """
    columns = list(zip(*(head.estimator.spec.inputs for head in heads), strict=True))
    learned = tuple(all(given.learned_not_known for given in column) for column in columns)
    seen = [(max(g.low for g in column), min(g.high for g in column)) for column in columns]
    return learned, tuple(ends if i in used else (-math.inf, math.inf) for i, ends in enumerate(seen))


class _Placed(Protocol):
    @property
    def landmark(self) -> str: ...
    @property
    def outcome(self) -> str: ...


_Part = TypeVar("_Part", bound=_Placed)


def _part(parts: Sequence[_Part], place: tuple[str, str]) -> _Part:
    return next(part for part in parts if (part.landmark, part.outcome) == place)
