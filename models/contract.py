"""
The contract: which sources, columns, features, landmarks, outcomes and audit attributes a model is made of.

It is the only place that knows an authority's names. Analysts edit it, boards read it, and both engines obey it.
"""

import datetime
from collections.abc import Collection
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from models.declared import Declared, Name, Words
from models.feature import AuditAttribute, Cohort, Feature, Landmark, Outcome, Pointer, Rule, Scope
from models.intervention import Intervention
from models.linkage import Linkage
from models.source import Source


class Contract(Declared):
    """A checked contract: every name in it leads to something declared. Made by `models.contract_reading`."""

    format: Literal[1]
    name: Name
    label: Words
    description: Annotated[str, Field(min_length=1, max_length=4000)]
    birth: Pointer | None = None
    cohort: Cohort | None = None
    family: Pointer | None = None
    sources: tuple[Source, ...] = Field(alias="source", min_length=1, strict=False)
    landmarks: tuple[Landmark, ...] = Field(alias="landmark", min_length=1, strict=False)
    features: tuple[Feature, ...] = Field(alias="feature", min_length=1, strict=False)
    outcomes: tuple[Outcome, ...] = Field(alias="outcome", min_length=1, strict=False)
    interventions: tuple[Intervention, ...] = Field(alias="intervention", default=(), strict=False)
    rules: tuple[Rule, ...] = Field(alias="rule", default=(), strict=False)
    audit: tuple[AuditAttribute, ...] = Field(default=(), strict=False)
    scope: Scope = Scope()
    linkage: Linkage | None = None

    def source(self, name: str) -> Source:
        """The source of that name."""
        return self._sources[name]

    def landmark(self, name: str) -> Landmark:
        """The landmark of that name."""
        return next(landmark for landmark in self.landmarks if landmark.name == name)

    def landmark_for(self, age: int) -> Landmark | None:
        """The landmark whose window holds that age in days, if any does."""
        return next((landmark for landmark in self.landmarks if landmark.holds(age)), None)

    def features_at(self, landmark: Landmark) -> tuple[Feature, ...]:
        """The features of that landmark's matrix, in the order they are declared."""
        return tuple(feature for feature in self.features if feature.used_at(landmark))

    def outcomes_at(self, landmark: Landmark) -> tuple[Outcome, ...]:
        """The outcomes foreseen from that landmark."""
        return tuple(outcome for outcome in self.outcomes if outcome.used_at(landmark))

    def rules_at(self, landmark: Landmark) -> tuple[Rule, ...]:
        """The unlearned rules that may be applied at that landmark."""
        return tuple(rule for rule in self.rules if rule.used_at(landmark))

    def narrowed(self, landmarks: Collection[str] | None, outcomes: Collection[str] | None) -> "Contract":
        """Return the contract with only the landmarks and outcomes of these names (None: all); the rest is as it was."""
        return self.model_copy(
            update={
                "landmarks": tuple(one for one in self.landmarks if landmarks is None or one.name in landmarks),
                "outcomes": tuple(one for one in self.outcomes if outcomes is None or one.name in outcomes),
            }
        )

    @cached_property
    def _sources(self) -> dict[str, Source]:
        return {source.name: source for source in self.sources}

    @cached_property
    def feature_sources(self) -> tuple[Source, ...]:
        """The sources that a scoring request may bring: those a feature is asked of, or that the scope needs."""
        used = {feature.source for feature in self.features} | set(self.scope.sources)
        return tuple(source for source in self.sources if source.name in used)

    @cached_property
    def proven_by(self) -> dict[str, str]:
        """For each covered source, the first source with the same coverage: at scale one proof stands for them all."""
        covered = [source for source in self.feature_sources if source.coverage is not None]
        return {s.name: next(first.name for first in covered if first.coverage == s.coverage) for s in covered}

    @cached_property
    def feature_columns(self) -> dict[str, frozenset[str]]:
        """For each source, the columns of the extract that some feature rests on, through derived columns too."""
        return {source.name: frozenset(self._columns_used(source)) for source in self.feature_sources}

    def _columns_used(self, source: Source) -> set[str]:
        asked = {f.column for f in self.features if f.source == source.name and f.column}
        asked |= {c.column for f in self.features if f.source == source.name for c in f.where}
        behind = {column.name for d in source.derived if d.name in asked for column in source.inputs(d)}
        return {name for name in asked | behind if source.column(name)}

    @cached_property
    def purposes(self) -> tuple[str, ...]:
        """The purposes that every source's gateway allows: a request must name one of them."""
        shared = set.intersection(*(set(source.gateway.purposes) for source in self.feature_sources))
        return tuple(sorted(shared))

    def expired_gateways(self, today: datetime.date) -> tuple[Source, ...]:
        """The sources whose lawful gateway had expired on that day."""
        return tuple(source for source in self.sources if source.gateway.expires < today)
