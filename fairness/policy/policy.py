"""
The policy: what a board asks of the gaps between groups, written and agreed before results are seen.

It names the measure that comes first and why, by how much groups may differ, which groups are protected, which small groups
are judged together, and which two characteristics are looked at together. The bundle holds it word for word.
"""

import datetime
from collections.abc import Iterator
from typing import Annotated, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from models.declared import Name, Words

Primary = Literal["recall", "fdr"]
# A group of whom one in ten fewer is found is no small shortfall.
EXPLAINED_MARGIN = 0.1
# More tables of two characteristics than this, and chance alone makes some of them look remarkable.
MOST_INTERSECTIONS = 12
# Fewer children than this are never judged, whatever a policy says (M8).
FEWEST_CHILDREN = 100
Margin = Annotated[float, Field(gt=0, le=0.2)]
Hex64 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64] | NDArray[np.int64] | float


def _each_once(given: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(given)) < len(given):
        raise ValueError("name each once")
    return given


Groups = Annotated[tuple[Words, ...], Field(min_length=1, strict=False), AfterValidator(_each_once)]


class Part(BaseModel):
    """Base of the policy's tables: nothing extra, nothing coerced, no number that is none."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False, populate_by_name=True)


class PrimaryMeasure(Part):
    """The measure that decides, and why it is that one."""

    measure: Primary = "recall"
    reason: Words = (
        "The score offers help, and a team can reach few of those who need it: what matters first is that children in need are "
        "found as often in every group."
    )


class Margins(Part):
    """
    By how much a group may differ from everyone else.

    Shares (0.05 is five points): of the children with the outcome, on the list (`recall`; of those missed it is the same gap the
    other way about); of those on the list, without the outcome (`fdr`); of those without the outcome, on the list (`fpr`); of
    those not on the list, with the outcome (`false_omission`). `observed_over_expected` is a distance of two ratios,
    `refused` of the shares that could not be scored, `auc` of two AUCs.
    """

    recall: Margin = 0.05
    fdr: Margin = 0.05
    fpr: Margin = 0.05
    false_omission: Margin = 0.05
    observed_over_expected: Margin = 0.2
    auc: Margin = 0.05
    refused: Margin = 0.05
    reason: Words | None = None

    @model_validator(mode="after")
    def _explained(self) -> Self:
        usual = {name: field.default for name, field in type(self).model_fields.items() if name != "reason"}
        wide = [name for name, default in usual.items() if getattr(self, name) > max(EXPLAINED_MARGIN, default)]
        if wide and self.reason is None:
            raise ValueError(f"say why, in a reason, these are above {EXPLAINED_MARGIN:g}: {', '.join(wide)}")
        return self


class Floors(Part):
    """Children that a group, and everyone else, must at least have to be judged: in all, and in the measure's own denominator."""

    children: Annotated[int, Field(ge=FEWEST_CHILDREN)] = FEWEST_CHILDREN
    denominator: Annotated[int, Field(ge=10)] = 10

    def reached(self, n: tuple[Numbers, Numbers], denominator: tuple[Numbers, Numbers], repeats: int = 1) -> Flags:
        """
        Return where both sides, a group and everyone else, are enough to be judged: the one rule of engine, gates and options.

        `n` are the rows of either side and `denominator` those of the measure's own, in shapes that broadcast; `repeats` is how many
        rows a child has.
        """
        (some, others), (part, other_part) = (
            [np.asarray(side) >= least * repeats for side in sides]
            for sides, least in ((n, self.children), (denominator, self.denominator))
        )
        return np.asarray(some & others & part & other_part)


class AttributePolicy(Part):
    """
    What is asked of one audit attribute.

    `protects` names the groups whose shortfall on the primary measure blocks a release; `pools` the groups that are judged
    together, under a name, where they are too small to be judged alone.
    """

    name: Name
    protects: Annotated[tuple[Words, ...], Field(strict=False), AfterValidator(_each_once)] = ()
    pools: dict[Words, Groups] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _pooled_once(self) -> Self:
        pooled = [group for groups in self.pools.values() for group in groups]
        if len(set(pooled)) < len(pooled):
            raise ValueError("put each group into one pool")
        return self

    def pool_of(self, group: str) -> str | None:
        """Return the name of the pool that a group is judged in; None where it is in none."""
        return next((pool for pool, groups in self.pools.items() if group in groups), None)

    def by_pool(self, group: str, enough: Flags | np.bool_) -> Flags | np.bool_:
        """Return where a group is asked of with its pool, which stands for it: where it has one, and is not `enough` to be judged."""
        return ~enough & (self.pool_of(group) is not None)


class Intersection(Part):
    """Two audit attributes whose groups are looked at together."""

    attributes: Annotated[tuple[Name, Name], Field(strict=False)]

    @model_validator(mode="after")
    def _two(self) -> Self:
        if self.attributes[0] == self.attributes[1]:
            raise ValueError("name two different attributes")
        return self


class Policy(Part):
    """
    The whole policy; a field that is left out has the value of a run that was given none.

    `contract` is the digest of the contract it was written for. `owner` and `agreed` (who agreed, and when) are left out until
    somebody has, and until then no release passes.
    """

    format: Literal[1] = 1
    contract: Hex64 | None = None
    owner: Words | None = None
    agreed: datetime.date | None = None
    primary: PrimaryMeasure = PrimaryMeasure()
    margins: Margins = Margins()
    floors: Floors = Floors()
    attributes: Annotated[tuple[AttributePolicy, ...], Field(alias="attribute", strict=False)] = ()
    intersections: Annotated[
        tuple[Intersection, ...], Field(alias="intersection", strict=False, max_length=MOST_INTERSECTIONS)
    ] = ()

    @model_validator(mode="after")
    def _says_what_it_must(self) -> Self:
        if found := "; ".join(self._wrong()):
            raise ValueError(found)
        return self

    def _wrong(self) -> Iterator[str]:
        if (self.owner is None) != (self.agreed is None):
            yield "give owner and agreed together"
        if self.agreed is not None and not any(attribute.protects for attribute in self.attributes):
            yield "a policy that is agreed to names the groups it protects"
        names = [attribute.name for attribute in self.attributes]
        if len(set(names)) < len(names):
            yield "say of each attribute once what is asked of it"
        pairs = [frozenset(each.attributes) for each in self.intersections]
        if len(set(pairs)) < len(pairs):
            yield "name each two attributes once"

    def of(self, attribute: str) -> AttributePolicy:
        """Return what is asked of an attribute: nothing in particular where the policy does not name it."""
        return next((each for each in self.attributes if each.name == attribute), AttributePolicy(name=attribute))
