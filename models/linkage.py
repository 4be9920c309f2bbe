"""
What a contract says of linking: which agency holds what of an identity, what is compared, and which pairs are tried.

Agencies share no identifier. Each names the columns that hold the parts of an identity it has; pairs of records are
tried where a block's keys agree, and compared part by part. What an identity is made of goes no further than the
linking step.
"""

import re
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from models.declared import Declared, Name, Words
from models.feature import Pointer

Kind = Literal["nhs_number", "upn", "number", "name", "date", "code", "postcode", "text"]
Shared = Literal["no", "twins", "family"]
# What a block may ask of a part of an identity, by its kind; the part itself may always be asked for.
ASPECTS: dict[Kind, tuple[str, ...]] = {
    "nhs_number": (),
    "upn": (),
    "number": (),
    "name": ("sound", "initial"),
    "date": ("year", "month", "day"),
    "code": (),
    "postcode": ("sector", "district"),
    "text": ("sound",),
}
NUMBERS: tuple[Kind, ...] = ("nhs_number", "upn", "number")
# Words that the linking step has of its own for records and pairs.
RESERVED = frozenset(
    {
        "agency",
        "born",
        "child",
        "cohort",
        "day",
        "decision",
        "family",
        "grp",
        "id",
        "key",
        "linked",
        "name",
        "probability",
        "spelled",
        "sound",
        "strength",
        "true_child",
        "uid",
        "weight",
    }
)
# Files that linking writes beside the linked extracts (`training.linked_folder`).
RESERVED_FILES = frozenset(
    {
        "linked.json",
        "children.csv",
        "links.csv",
        "coverage.csv",
        "changes.csv",
        "birth_periods.csv",
        "link_report.json",
        "link_report.html",
        "link_model.json",
    }
)
_KEY = re.compile(r"([a-z][a-z0-9_]*)(?:\.([a-z]+))?")


class Part(Declared):
    """
    One part of an identity, such as a forename.

    `shared` says who else than the child itself may well have the same: twins share a date of birth, a family its
    address. `close` are the Jaro-Winkler similarities that count as nearly the same, largest first.
    """

    name: Name
    kind: Kind
    shared: Shared = "no"
    swaps_with: Name | None = None
    close: tuple[Annotated[float, Field(gt=0, lt=1)], ...] = Field(default=(0.92, 0.8), max_length=3, strict=False)

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.swaps_with is not None and self.kind != "name":
            raise ValueError("only a name can stand in another's place")
        if list(self.close) != sorted(set(self.close), reverse=True):
            raise ValueError("give the similarities from the largest to the smallest")
        if self.kind in NUMBERS and self.shared != "no":
            raise ValueError("a number that several people share identifies nobody")
        return self


class Agency(Declared):
    """
    One agency's register of people: its own id, and which columns hold which parts of an identity.

    Rows of one id are one person at several times: the one last in `latest` is the person now, and every postcode
    counts. `family` is a column that brothers and sisters share, such as the mother's number.
    """

    name: Name
    label: Words
    file: Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*\.(csv|parquet)$")]
    id: str = Field(min_length=1)
    holds: dict[Name, str] = Field(min_length=1)
    sources: tuple[Name, ...] = Field(default=(), strict=False)
    family: str | None = None
    latest: str | None = None
    placeholders: tuple[str, ...] = Field(default=(), strict=False)
    date_format: Annotated[str, Field(pattern=r"^(%[YymdbBHMS]|[-/. :T])+$")] = "%Y-%m-%d"
    one_id_a_child: bool = True


class Block(Declared):
    """Which pairs are tried: those whose keys all agree. A key is a part, one aspect of it, or two that cross."""

    on: tuple[str, ...] = Field(min_length=1, strict=False)

    @model_validator(mode="after")
    def _readable(self) -> Self:
        sides = [key.split("=") for key in self.on]
        if not all(len(both) <= 2 and all(_KEY.fullmatch(side.strip()) for side in both) for both in sides):
            raise ValueError(
                'a key is a part ("surname"), an aspect of one ("surname.sound"), or two that cross ("a=b")'
            )
        return self

    @cached_property
    def keys(self) -> tuple[tuple["Key", "Key"], ...]:
        """What is asked of the left and of the right record, for each key."""
        sides = [[Key.read(side) for side in key.split("=")] for key in self.on]
        return tuple((side[0], side[-1]) for side in sides)


class Key(Declared):
    """A part of an identity, or one aspect of it."""

    part: str
    aspect: str | None = None

    @classmethod
    def read(cls, text: str) -> "Key":
        """Read `part` or `part.aspect`."""
        found = _KEY.fullmatch(text.strip())
        if found is None:
            raise ValueError("not a key")
        return cls(part=found[1], aspect=found[2])

    @property
    def column(self) -> str:
        """The column of the prepared people that holds it."""
        return self.part if self.aspect is None else f"{self.part}__{self.aspect}"


class Places(Declared):
    """A look-up by postcode, and the columns of it that a source's rows gain in place of their postcode."""

    file: Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*\.(csv|parquet)$")]
    key: str = Field(min_length=1)
    source: Name
    postcode: str = Field(min_length=1)
    columns: tuple[Name, ...] = Field(min_length=1, strict=False)


class OlderSiblings(Declared):
    """A source worked out from family keys: of every older child of the family, whether an outcome did not happen."""

    source: Name
    outcome: Name
    not_happened: Name


class Linkage(Declared):
    """
    How records are linked.

    A pair is one child at `threshold` or above; pairs from `review` up to the threshold, and those that one child an id
    forbids, are laid before a person. `missed_match_margin` is the gap in recall between groups that is agreed.
    """

    backend: Literal["duckdb", "spark"] = "duckdb"
    threshold: float = Field(default=0.9, gt=0.5, lt=1)
    review: float = Field(default=0.05, gt=0, lt=1)
    missed_match_margin: float = Field(default=0.03, gt=0, lt=1)
    parts: tuple[Part, ...] = Field(alias="part", min_length=1, strict=False)
    agencies: tuple[Agency, ...] = Field(alias="agency", min_length=1, max_length=60, strict=False)
    blocks: tuple[Block, ...] = Field(alias="block", default=(), strict=False)
    birth_month: Pointer | None = None
    places: Places | None = None
    older_siblings: OlderSiblings | None = None

    @model_validator(mode="after")
    def _review_below(self) -> Self:
        if self.review >= self.threshold:
            raise ValueError("review must lie below the threshold")
        return self

    def part(self, name: str) -> Part:
        """The part of that name."""
        return next(part for part in self.parts if part.name == name)

    @cached_property
    def tried(self) -> tuple[Block, ...]:
        """The blocks declared, or where there are none, those that suit the kinds of the parts."""
        return self.blocks or usual_blocks(self.parts)

    @cached_property
    def agency_of(self) -> dict[str, Agency]:
        """The agency of each source that is linked."""
        return {source: agency for agency in self.agencies for source in agency.sources}


def usual_blocks(parts: tuple[Part, ...]) -> tuple[Block, ...]:
    """
    Return the pairs that are usually tried: those with a number in common, and those with enough of the rest.

    A date of birth with the sound of a name, a postcode or an address; the sounds of two names with most of a date (a
    wrong day or month), a postcode or an address; and two names in each other's place.
    """
    of = {kind: [part.name for part in parts if part.kind == kind] for kind in ASPECTS}
    names, dates, places = of["name"], of["date"], of["postcode"] + of["text"]
    found: list[tuple[str, ...]] = [(number,) for kind in NUMBERS for number in of[kind]]
    found += [(date, f"{name}.sound") for date in dates for name in names]
    found += [(date, place) for date in dates for place in places]
    both = tuple(f"{name}.sound" for name in names[:2])
    if len(both) == 2:
        first, second = both
        found += [(f"{date}.{one}", f"{date}.{other}", *both) for date in dates for one, other in _TWO_OF_A_DATE]
        found += [(place, *both) for place in places]
        found += [(date, f"{first}={second}") for date in dates]
    return tuple(Block(on=keys) for keys in found)


_TWO_OF_A_DATE = (("year", "month"), ("year", "day"), ("month", "day"))
