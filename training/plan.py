"""
The plan: the file that, with the contract and the extracts, fully determines a training run.

It is written before results are seen, and the bundle holds it word for word.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

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
    audit_capacity: Share = 0.20
    audit_small_group: Count = 100
    logistic: Logistic = Logistic()
    glass_box: GlassBox = GlassBox()
    full_booster: FullBooster = FullBooster()


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
    fields = Plan().model_dump(mode="json")
    tables = {name: value for name, value in fields.items() if isinstance(value, dict)}
    lines = ["# The default plan, every field spelled out."]
    lines += [f"{name} = {value}" for name, value in fields.items() if name not in tables]
    for name, table in tables.items():
        lines += ["", f"[{name}]", *(f"{key} = {value}" for key, value in table.items())]
    return "\n".join(lines) + "\n"
