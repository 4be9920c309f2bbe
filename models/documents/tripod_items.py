"""The sub-items of TRIPOD+AI, and where a bundle reports each: `tripod.toml`."""

import tomllib
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Item(BaseModel):
    """
    One sub-item: its code and what it asks, of what kind of study, who fills it in, and where it is reported.

    `remains` is what only a person can add; `not_applicable` why nothing is asked where nothing stands at `where`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    item: str
    what: str
    applies: Literal["development", "evaluation", "both"]
    filled_by: Literal["run", "contract", "plan", "person"]
    where: Annotated[tuple[str, ...], Field(strict=False)] = ()
    remains: str = ""
    not_applicable: str = ""


def _read() -> tuple[Item, ...]:
    text = (files("models.documents") / "tripod.toml").read_text(encoding="utf-8")
    return tuple(Item.model_validate(item) for item in tomllib.loads(text)["item"])


ITEMS = _read()
