"""
What is left out costs what: the model that ships, learned again with each audit attribute and without each source.

An attribute that is left out is put in, as it was on record at the landmark; one that features rest on is taken out with
them. Each is the same candidate, by the same procedure and split, judged on the same children beside what ships.
"""

from typing import Any

import duckdb

from models.contract import Contract
from models.feature import AuditAttribute
from training.judging import HeldOut
from training.learning import CandidateName
from training.plan import Plan
from training.study import Study
from training.validation.changed import first_repeat, resting_on, with_groups, without_features
from training.validation.known_groups import known_groups
from training.validation.learned_once import LearnedOnce
from training.validation.paired import Children, Model, by_group, differences, figures, recall_by_group, too_small

Part = dict[str, Any]


def without(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    study: Study,
    ships: CandidateName,
    held_out: HeldOut,
    plan: Plan,
    learned_once: LearnedOnce,
) -> Part:
    """
    Return what each audit attribute and each source is worth at a landmark, for an outcome.

    `held_out` is what ships', and `learned_once` learns a changed study. Differences are changed minus shipped. Where children were scored in repeats, the first alone is compared.
    """
    shipped_scores = first_repeat(held_out)
    children = Children(contract, study, shipped_scores, plan)
    asked = _Asked(contract, study, learned_once, children, Model(children, shipped_scores))
    return {
        "candidate": ships,
        "capacity": children.capacity,
        "shipped": figures(asked.shipped),
        "attributes": [asked.of_attribute(con, attribute) for attribute in contract.audit],
        "groups_too_small": {attribute.name: too_small(asked.shipped, attribute.name) for attribute in contract.audit},
        "sources": asked.of_sources(),
    }


class _Asked:
    """One head, and the model that ships, beside which every change is set."""

    def __init__(
        self,
        contract: Contract,
        study: Study,
        learned_once: LearnedOnce,
        children: Children,
        shipped: Model,
    ) -> None:
        self._contract, self._study, self._learned_once = contract, study, learned_once
        self._children, self.shipped = children, shipped

    def of_attribute(self, con: duckdb.DuckDBPyConnection, attribute: AuditAttribute) -> Part:
        """Return what ships beside the same with the attribute; or, where features rest on it, without those."""
        features = resting_on(self._contract, attribute, self._study.task.features)
        said: Part = {"attribute": attribute.name, "label": attribute.label}
        if features:
            said |= {"change": "without", "features": list(features)}
            model = self._learned(without_features(self._study, features))
        else:
            known = known_groups(con, self._contract, attribute, self._study.cohort)
            said |= {
                "change": "with",
                "recorded": "by this landmark" if known.then else "later",
                "share_recorded_by_this_landmark": round(known.share, 2),
            }
            model = self._learned(with_groups(self._study, attribute, known.groups))
        if model is None:
            return said | {"figures": None, "difference": None, "hidden_in": None, "groups": []}
        return said | self._beside(model) | by_group(self._children, self.shipped, model, attribute.name)

    def of_sources(self) -> list[Part]:
        """Return what ships beside the same without each source that features are asked of."""
        used = {feature.source for feature in self._study.task.features}
        return [self._of_source(source.name, source.label) for source in self._contract.sources if source.name in used]

    def _of_source(self, name: str, label: str) -> Part:
        features = [feature.name for feature in self._study.task.features if feature.source == name]
        said = {"source": name, "label": label, "features": features}
        model = self._learned(without_features(self._study, features))
        if model is None:
            return said | {"figures": None, "difference": None, "recall": {}}
        recall = {
            attribute.name: recall_by_group(self._children, self.shipped, model, attribute.name)
            for attribute in self._contract.audit
        }
        return said | self._beside(model) | {"recall": recall}

    def _learned(self, study: Study) -> Model | None:
        scores = self._learned_once(study)
        return None if scores is None else Model(self._children, scores)

    def _beside(self, model: Model) -> Part:
        return {"figures": figures(model), "difference": differences(model, self.shipped)}
