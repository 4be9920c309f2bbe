"""
The Scorer: a child record and the age it is asked at, to an explained score for each outcome, or *not scored*.

It is what evaluation and audit judge, what golden cases pin, and what the service serves: one object, no clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from models.contract import Contract
from models.errors import IntegrityError
from models.estimator import Estimator, RowScore, logit
from models.feature import Feature, Landmark, Outcome
from models.features import FeatureSet
from models.reasons import Explainer, Explanation
from models.record import ChildRecord
from models.scope import NotScored, refusal
from models.snapshot import take_snapshot
from models.terms import Calibration, Calibrations, EstimatorSpec, Model

# baseline + contributions must equal logit(probability) this closely, or the answer does not leave.
SUM_TOLERANCE = 1e-9


class Score(NamedTuple):
    """The score for one outcome: calibrated probability, and why."""

    outcome: Outcome
    scored: RowScore
    explanation: Explanation
    base_rate: float

    @property
    def probability(self) -> float:
        """The calibrated probability that the outcome happens."""
        return self.scored.probability


@dataclass(frozen=True, slots=True)
class Scored:
    """All that one child's snapshot answers at one landmark."""

    landmark: Landmark
    scores: tuple[Score, ...]
    not_known: tuple[Feature, ...]
    never_learned: tuple[Feature, ...]
    outside_range: tuple[Feature, ...]


@dataclass(frozen=True, slots=True)
class _Head:
    """One outcome's estimator at one landmark, with all that explains it."""

    outcome: Outcome
    estimator: Estimator
    explainer: Explainer
    base_rate: float

    def score(self, row: Sequence[float]) -> Score:
        """Score one row, and explain it."""
        scored = self.estimator.score(row)
        explanation = self.explainer.explain(row, scored)
        _check_sum(scored, explanation)
        return Score(self.outcome, scored, explanation, self.base_rate)


def _check_sum(scored: RowScore, explanation: Explanation) -> None:
    total = scored.baseline
    for reason in explanation.reasons:
        total += reason.contribution
    total += explanation.everything_else
    if not -SUM_TOLERANCE <= total - logit(scored.probability) <= SUM_TOLERANCE:
        raise IntegrityError("the reasons do not add up to the score; nothing was answered")


class Scorer:
    """Scores child records by one contract's estimators."""

    def __init__(self, contract: Contract, model: Model, calibrations: Calibrations) -> None:
        """Raises IntegrityError when an estimator or calibration the contract asks for is missing, or one too many."""
        self.contract = contract
        specs = {(spec.landmark, spec.outcome): spec for spec in model.estimators}
        fitted = {(c.landmark, c.outcome): c for c in calibrations.calibrations}
        wanted = {(at.name, o.name) for at in contract.landmarks for o in contract.outcomes_at(at)}
        if not (specs.keys() == fitted.keys() == wanted) or len(specs) != len(model.estimators):
            raise IntegrityError("model and calibration do not hold one estimator for each landmark and outcome")
        self._feature_sets = {at.name: FeatureSet(contract, at) for at in contract.landmarks}
        self._heads = {at.name: self._heads_at(at, specs, fitted) for at in contract.landmarks}
        self._seen = {name: _seen_by_all(heads) for name, heads in self._heads.items()}

    def _heads_at(
        self,
        landmark: Landmark,
        specs: dict[tuple[str, str], EstimatorSpec],
        fitted: dict[tuple[str, str], Calibration],
    ) -> tuple[_Head, ...]:
        heads = []
        for outcome in self.contract.outcomes_at(landmark):
            spec, calibration = specs[landmark.name, outcome.name], fitted[landmark.name, outcome.name]
            if tuple(given.feature for given in spec.inputs) != self._feature_sets[landmark.name].names:
                raise IntegrityError(f"the estimator of {landmark.name} does not take the contract's features")
            rate = calibration.events / calibration.n
            heads.append(_Head(outcome, Estimator(spec, calibration), Explainer(self.contract, spec), rate))
        return tuple(heads)

    def estimator(self, landmark: str, outcome: str) -> Estimator:
        """The calibrated estimator of one landmark and outcome."""
        return next(head.estimator for head in self._heads[landmark] if head.outcome.name == outcome)

    def score(self, record: ChildRecord, age: int) -> Scored | NotScored:
        """Score a record at the landmark whose window holds `age` (in days), or say why not."""
        landmark = self.contract.landmark_for(age)
        if landmark is None:
            return NotScored("outside-window")
        snapshot = take_snapshot(record, landmark.age)
        refused = refusal(self.contract.scope, snapshot)
        if refused is not None:
            return refused
        return self.score_row(landmark, self._feature_sets[landmark.name].row(snapshot))

    def score_row(self, landmark: Landmark, row: Sequence[float]) -> Scored:
        """Score one matrix row of a landmark: a number, or NaN for not known, per feature of the landmark."""
        heads = self._heads[landmark.name]
        features = self._feature_sets[landmark.name].features
        learned, ranges = self._seen[landmark.name]
        unknown = [i for i, x in enumerate(row) if x != x]
        return Scored(
            landmark,
            tuple([head.score(row) for head in heads]),
            tuple([features[i] for i in unknown]),
            tuple([features[i] for i in unknown if not learned[i]]),
            tuple([features[i] for i, (low, high) in enumerate(ranges) if row[i] < low or row[i] > high]),
        )


def _seen_by_all(heads: tuple[_Head, ...]) -> tuple[list[bool], list[tuple[float, float]]]:
    """Return, for each feature, whether every outcome's estimator learned of *not known*, and the range all have seen."""
    columns = list(zip(*(head.estimator.spec.inputs for head in heads), strict=True))
    learned = [all(given.learned_not_known for given in column) for column in columns]
    return learned, [(max(g.low for g in column), min(g.high for g in column)) for column in columns]
