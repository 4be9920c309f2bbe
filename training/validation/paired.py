"""
Two models beside each other on the same held-out children: each one's figures, and the paired difference.

Intervals draw whole families, the same families for both models. Of groups, rates are those of the audit: of rounded
counts, with small groups hidden. A difference between the models is of exact counts to two places, and only of groups
that the audit does not call small.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairness.audit import audit
from fairness.protected import protected
from models.contract import Contract
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
        self.small_group = plan.audit_small_group
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
        children = self._children
        exact = audit(self._scored, children.declared, children.capacity, children.small_group)
        (table,) = protected(exact)["audits"]
        return {told["attribute"]: told for told in table["attributes"]}

    def rate(self, name: str, members: Floats) -> tuple[Floats, Floats]:
        """Return a rate of the list in each group, (groups,) and (resamples, groups); `members` is (children, groups)."""
        children, flagged = self._children.drawn, self.flagged
        y = children.y
        part, whole = {
            "selection_rate": (flagged, np.ones(len(y))),
            "recall": (flagged * y, y),
            "ppv": (flagged * y, flagged),
        }[name]
        of, among = part[:, None] * members, whole[:, None] * members
        with np.errstate(invalid="ignore"):
            return (children.weights @ of) / (children.weights @ among), (children.drawn @ of) / (
                children.drawn @ among
            )


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
    members = np.column_stack(list(_members(children, told, names))) if names else np.empty((len(children.rows), 0))
    found: dict[str, dict[str, Figure]] = {name: {} for name in names}
    for rate in rates:
        before, after = shipped.rate(rate, members), changed.rate(rate, members)
        for place, name in enumerate(names):
            drawn = after[1][:, place] - before[1][:, place]
            found[name][rate] = _to_two_places(figure(float(after[0][place] - before[0][place]), drawn))
    return found


def _tells(line: Mapping[str, Any]) -> bool:
    return not line["small"] and line["recall"] is not None


def _members(children: Children, told: Mapping[str, Any], names: list[str]) -> Iterator[Floats]:
    """Yield who is told of with each group: those of hidden groups with the one that they are counted in."""
    of = children.study.cohort.groups[told["attribute"]][children.rows]
    hidden = [line["group"] for line in told["groups"] if line["n"] is None]
    for name in names:
        counted = [name, *hidden] if name == told["hidden_in"] else [name]
        yield np.isin(of, counted).astype(np.float64)


def _to_two_places(told: Figure) -> Figure:
    """Return a figure of a group as it may be told; adding 0.0 makes of a minus zero what it is."""
    return {name: None if number is None else round(number, 2) + 0.0 for name, number in told.items()}
