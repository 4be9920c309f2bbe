"""The tables of a plan."""

import datetime
from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import Field, model_validator

from models.band_policy import LEAST_SHARE
from models.bands import Band, Words
from models.blame import judging
from models.capacities import CAPACITIES
from training.alarms.codes import Code
from training.plan_fields import Around, Count, Part, Share, with_nothing_wrong


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
        return with_nothing_wrong(self, self._wrong())

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
    must pass, in children with the outcome per 100 listed. Whatever is looser than it is by default has one `reason`, and beyond
    what any reason could carry nothing is allowed.
    """

    signal_level: Annotated[float, Field(gt=0, le=0.05)] = 0.01
    least_events: Annotated[int, Field(ge=100)] = 100
    least_without: Annotated[int, Field(ge=100)] = 100
    auc_ceiling: Annotated[float, Field(gt=0.5, le=0.95)] = 0.85
    feature_auc_ceiling: Annotated[float, Field(gt=0.5, le=0.9)] = 0.75
    slope: Around = (0.8, 1.25)
    observed_over_expected: Around = (0.8, 1.25)
    least_gain: Annotated[float, Field(ge=0)] = 0.0
    reason: Words | None = None

    @model_validator(mode="after")
    def _says_what_it_must(self) -> Self:
        return with_nothing_wrong(self, self._wrong())

    def _wrong(self) -> Iterator[str]:
        if self.reason is None and (looser := ", ".join(self._looser())):
            yield f"say why, in a reason, these are looser than agreed for everyone: {looser}"

    def _looser(self) -> Iterator[str]:
        usual = {name: field.default for name, field in type(self).model_fields.items()}
        for name in ("signal_level", "auc_ceiling", "feature_auc_ceiling"):
            if getattr(self, name) > usual[name]:
                yield name
        for name in ("slope", "observed_over_expected"):
            (low, high), (least, most) = getattr(self, name), usual[name]
            if low < least or high > most:
                yield name


class SignOff(Part):
    """A leak alarm that somebody has looked into: `alarm` its code, `where` its place as the run told it, and why it is none."""

    alarm: Code
    where: Words
    reason: Words
    by: Words
    on: datetime.date
