"""
Two models beside each other on the same held-out children: each one's figures, and the paired difference.

Intervals draw whole families, the same families for both models. Of groups, rates are those of the audit: of rounded
counts, with small groups hidden. A difference between the models is of exact counts to two places, and only of groups
that the audit does not call small; where the rate rests on a small count by either model it is of the two told rates, since one
model's count would come out of the other's.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairness.disclosure.rates import rates
from fairness.policy.policy import FEWEST_CHILDREN
from models.contract import Contract
from models.small_numbers import FEWEST
from training.judging import HeldOut
from training.metrics import MEASURES
from training.plan import Plan
from training.resampled import Figure, figure, over_repeats, resampled
from training.scores import declared_groups, flagged_at, scored_table
from training.study import Study
from training.worth.lists import team_share

Floats = NDArray[np.float64]
Drawn = dict[str, tuple[float, Floats]]

RATES = ("selection_rate", "recall", "ppv")
_ACCURACY = ("auc", "calibration_slope")
_TOLD = (*RATES, "calibration_gap")


class Children:
    """The children held out of a study, how many the team's list may hold, and the resamples of their families."""

    def __init__(self, contract: Contract, study: Study, held_out: HeldOut, plan: Plan) -> None:
        self.study = study
        self.declared = {attribute.name: declared_groups(contract, attribute) for attribute in contract.audit}
        self.small_group = FEWEST_CHILDREN
        self.capacity = team_share(plan)
        self.drawn = resampled(study.rows, held_out, plan)
        self.rows = study.known[held_out.rows]


class Model:
    """What one model says of the children: one log-odds each, who of them is on the list, and what the audit tells."""

    def __init__(self, children: Children, held_out: HeldOut) -> None:
        self._children = children
        self.log_odds = held_out.log_odds
        study = children.study
        scored = scored_table(study.cohort, study.outcome.name, study.known, held_out)
        self._scored = flagged_at(scored, children.capacity)
        self.flagged = self._scored["flagged"].to_numpy(dtype=np.float64)

    @cached_property
    def overall(self) -> Drawn:
        """Return accuracy, and the rates of the list, of all children."""
        everyone = np.ones((len(self.flagged), 1))
        rates = {name: self.rate(name, everyone) for name in RATES}
        accuracy = {name: over_repeats(MEASURES[name], self.log_odds, self._children.drawn) for name in _ACCURACY}
        return accuracy | {name: (float(value[0]), drawn[:, 0]) for name, (value, drawn) in rates.items()}

    @cached_property
    def audited(self) -> dict[str, dict[str, Any]]:
        """Return what the audit tells of each attribute's groups, at the list's length."""
        return rates(self._scored, self._children.declared, self._children.small_group)

    def rests_on_many(self, name: str, who: NDArray[np.bool_]) -> bool:
        """Whether a rate of these children has ten of either kind or more: those it counts, and those it does not."""
        part, whole = self._rate_of(name)
        hits, among = int(np.count_nonzero(part[who])), int(np.count_nonzero(whole[who]))
        return min(hits, among - hits) >= FEWEST

    def rate(self, name: str, members: Floats) -> tuple[Floats, Floats]:
        """Return a rate of the list in each group, (groups,) and (resamples, groups); `members` is (children, groups)."""
        children = self._children.drawn
        part, whole = self._rate_of(name)
        of, among = part[:, None] * members, whole[:, None] * members
        with np.errstate(invalid="ignore"):
            return (children.weights @ of) / (children.weights @ among), (children.drawn @ of) / (
                children.drawn @ among
            )

    def _rate_of(self, name: str) -> tuple[Floats, Floats]:
        """Return who counts towards a rate, and of whom it is the share: (children,) each."""
        y, flagged = self._children.drawn.y, self.flagged
        return {
            "selection_rate": (flagged, np.ones(len(y))),
            "recall": (flagged * y, y),
            "ppv": (flagged * y, flagged),
        }[name]


def figures(model: Model) -> dict[str, Figure]:
    """Return a model's figures of all children, each with its interval."""
    return {name: figure(value, drawn) for name, (value, drawn) in model.overall.items()}


def differences(first: Model, second: Model) -> dict[str, Figure]:
    """Return first minus second, of all children, each with the interval of the paired difference."""
    return {
        name: figure(value - second.overall[name][0], drawn - second.overall[name][1])
        for name, (value, drawn) in first.overall.items()
    }


def by_group(children: Children, shipped: Model, changed: Model, attribute: str) -> dict[str, Any]:
    """Return, for each group of an attribute, what the audit tells of both models, and changed minus shipped."""
    before, after = shipped.audited[attribute], changed.audited[attribute]
    gaps = _gaps(children, shipped, changed, attribute, RATES)
    return {
        "hidden_in": before["hidden_in"],
        "groups": [
            {
                "group": line["group"],
                "n": line["n"],
                "events": line["events"],
                "shipped": {name: line[name] for name in _TOLD},
                "changed": {name: other[name] for name in _TOLD},
                "difference": gaps.get(line["group"]),
            }
            for line, other in zip(before["groups"], after["groups"], strict=True)
        ],
    }


def recall_by_group(children: Children, shipped: Model, changed: Model, attribute: str) -> list[dict[str, Any]]:
    """Return the changed model's recall of each group that is not too small to tell of, and its difference."""
    gaps = _gaps(children, shipped, changed, attribute, ("recall",))
    return [
        {"group": line["group"], "recall": line["recall"], "difference": gaps[line["group"]]["recall"]}
        for line in changed.audited[attribute]["groups"]
        if line["group"] in gaps
    ]


def too_small(shipped: Model, attribute: str) -> list[str]:
    """Return the groups of which no difference is told."""
    return [line["group"] for line in shipped.audited[attribute]["groups"] if not _tells(line)]


def _gaps(
    children: Children, shipped: Model, changed: Model, attribute: str, rates: tuple[str, ...]
) -> dict[str, dict[str, Figure]]:
    """Return changed minus shipped of each group that is not small and has a recall to tell of."""
    told = shipped.audited[attribute]
    names = [line["group"] for line in told["groups"] if _tells(line)]
    of = children.study.cohort.groups[attribute][children.rows]
    members = np.column_stack(list(_members(of, told, names))) if names else np.empty((len(children.rows), 0))
    found: dict[str, dict[str, Figure]] = {name: {} for name in names}
    for rate in rates:
        before, after = shipped.rate(rate, members), changed.rate(rate, members)
        for place, name in enumerate(names):
            drawn = after[1][:, place] - before[1][:, place]
            difference = figure(float(after[0][place] - before[0][place]), drawn)
            if not all(model.rests_on_many(rate, members[:, place] > 0) for model in (shipped, changed)):
                difference = _moved(difference, _told_gap(shipped, changed, attribute, name, rate))
            found[name][rate] = _to_two_places(difference)
    return found


def _told_gap(shipped: Model, changed: Model, attribute: str, group: str, rate: str) -> float | None:
    """Return the difference of the two rates as they are told of a group; None where either is not."""
    before, after = (
        next(line[rate] for line in model.audited[attribute]["groups"] if line["group"] == group)
        for model in (shipped, changed)
    )
    return None if before is None or after is None else after - before


def _moved(exact: Figure, value: float | None) -> Figure:
    """Return a told value, with an interval that reaches as far to either side as the exact one, to a whole point."""
    middle, low, high = exact["value"], exact["low"], exact["high"]
    if value is None or middle is None or low is None or high is None:
        return dict.fromkeys(exact)
    return {"value": value, "low": value + round(low - middle, 2), "high": value + round(high - middle, 2)}


def _tells(line: Mapping[str, Any]) -> bool:
    return not line["small"] and line["recall"] is not None


def _members(of: NDArray[np.str_], told: Mapping[str, Any], names: list[str]) -> Iterator[Floats]:
    """Yield who is told of with each group: those of hidden groups with the one that they are counted in."""
    hidden = [line["group"] for line in told["groups"] if line["n"] is None]
    for name in names:
        counted = [name, *hidden] if name == told["hidden_in"] else [name]
        yield np.isin(of, counted).astype(np.float64)


def _to_two_places(told: Figure) -> Figure:
    """Return a figure of a group as it may be told; adding 0.0 makes of a minus zero what it is."""
    return {name: None if number is None else round(number, 2) + 0.0 for name, number in told.items()}
