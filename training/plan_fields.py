"""What the tables of a plan are made of."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_One = TypeVar("_One")
_Ordered = TypeVar("_Ordered", int, float)
_Table = TypeVar("_Table", bound="Part")
Share = Annotated[float, Field(gt=0, lt=1)]
Count = Annotated[int, Field(gt=0)]
# From a half to double: slopes, and observed over expected.
Around = Annotated[
    tuple[Annotated[float, Field(ge=0.5, le=1)], Annotated[float, Field(ge=1, le=2)]], Field(strict=False)
]


def _each_once(given: tuple[_One, ...]) -> tuple[_One, ...]:
    if len(set(given)) < len(given):
        raise ValueError("name each once")
    return given


def _ascending(given: tuple[_Ordered, ...]) -> tuple[_Ordered, ...]:
    if any(later <= earlier for earlier, later in pairwise(given)):
        raise ValueError("give each once, the smallest first")
    return given


EachOnce, Ascending = AfterValidator(_each_once), AfterValidator(_ascending)


class Part(BaseModel):
    """Base of the plan's tables: nothing extra, nothing coerced, no number that is none."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


def with_nothing_wrong(part: _Table, wrong: Iterator[str]) -> _Table:
    """Return the part; raises ValueError with everything that is wrong with it, not only the first."""
    if found := "; ".join(wrong):
        raise ValueError(found)
    return part
