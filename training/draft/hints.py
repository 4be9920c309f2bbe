"""What names suggest: read from the list beside this module, which is data, so that code knows no authority's names."""

import re
import tomllib
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field

from models.declared import Declared, Name, Words
from models.source import PROTECTED

Says = Literal[
    "born",
    "known",
    "ended",
    "age",
    "age_known",
    "birth",
    "identifier",
    "cluster",
    "site",
    "family",
    "weight",
    "code",
    "outcome",
    "intervention",
    "definition",
]


class Hint(Declared):
    """What a column may be whose whole name fits the pattern `like`."""

    like: str
    says: Says | None = None
    characteristic: PROTECTED | None = None
    codes: tuple[str, ...] = Field(default=(), strict=False)
    missing: tuple[str, ...] = Field(default=(), strict=False)
    units: Words | None = None
    proxy: Words | None = None

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern, compiled."""
        return re.compile(self.like, re.IGNORECASE)


class Each(Declared):
    """What must hold of each column: for a row to count, and for the goal to be reached."""

    valid: str
    reached: str


class OutcomeHint(Declared):
    """An outcome that an extract can tell which has all of these columns."""

    columns: tuple[Name, ...] = Field(min_length=1, strict=False)
    each: Each
    name: Name
    label: Words
    happens: Words
    plainly: Words
    definition: str


class Hints(Declared):
    """The whole list."""

    hints: tuple[Hint, ...] = Field(alias="hint", strict=False)
    outcomes: tuple[OutcomeHint, ...] = Field(alias="outcome", strict=False)


NOTHING = Hint(like="")


@cache
def shipped_hints() -> Hints:
    """Return the list that is shipped."""
    text = Path(__file__).with_name("hints.toml").read_text(encoding="utf-8")
    return Hints.model_validate(tomllib.loads(text))


def hint_of(name: str) -> Hint:
    """Return the first hint whose pattern is that of the whole name; one that says nothing where none is."""
    return next((hint for hint in shipped_hints().hints if hint.pattern.fullmatch(name)), NOTHING)
