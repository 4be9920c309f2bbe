"""
What could be done about gaps in recall, of what needs no characteristic at scoring: options beside what ships.

Weights in learning for the groups that the policy protects, what ships without a source or without what rests on an audit
attribute, and other lengths of its list. Each is one model that answers every child in the same way. All are judged on the same
held-out children, of folds in the first repeat; differences are paired.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from fairness.policy.policy import Policy
from models.contract import Contract
from models.feature import Feature
from training.judging import HeldOut, NoSignal
from training.learning import CandidateName
from training.mitigation.cells import Listed, children_of
from training.mitigation.frontier import not_beaten, shortfall
from training.mitigation.protected import groups_asked
from training.mitigation.reduction import TIMES, Flags
from training.mitigation.reweighted import reweighted
from training.mitigation.telling import Telling
from training.mitigation.words import (
    AS_IT_SHIPS,
    NEVER_SERVED,
    NOT_LEARNED,
    NOT_SHORT,
    NOTE,
    TOO_FEW,
    in_weights,
    not_tried,
    of_length,
    without,
)
from training.plan import Plan
from training.study import Study
from training.validation.changed import first_repeat, resting_on, without_features
from training.worth.lists import team_share

Part = dict[str, Any]
Relearned = Callable[[Study], HeldOut | None]

# Lengths of the list to choose between, beside the team's own.
LENGTHS = (0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.40, 0.50)
_NONE: Part = {"attribute": None, "source": None, "features": [], "step": None, "counts": None}


def options(
    contract: Contract,
    study: Study,
    ships: CandidateName,
    held_out: HeldOut,
    policy: Policy,
    plan: Plan,
    relearned: Relearned,
) -> Part:
    """
    Return the options of a landmark and outcome; the first is what ships, whose scores are `held_out`.

    `relearned` scores the same children by what ships, learned as a changed study says; None where nothing is learned. Of
    groups only rounded counts are told, and what is worked out from these. Weights are tried for an attribute where one of its
    protected groups falls short at all on the team's list: where none does, they would widen a gap.
    """
    asked = _Asked(contract, study, ships, held_out, policy, plan)
    every = [asked.shipped, *asked.in_weights(), *asked.without_features(relearned), *asked.of_length()]
    frontier = not_beaten(every)
    return {
        "candidate": ships,
        "capacity": team_share(plan),
        "protects": asked.protects,
        "not_tried": asked.not_tried,
        "never_served": list(NEVER_SERVED),
        "note": NOTE,
        "options": [option | {"frontier": best} for option, best in zip(every, frontier, strict=True)],
    }


class _Asked:
    """One head, and the list that ships, beside which every option is set."""

    def __init__(
        self,
        contract: Contract,
        study: Study,
        ships: CandidateName,
        held_out: HeldOut,
        policy: Policy,
        plan: Plan,
    ) -> None:
        self._contract, self._study, self._ships, self._policy, self._plan = contract, study, ships, policy, plan
        self._scores, self._capacity = first_repeat(held_out), team_share(plan)
        groups = groups_asked(contract, study, held_out.rows, policy)
        self._children = children_of(study, held_out, groups, plan)
        listed = Listed(self._children, self._scores, self._capacity)
        self._telling = Telling(self._children, listed, policy.floors.children)
        self._groups: list[Part] = self._telling.figures(listed)["groups"]
        self.shipped = self._option({"name": AS_IT_SHIPS, "kind": "shipped"}, listed)
        self.protects: list[Part] = [
            {"attribute": attribute.name, "label": attribute.label, "groups": list(policy.of(attribute.name).protects)}
            for attribute in contract.audit
            if policy.of(attribute.name).protects
        ]
        self.not_tried: list[Part] = []

    def in_weights(self) -> Iterator[Part]:
        """Yield what ships, learned with weights for each attribute whose protected groups fall short; note which do not."""
        for asked in self.protects:
            why = self._no_need(asked["attribute"])
            try:
                scores = reweighted(self._ships, self._study, self._protected(asked), self._plan) if why is None else []
            except NoSignal:
                scores, why = [], NOT_LEARNED
            if why is not None:
                self.not_tried.append(not_tried(asked["attribute"], asked["label"], why))
            for step, (each, times) in enumerate(zip(scores, TIMES, strict=False), start=1):
                said = {"attribute": asked["attribute"], "step": [step, len(TIMES)], "counts": times}
                name = in_weights(asked["label"], asked["groups"], step, len(TIMES))
                yield self._at_team({"name": name, "kind": "weights", **said}, each)

    def without_features(self, relearned: Relearned) -> Iterator[Part]:
        """Yield what ships without each source, and without the features that rest on an audit attribute."""
        for said, left_out in self._left_out():
            scores = relearned(without_features(self._study, left_out))
            if scores is not None:
                yield self._at_team({"kind": "features", "features": list(left_out), **said}, scores)

    def of_length(self) -> Iterator[Part]:
        """Yield the list that ships at other lengths."""
        for capacity in LENGTHS:
            if capacity != self._capacity:
                listed = Listed(self._children, self._scores, capacity)
                yield self._option({"name": of_length(capacity), "kind": "capacity", "capacity": capacity}, listed)

    def _left_out(self) -> Iterator[tuple[Part, tuple[str, ...]]]:
        features = self._study.task.features
        # What rests on two things (two ways to group by ethnicity) is left out once.
        seen: set[tuple[str, ...]] = set()
        for said, left_out in self._what_rests(features):
            if left_out not in seen:
                seen.add(left_out)
                yield said, left_out

    def _what_rests(self, features: Sequence[Feature]) -> Iterator[tuple[Part, tuple[str, ...]]]:
        """Yield each source and each audit attribute with the names of the features that rest on it."""
        for source in self._contract.sources:
            of_source = tuple(feature.name for feature in features if feature.source == source.name)
            if of_source:
                yield {"name": without([source.label]), "source": source.name}, of_source
        for attribute in self._contract.audit:
            resting = resting_on(self._contract, attribute, features)
            labels = [feature.label for feature in features if feature.name in resting]
            if resting:
                yield {"name": without(labels), "attribute": attribute.name}, resting

    def _no_need(self, attribute: str) -> str | None:
        """Return why no weights are tried for an attribute; None where one of its groups falls short."""
        groups = [group for group in self._groups if group["attribute"] == attribute]
        short = shortfall(groups, groups)
        if short is None:
            return TOO_FEW
        return None if short > 0 else NOT_SHORT

    def _protected(self, asked: Part) -> Flags:
        return np.isin(self._study.cohort.groups[asked["attribute"]][self._study.known], asked["groups"])

    def _at_team(self, said: Part, scores: HeldOut) -> Part:
        return self._option(said, Listed(self._children, scores, self._capacity))

    def _option(self, said: Part, listed: Listed) -> Part:
        figures = self._telling.figures(listed)
        short = {"shortfall": shortfall(figures["groups"], self._groups)}
        return _NONE | {"capacity": self._capacity} | said | figures | short
