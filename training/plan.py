"""
The plan: the file that, with the contract and the extracts, fully determines a training run.

It is written before results are seen, and the bundle holds it word for word.
"""

import datetime
import json
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from models.band_policy import LEAST_SHARE
from models.bands import Band, Words
from models.blame import judging
from models.capacities import CAPACITIES
from models.errors import PlanError, Problem

Share = Annotated[float, Field(gt=0, lt=1)]
Count = Annotated[int, Field(gt=0)]


class Part(BaseModel):
    """Base of the plan's tables: nothing extra, nothing coerced."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Logistic(Part):
    """Logistic regression on standardised features, with a column for *not known* where training saw that."""

    inverse_penalty: Annotated[float, Field(gt=0)] = 0.1


class GlassBox(Part):
    """LightGBM held to trees of depth 2 and to a few chosen pairs of features."""

    trees: Count = 120
    learning_rate: Share = 0.05
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
    def _said_once(self) -> Self:
        if {"capacity", "children_a_month"} <= self.model_fields_set:
            raise ValueError("give capacity or children_a_month, not both")
        if (self.owner is None) != (self.agreed is None):
            raise ValueError("give owner and agreed together")
        for words in [self.team, *(words for band in self.band for words in (band.label, band.offer))]:
            if (found := judging(words)) is not None:
                raise ValueError(f'bands are read by families: "{found}" blames or labels people')
        return self


class Plan(Part):
    """What a run does; every field has the value used when no plan is given."""

    format: Literal[1] = 1
    seed: int = 20_260_901
    set_aside_share: Annotated[float, Field(ge=0, le=1)] = 0.02
    folds: Annotated[int, Field(ge=2)] = 5
    inner_folds: Annotated[int, Field(ge=2)] = 5
    repeats: Count = 4
    bootstrap: Annotated[int, Field(ge=100)] = 500
    capacities: Annotated[tuple[Share, ...], Field(min_length=1, strict=False)] = (0.10, 0.20)
    refits: Annotated[int, Field(ge=2)] = 20
    audit_small_group: Count = 100
    logistic: Logistic = Logistic()
    glass_box: GlassBox = GlassBox()
    full_booster: FullBooster = FullBooster()
    bands: BandsPlan = BandsPlan()


def load_plan(path: Path | None) -> tuple[Plan, str]:
    """Read a plan (none: the default plan) with its text; raises PlanError naming every problem."""
    if path is None:
        return Plan(), default_plan_text()
    try:
        text = path.read_bytes().decode()
        return Plan.model_validate(tomllib.loads(text)), text
    except OSError:
        raise PlanError(f"{path.name}: there is no such plan file") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PlanError(f"{path.name}: not TOML: {type(error).__name__}") from None
    except ValidationError as error:
        raise PlanError(f"{path.name}: the plan does not say what it must", _problems(error)) from None


def _problems(error: ValidationError) -> tuple[Problem, ...]:
    return tuple(
        Problem(" › ".join(map(str, details["loc"])), details["msg"].lower(), "Correct it or leave it out.")
        for details in error.errors(include_url=False)
    )


def default_plan_text() -> str:
    """Return the default plan as TOML, every field spelled out, so that a bundle shows what was done."""
    fields = Plan().model_dump(mode="json", exclude_none=True)
    tables = {name: value for name, value in fields.items() if isinstance(value, dict)}
    lines = ["# The default plan, every field spelled out.", *_lines(fields)]
    for name, table in tables.items():
        lines += ["", f"[{name}]", *_lines(table)]
    for band in tables["bands"]["band"]:
        lines += ["", "[[bands.band]]", *_lines(band)]
    return "\n".join(lines) + "\n"


def _lines(table: dict[str, Any]) -> list[str]:
    """Return a line for each plain value of a table; TOML spells these as JSON does."""
    plain = {name: value for name, value in table.items() if name != "band" and not isinstance(value, dict)}
    return [f"{name} = {json.dumps(value)}" for name, value in plain.items()]
