"""An area: its published figures, each with its year and source, from the area files that stand beside this module."""

import tomllib
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field

from models.errors import BadInput

NATION = "england"
FOLDER = files("training.synthetic") / "areas"


class Figure(BaseModel):
    """One published figure: shares in per cent, rates per 10,000 where its name says so; `derived` says how, if it is."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    value: float = Field(strict=False)
    tolerance: float = Field(strict=False, gt=0)
    year: str
    source: str
    derived: str | None = None


class Area(BaseModel):
    """An area's own figures, and the nation's where it has none of its own."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: str
    label: str
    size: int = Field(gt=0)
    size_source: str
    figures: dict[str, Figure]
    nation: dict[str, Figure] = Field(default_factory=dict)

    def __getitem__(self, name: str) -> float:
        """The figure of that name: the area's own, or else the nation's."""
        figure = self.figures.get(name) or self.nation[name]
        return figure.value

    def share(self, name: str) -> float:
        """A percentage as a share."""
        return self[name] / 100

    def own(self, name: str) -> bool:
        """Whether the area publishes this figure itself."""
        return name in self.figures


def area_names() -> list[str]:
    """Return the names of the areas that can be invented."""
    return sorted(entry.name.removesuffix(".toml") for entry in FOLDER.iterdir() if entry.name.endswith(".toml"))


def load_area(name: str) -> Area:
    """Return the area of that name; raises BadInput, naming those there are, where there is none."""
    if name not in area_names():
        raise BadInput(f"there is no such area; choose one of {', '.join(area_names())}")
    read = _read(name)
    return read if name == NATION else read.model_copy(update={"nation": _read(NATION).figures})


def _read(name: str) -> Area:
    return Area.model_validate(tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8")))
