"""
Reasons: a term's push on the log-odds, in the contract's plain words.

The largest each way are shown, and all that is not known; what is left is one *everything else* amount, so that baseline
+ shown + everything else is the log-odds of the probability served.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from models.contract import Contract
from models.estimator import RowScore
from models.feature import Feature
from models.terms import EstimatorSpec, PairTerm, Term, mean_among_known

SHOWN_EACH_WAY = 5
# A push smaller than this rounds to 0.00 on the log-odds and moves a probability by less than a quarter of a percent.
TOO_SMALL_TO_SHOW = 0.005
# Strengths 2 and 3 begin where a push changes the odds by a fifth (ln 1.2) and by a half (ln 1.5).
MIDDLING, STRONG = 0.1823, 0.4055

Strength = Literal[1, 2, 3]


class Reason(NamedTuple):
    """One term's push: which features, their values (None: not known), the words, and the contribution."""

    features: tuple[str, ...]
    values: Sequence[float | None]
    words: str
    contribution: float

    @property
    def strength(self) -> Strength:
        """How strong a push it is: 1 slight, 2 middling (it changes the odds by a fifth or more), 3 strong (by a half)."""
        size = abs(self.contribution)
        return 3 if size >= STRONG else 2 if size >= MIDDLING else 1


class Explanation(NamedTuple):
    """
    What is shown, each way the largest first, every feature that is not known in the contract's order, and the rest.

    The contributions of all shown and `everything_else` sum to the log-odds less the baseline.
    """

    raises: list[Reason]
    lowers: list[Reason]
    not_known: list[Reason]
    everything_else: float

    @property
    def shown(self) -> list[Reason]:
        """Every reason that is shown."""
        return self.raises + self.lowers + self.not_known


class Picked(NamedTuple):
    """An explanation as codes: places of the terms that raise and that lower, columns not known, and the rest."""

    raises: list[int]
    lowers: list[int]
    not_known: list[int]
    everything_else: float


class _Told(NamedTuple):
    """How one term is told: its features, their columns of the matrix (no second: -1), its words each way, and neither."""

    features: tuple[str, ...]
    first: int
    second: int
    raises: str
    lowers: str
    neutral: str


class Explainer:
    """
    Puts an estimator's contributions into words.

    Words follow the value, not the push alone. A value may push up a little only since it is known, though it is the best
    that there is: to say that it is low would be false. So a term is shown as raising (or lowering) only where the value
    itself adds more (or less) than the feature does on average when it is known.
    """

    def __init__(self, contract: Contract, spec: EstimatorSpec, slope: float = 1.0) -> None:
        """`slope` is that of the calibration under which the contributions are served."""
        features = {feature.name: feature for feature in contract.features}
        columns = {given.feature: i for i, given in enumerate(spec.inputs)}
        self._told = [_told(term, features, columns) for term in spec.terms]
        self._terms = range(len(spec.terms))
        self._not_known = [((name,), features[name].not_known) for name in columns]
        self._alone = [_alone(name, spec.terms) for name in columns]
        self._with = [[k for k, term in enumerate(spec.terms) if name in term.features] for name in columns]
        inputs = {given.feature: given for given in spec.inputs}
        self._usual = [slope * mean_among_known(term, inputs[term.features[0]]) for term in spec.terms]

    def pick(self, row: Sequence[float], scored: RowScore) -> Picked:
        """Return which terms are shown, which columns are not known, and everything else as one amount."""
        contributions = scored.contributions
        rest = contributions.copy()
        unknown = [i for i, x in enumerate(row) if x != x]
        terms: Iterable[int] = self._terms
        if unknown:
            untold = {k for i in unknown for k in self._with[i]}
            terms = [k for k in terms if k not in untold]
            for i in unknown:
                if (k := self._alone[i]) >= 0:
                    rest[k] = 0.0
        raises, lowers = self._shown(terms, contributions)
        for k in lowers:
            rest[k] = 0.0
        for k in raises:
            rest[k] = 0.0
        everything_else = 0.0
        for contribution in rest:
            everything_else += contribution
        return Picked(raises, lowers, unknown, everything_else)

    def _shown(self, terms: Iterable[int], contributions: Sequence[float]) -> tuple[list[int], list[int]]:
        """Return which of these terms are told as raising and as lowering, the largest first."""
        raises, lowers = [], []
        for k in terms:
            push = contributions[k]
            if push >= TOO_SMALL_TO_SHOW:
                if push - self._usual[k] >= TOO_SMALL_TO_SHOW:
                    raises.append(k)
            elif push <= -TOO_SMALL_TO_SHOW and push - self._usual[k] <= -TOO_SMALL_TO_SHOW:
                lowers.append(k)
        raises.sort(key=contributions.__getitem__, reverse=True)
        lowers.sort(key=contributions.__getitem__)
        return raises[:SHOWN_EACH_WAY], lowers[:SHOWN_EACH_WAY]

    def explain(self, row: Sequence[float], scored: RowScore) -> Explanation:
        """Return the largest reasons each way, all that is not known, and everything else as one amount."""
        raises, lowers, unknown, everything_else = self.pick(row, scored)
        contributions, told = scored.contributions, self._told
        return Explanation(
            [_pushed(told[k], row, told[k].raises, contributions[k]) for k in raises],
            [_pushed(told[k], row, told[k].lowers, contributions[k]) for k in lowers],
            [self._unknown(i, contributions) for i in unknown],
            everything_else,
        )

    def everything(self, row: Sequence[float], scored: RowScore) -> list[Reason]:
        """Return every term as a reason, in the order of the terms; the last is what the bound of the log-odds cut off."""
        every = [self._term(k, row, scored.contributions[k]) for k in self._terms]
        return [*every, Reason((), [], BOUND, scored.contributions[-1])]

    def _term(self, k: int, row: Sequence[float], contribution: float) -> Reason:
        told = self._told[k]
        if told.second < 0 and row[told.first] != row[told.first]:
            return Reason(told.features, [None], self._not_known[told.first][1], contribution)
        own = contribution - self._usual[k]
        words = told.raises if own >= TOO_SMALL_TO_SHOW else told.lowers if own <= -TOO_SMALL_TO_SHOW else told.neutral
        pushed = _pushed(told, row, words, contribution)
        return pushed._replace(values=[x if x == x else None for x in pushed.values if x is not None])

    def _unknown(self, column: int, contributions: Sequence[float]) -> Reason:
        name, words = self._not_known[column]
        k = self._alone[column]
        return Reason(name, [None], words, contributions[k] if k >= 0 else 0.0)


def _pushed(told: _Told, row: Sequence[float], words: str, contribution: float) -> Reason:
    """Return the reason that a term whose features are all known is."""
    values = [row[told.first]] if told.second < 0 else [row[told.first], row[told.second]]
    return Reason(told.features, values, words, contribution)


BOUND = "No score is further from even chances than one in 160,000"


def _alone(name: str, terms: Sequence[Term]) -> int:
    """Return which term is of this feature alone; -1 if none is."""
    return next((k for k, term in enumerate(terms) if term.features == (name,)), -1)


def _told(term: Term, features: dict[str, Feature], columns: dict[str, int]) -> _Told:
    where = [columns[name] for name in term.features]
    if isinstance(term, PairTerm):
        first, second = (features[name].label for name in term.features)
        together = f"{first[0].upper()}{first[1:]}, together with {second}"
        return _Told(term.features, where[0], where[1], together, together, together)
    feature = features[term.feature]
    neutral = f"{feature.label[0].upper()}{feature.label[1:]}: its value makes next to no difference"
    return _Told(term.features, where[0], -1, feature.raises, feature.lowers, neutral)
