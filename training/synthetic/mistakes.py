"""
How often each agency gets an identity wrong, and for whom more often.

Published: who is missed by linking are black and mixed children above all, other minorities, and the most deprived; the
differences are small to moderate. How often each field is wrong at each agency nobody publishes: those rates are ours.
"""

import tomllib
from collections.abc import Callable, Iterable
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal, get_args

import numpy as np
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator

from models.errors import BadInput, Problem
from training.synthetic.families import Flags, Floats
from training.synthetic.household import MAINS
from training.synthetic.registers import BY_NAME, Agency

_FOLDER = files("training.synthetic") / "mistakes"
FIFTHS = ("fifth_1", "fifth_2", "fifth_3", "fifth_4", "fifth_5")  # of deprivation, the most deprived first
GROUPS = (*MAINS, *FIFTHS, "other_language", "looked_after")

Mistake = Literal[
    "nhs_missing",
    "nhs_wrong",
    "upn_missing",
    "upn_wrong",
    "placeholder",
    "name_variant",
    "forename_typo",
    "surname_typo",
    "names_swapped",
    "surname_changed",
    "day_month_swapped",
    "birth_digit_wrong",
    "birth_missing",
    "sex_wrong",
    "postcode_typo",
    "postcode_missing",
    "stale_address",
]
MISTAKES: tuple[Mistake, ...] = get_args(Mistake)
# The column that a mistake spoils, where its agency must hold one.
_SPOILS = {
    "nhs_missing": "nhs_number",
    "nhs_wrong": "nhs_number",
    "upn_missing": "upn",
    "upn_wrong": "upn",
    "sex_wrong": "sex",
}


def _one_of(names: Iterable[str]) -> Callable[[str], str]:
    def check(name: str) -> str:
        if name not in names:
            raise ValueError(f"there are {', '.join(names)}")
        return name

    return check


Rate = Annotated[float, Field(ge=0, le=1, strict=False)]
Multiplier = Annotated[float, Field(ge=0, le=20, strict=False)]


class Mistakes(BaseModel):
    """Rates by agency and mistake (none given: 0), and by what each group's are multiplied: its own, or else `every`."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    rates: dict[Annotated[str, AfterValidator(_one_of(BY_NAME))], dict[Mistake, Rate]]
    multipliers: dict[Annotated[str, AfterValidator(_one_of(GROUPS))], dict[Mistake | Literal["every"], Multiplier]] = (
        Field(default_factory=dict)
    )

    @field_validator("rates")
    @classmethod
    def _possible(cls, rates: dict[str, dict[Mistake, float]]) -> dict[str, dict[Mistake, float]]:
        wrong = [f"{name} › {kind}" for name in rates for kind in rates[name] if not can_make(BY_NAME[name], kind)]
        if wrong:
            raise ValueError(f"these agencies hold nothing that could be wrong so: {', '.join(wrong)}")
        return rates

    def chance(self, agency: Agency, mistake: Mistake, who: dict[str, Flags]) -> Floats:
        """Return the chance of a mistake about each of these people (m,), by the groups they belong to."""
        rate = self.rates.get(agency.name, {}).get(mistake, 0.0)
        found = np.full(len(next(iter(who.values()))), rate)
        for group, members in who.items():
            by_mistake = self.multipliers.get(group, {})
            found = found * np.where(members, by_mistake.get(mistake, by_mistake.get("every", 1.0)), 1.0)
        return np.asarray(np.minimum(found, 1.0))


def can_make(agency: Agency, mistake: Mistake) -> bool:
    """Whether an agency can make a mistake: it holds what the mistake spoils."""
    match mistake:
        case "placeholder":
            return agency.at_birth
        case "stale_address":
            return not agency.at_birth and not agency.every_address
        case _:
            return mistake not in _SPOILS or _SPOILS[mistake] in agency.columns


def load_mistakes(name: str) -> Mistakes:
    """Return the mistakes of that name, or of a TOML file; raises BadInput naming every problem."""
    shipped = _FOLDER / f"{name}.toml"
    try:
        text = shipped.read_text(encoding="utf-8") if name in mistakes_names() else Path(name).read_bytes().decode()
        return Mistakes.model_validate(tomllib.loads(text))
    except OSError:
        raise BadInput(f"there are no such mistakes; choose {', '.join(mistakes_names())}, or a file") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(f"{Path(name).name}: not TOML: {type(error).__name__}") from None
    except ValidationError as error:
        raise BadInput(f"{Path(name).name}: the mistakes cannot be made", _problems(error)) from None


def mistakes_names() -> list[str]:
    """Return the names of the mistakes that come with the command."""
    return sorted(file.name.removesuffix(".toml") for file in _FOLDER.iterdir())


def _problems(error: ValidationError) -> tuple[Problem, ...]:
    return tuple(
        Problem(" › ".join(map(str, details["loc"])) or "rates", details["msg"].lower(), "Correct it or leave it out.")
        for details in error.errors(include_url=False)
    )
