"""The tables of a plan."""

import datetime
from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from models.band_policy import LEAST_SHARE
from models.bands import Band, Words
from models.blame import judging
from models.capacities import CAPACITIES

_One = TypeVar("_One")
_Ordered = TypeVar("_Ordered", int, float)
_Table = TypeVar("_Table", bound="Part")
Share = Annotated[float, Field(gt=0, lt=1)]
Count = Annotated[int, Field(gt=0)]
# From at most 1 to at least 1: slopes, and observed over expected.
Around = Annotated[tuple[Annotated[float, Field(gt=0, le=1)], Annotated[float, Field(ge=1)]], Field(strict=False)]


def _each_once(given: tuple[_One, ...]) -> tuple[_One, ...]:
    if len(set(given)) < len(given):
        raise ValueError("name each once")
    return given


def _ascending(given: tuple[_Ordered, ...]) -> tuple[_Ordered, ...]:
    if any(later <= earlier for earlier, later in pairwise(given)):
        raise ValueError("give each once, the smallest first")
    return given


EachOnce, Ascending = AfterValidator(_each_once), AfterValidator(_ascending)
Groups = Annotated[tuple[Words, ...], Field(min_length=1, strict=False), EachOnce]


class Part(BaseModel):
    """Base of the plan's tables: nothing extra, nothing coerced, no number that is none."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


def _with_nothing_wrong(part: _Table, wrong: Iterator[str]) -> _Table:
    """Return the part; raises ValueError with everything that is wrong with it, not only the first."""
    if found := "; ".join(wrong):
        raise ValueError(found)
    return part


class Logistic(Part):
    """Logistic regression on standardised features, with a column for *not known* where training saw that."""

    inverse_penalty: Annotated[float, Field(gt=0)] = 0.1


class GlassBox(Part):
    """LightGBM held to trees of depth 2 and to a few chosen pairs of features."""

    trees: Count = 300
    learning_rate: Share = 0.06
    pairs: Annotated[int, Field(ge=0, le=50)] = 10
    children_per_leaf: Annotated[int, Field(ge=20)] = 20


class FullBooster(Part):
    """The unrestricted booster trained beside them as a yardstick; it is never shipped."""

    trees: Count = 150
    learning_rate: Share = 0.05
    leaves: Annotated[int, Field(ge=2)] = 8
    children_per_leaf: Annotated[int, Field(ge=20)] = 20


OFFERS = (
    Band(
        code="conversation_now",
        label="Offer a conversation now",
        offer="A worker whom the family can name gets in touch this month and offers to talk about what would help.",
    ),
    Band(
        code="conversation_next",
        label="Offer a conversation next",
        offer="A worker offers to talk about what would help, once the families in the first band have been asked.",
    ),
    Band(
        code="invitation",
        label="Invite",
        offer="The family is invited to what the family hub runs, and is asked how things are at the next contact.",
    ),
    Band(
        code="every_family",
        label="What every family is offered",
        offer="The offer to every family goes on. This does not say that the child needs nothing more.",
    ),
)


class BandsPlan(Part):
    """
    Whose bands they are, how much of all children the team can see, and what each band may be offered, first first.

    The team's list is a share of children (`capacity`) or, in its stead, `children_a_month`; a quarter and a half of it
    are the first two bands. `owner` and `agreed` (who agreed to the bands, and when) are left out until somebody has.
    """

    team: Words = "the early help team"
    owner: Words | None = None
    agreed: datetime.date | None = None
    capacity: Annotated[float, Field(ge=LEAST_SHARE, le=CAPACITIES[-1])] = 0.20
    children_a_month: Count | None = None
    band: Annotated[tuple[Band, Band, Band, Band], Field(strict=False)] = OFFERS

    @model_validator(mode="after")
    def _says_what_it_must(self) -> Self:
        return _with_nothing_wrong(self, self._wrong())

    def _wrong(self) -> Iterator[str]:
        if {"capacity", "children_a_month"} <= self.model_fields_set:
            yield "give capacity or children_a_month, not both"
        if (self.owner is None) != (self.agreed is None):
            yield "give owner and agreed together"
        if len({band.code for band in self.band}) < len(self.band):
            yield "give each band a code of its own"
        for words in [self.team, *(words for band in self.band for words in (band.label, band.offer))]:
            if (found := judging(words)) is not None:
                yield f'bands are read by families: "{found}" blames or labels people'


class GatesPlan(Part):
    """
    What the gates ask.

    `signal_level` is one-sided and shared by all landmarks and outcomes (M10). `auc_ceiling` is what no honest model of this job
    passes, `feature_auc_ceiling` what no single feature does: above either, suspect a leak. `slope` and `observed_over_expected`
    bound calibration on held-out children. `least_gain` is what the lower end of the interval of the gain over the best rule
    must pass, in children with the outcome per 100 listed.
    """

    signal_level: Annotated[float, Field(gt=0, le=0.05)] = 0.01
    least_events: Annotated[int, Field(ge=100)] = 100
    least_without: Annotated[int, Field(ge=100)] = 100
    auc_ceiling: Annotated[float, Field(gt=0.5, lt=1)] = 0.85
    feature_auc_ceiling: Annotated[float, Field(gt=0.5, lt=1)] = 0.75
    slope: Around = (0.8, 1.25)
    observed_over_expected: Around = (0.8, 1.25)
    least_gain: Annotated[float, Field(ge=0)] = 0.0


class FairnessPlan(Part):
    """
    What a board has agreed to ask of the gaps between groups: which groups are protected, and by what margin of recall.

    `protects` names, for each audit attribute, the groups whose shortfall blocks a release (M8); a margin of 0.05 is five
    points. `owner` and `agreed` (who agreed, and when) are left out until somebody has, and until then no release passes.
    """

    primary: Literal["recall"] = "recall"
    margin: Share = 0.05
    protects: dict[str, Groups] = Field(default_factory=dict)
    owner: Words | None = None
    agreed: datetime.date | None = None

    @model_validator(mode="after")
    def _says_what_it_must(self) -> Self:
        return _with_nothing_wrong(self, self._wrong())

    def _wrong(self) -> Iterator[str]:
        if (self.owner is None) != (self.agreed is None):
            yield "give owner and agreed together"
        if self.agreed is not None and not self.protects:
            yield "a policy that is agreed to names the groups it protects"


class SignOff(Part):
    """A leak alarm that somebody has looked into: `alarm` its code, `where` its place as the run told it, and why it is none."""

    alarm: Words
    where: Words
    reason: Words
    by: Words
    on: datetime.date
