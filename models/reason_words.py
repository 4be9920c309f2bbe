"""Reasons in words: each with its value, what is typical, how old it is, which agency it is from, and if it can be checked."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from models.contract import Contract
from models.feature import Feature
from models.reasons import TOO_SMALL_TO_SHOW, Reason, Strength
from models.scorer import Scored, Scorer
from models.terms import EstimatorSpec
from models.value_words import NOT_KNOWN, Sayer, age_words, sayer

Direction = Literal["raises", "lowers", "none"]


class ToldReason(NamedTuple):
    """
    A reason in words.

    `values` are the raw values (None: not known), `value` says them; `typical` says the median child's, None of a pair or
    where it was known of nobody. `as_of` is the child's age in days at the latest event it rests on (of a pair, the older of the two), None where not known.
    `checkable`: a family could check it, or have it put right.
    """

    features: tuple[str, ...]
    labels: tuple[str, ...]
    words: str
    direction: Direction
    strength: Strength
    contribution: float
    values: Sequence[float | None]
    value: str
    typical: str | None
    as_of: int | None
    as_of_words: str | None
    agencies: tuple[str, ...]
    checkable: bool


class Asked(NamedTuple):
    """What is fixed of one feature, wherever it is told."""

    feature: Feature
    agency: str
    say: Sayer


class _Fixed(NamedTuple):
    """What is fixed of the reasons that rest on the same features, at one landmark and outcome."""

    labels: tuple[str, ...]
    agencies: tuple[str, ...]
    checkable: bool
    say: tuple[Sayer, ...]
    typical: str | None


# What the bound of the log-odds cut off is of no feature.
_OF_NOTHING = _Fixed((), (), False, (), None)


class ReasonWords:
    """Puts the reasons of one Scorer into words."""

    def __init__(self, scorer: Scorer) -> None:
        contract = scorer.contract
        self.asked = {feature.name: _asked(contract, feature) for feature in contract.features}
        self._fixed = {
            (at.name, outcome.name): self._all_fixed(scorer.estimator(at.name, outcome.name).spec)
            for at in contract.landmarks
            for outcome in contract.outcomes_at(at)
        }

    def _all_fixed(self, spec: EstimatorSpec) -> dict[tuple[str, ...], _Fixed]:
        pairs = {term.features: self._one_fixed(term.features, None) for term in spec.terms}
        alone: dict[tuple[str, ...], _Fixed] = {
            (given.feature,): self._one_fixed(
                (given.feature,), self.asked[given.feature].say(given.typical) if given.n_known else None
            )
            for given in spec.inputs
        }
        return {(): _OF_NOTHING, **pairs, **alone}

    def _one_fixed(self, features: tuple[str, ...], typical: str | None) -> _Fixed:
        asked = [self.asked[name] for name in features]
        return _Fixed(
            tuple(one.feature.label for one in asked),
            tuple(dict.fromkeys(one.agency for one in asked)),
            any(one.feature.correctable for one in asked),
            tuple(one.say for one in asked),
            typical,
        )

    def told(self, reason: Reason, answer: Scored, outcome: str) -> ToldReason:
        """Put one reason of an answer into words."""
        features, values, words, contribution = reason
        labels, agencies, checkable, say, typical = self._fixed[answer.landmark.name, outcome][features]
        as_of = _oldest(features, answer)
        return ToldReason(
            features,
            labels,
            words,
            _direction(contribution),
            reason.strength,
            contribution,
            values,
            _values(values, say),
            typical,
            as_of,
            age_words(as_of) if as_of is not None else None,
            agencies,
            checkable,
        )


def _asked(contract: Contract, feature: Feature) -> Asked:
    source = contract.source(feature.source)
    return Asked(feature, source.agency, sayer(feature, source))


def _oldest(features: tuple[str, ...], answer: Scored) -> int | None:
    if len(features) == 1:
        return answer.as_of.get(features[0])
    return min([day for name in features if (day := answer.as_of.get(name)) is not None], default=None)


def _direction(contribution: float) -> Direction:
    if -TOO_SMALL_TO_SHOW < contribution < TOO_SMALL_TO_SHOW:
        return "none"
    return "raises" if contribution > 0.0 else "lowers"


def _values(values: Sequence[float | None], say: Sequence[Sayer]) -> str:
    if len(values) == 1:
        return say[0](value) if (value := values[0]) is not None else NOT_KNOWN
    return "; ".join([NOT_KNOWN if value is None else one(value) for one, value in zip(say, values, strict=True)])
