"""
Reasons: a term's push on the log-odds, in the contract's plain words.

The largest are shown; all that is not shown is one *everything else* amount, so that baseline + shown + everything
else is the log-odds of the probability served.
"""

from collections.abc import Sequence
from typing import NamedTuple

from models.contract import Contract
from models.estimator import RowScore
from models.feature import Feature
from models.terms import EstimatorSpec, PairTerm, Term

SHOWN_EACH_WAY = 5
# A push smaller than this rounds to 0.00 on the log-odds and moves a probability by less than a quarter of a percent.
TOO_SMALL_TO_SHOW = 0.005


class Reason(NamedTuple):
    """One term's push: which features, their values (None: not known), the words, and the contribution."""

    features: tuple[str, ...]
    values: list[float | None]
    words: str
    contribution: float


class Explanation(NamedTuple):
    """The shown reasons, largest first, and the sum of every term that is not shown."""

    reasons: list[Reason]
    everything_else: float


class _Told(NamedTuple):
    """How one term is told: its features, their columns of the matrix (no second: -1), and its words each way."""

    features: tuple[str, ...]
    first: int
    second: int
    raises: str
    lowers: str
    not_known: str


class Explainer:
    """Puts an estimator's contributions into words."""

    def __init__(self, contract: Contract, spec: EstimatorSpec) -> None:
        features = {feature.name: feature for feature in contract.features}
        columns = {given.feature: i for i, given in enumerate(spec.inputs)}
        self._told = [_told(term, features, columns) for term in spec.terms]

    def explain(self, row: Sequence[float], scored: RowScore) -> Explanation:
        """Return the largest reasons each way, and everything else as one amount."""
        contributions = scored.contributions
        shown = _largest(contributions, len(self._told))
        hidden = set(range(len(contributions))).difference(shown)
        everything_else = 0.0
        for k in sorted(hidden):
            everything_else += contributions[k]
        return Explanation([_reason(self._told[k], row, contributions[k]) for k in shown], everything_else)


def _reason(told: _Told, row: Sequence[float], contribution: float) -> Reason:
    features, first, second, raises, lowers, not_known = told
    x = row[first]
    known = x == x
    words = (raises if contribution > 0.0 else lowers) if known else not_known
    values = [x if known else None]
    if second >= 0:
        values.append(x if (x := row[second]) == x else None)
    return Reason(features, values, words, contribution)


def _largest(contributions: Sequence[float], terms: int) -> list[int]:
    """Return the terms to show, largest first: up to five each way, and none too small to matter."""
    order = sorted(range(terms), key=contributions.__getitem__)
    shown = [k for k in order[:SHOWN_EACH_WAY] if contributions[k] <= -TOO_SMALL_TO_SHOW]
    shown += [k for k in order[-SHOWN_EACH_WAY:] if contributions[k] >= TOO_SMALL_TO_SHOW]
    shown.sort(key=[abs(contribution) for contribution in contributions].__getitem__, reverse=True)
    return shown


def _told(term: Term, features: dict[str, Feature], columns: dict[str, int]) -> _Told:
    where = [columns[name] for name in term.features]
    if isinstance(term, PairTerm):
        first, second = (features[name].label for name in term.features)
        together = f"{first[0].upper()}{first[1:]}, together with {second}"
        return _Told(term.features, where[0], where[1], together, together, together)
    feature = features[term.feature]
    return _Told(term.features, where[0], -1, feature.raises, feature.lowers, feature.not_known)
