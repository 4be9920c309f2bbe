"""What a contract says of features, landmarks, outcomes and the rest that is asked of the sources."""

import math
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from models.declared import Declared, Name, Number, Words

Value = int | float | str
# A whole number as the key of a table, where TOML writes every key as text.
Whole = Annotated[str, Field(pattern=r"^-?[0-9]+$")]
Take = Literal["latest", "first", "count", "days_since", "any", "min", "max", "mean", "sum", "distinct"]
# These ask how many rows, or when: they name no column.
TAKES_ROWS = frozenset({"count", "any", "days_since"})
# These are 0 where coverage proves that there was nothing; every other take of nothing is not known.
TAKES_ZERO = frozenset({"count", "any", "sum", "distinct"})
OPERATORS = ("is", "is_not", "in", "at_least", "at_most", "above", "below", "recorded")


class Condition(Declared):
    """One comparison of one column with a constant; a value that is not known meets no comparison but `recorded`."""

    column: Name
    equals: Value | None = Field(default=None, alias="is")
    differs: Value | None = Field(default=None, alias="is_not")
    among: tuple[Value, ...] | None = Field(default=None, alias="in", min_length=1, strict=False)
    at_least: Number | None = None
    at_most: Number | None = None
    above: Number | None = None
    below: Number | None = None
    recorded: bool | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(self._given()) != 1:
            raise ValueError(f"give exactly one of {', '.join(OPERATORS)}")
        return self

    def _given(self) -> list[tuple[str, object]]:
        values = (
            self.equals,
            self.differs,
            self.among,
            self.at_least,
            self.at_most,
            self.above,
            self.below,
            self.recorded,
        )
        return [(name, value) for name, value in zip(OPERATORS, values, strict=True) if value is not None]

    @property
    def operator(self) -> str:
        """Which comparison it is, in the contract's own word."""
        return self._given()[0][0]

    @property
    def constants(self) -> tuple[Value, ...]:
        """What it compares with."""
        given = self._given()[0][1]
        return given if isinstance(given, tuple) else (given,)


class Landmark(Declared):
    """An age at which a score is defined, and the age before which it may be asked for."""

    name: Name
    label: Words
    age: int = Field(ge=0)
    until: int

    @model_validator(mode="after")
    def _window_is_open(self) -> Self:
        if self.until <= self.age:
            raise ValueError("until must lie after age, or no day is in the window")
        return self

    def holds(self, age: int) -> bool:
        """Whether a score asked for at this age in days belongs to this landmark."""
        return self.age <= age < self.until


class Feature(Declared):
    """
    A named question asked of a snapshot.

    `labels` says values for people where the number itself says nothing ("September" for 0). `private` is of one person in
    a family, or is for people to talk through: it is told to a practitioner, and not in the text for the family.
    """

    name: Name
    label: Words
    source: Name
    take: Take
    column: Name | None = None
    where: tuple[Condition, ...] = Field(default=(), strict=False)
    landmarks: tuple[Name, ...] | None = Field(default=None, min_length=1, strict=False)
    direction: Literal["raises", "lowers", "none"] = "none"
    units: Words | None = None
    labels: dict[Whole, Words] = Field(default_factory=dict)
    raises: Words
    lowers: Words
    not_known: Words
    correctable: bool
    private: bool = False

    @model_validator(mode="after")
    def _take_has_its_column(self) -> Self:
        if (self.take in TAKES_ROWS) != (self.column is None):
            raise ValueError(f'take "{self.take}" {"names no" if self.take in TAKES_ROWS else "needs a"} column')
        return self

    def used_at(self, landmark: Landmark) -> bool:
        """Whether it may be asked at that landmark."""
        return self.landmarks is None or landmark.name in self.landmarks

    def window(self, age: int) -> tuple[int, int]:
        """
        The ages in days, both included, that its conditions on age leave open at a landmark of that age.

        Empty when the first is above the second. This is the span that coverage must prove for an honest 0.
        """
        return open_ages(self.where, age)


def open_ages(where: tuple[Condition, ...], age: int) -> tuple[int, int]:
    """Return the ages in days, both included, that conditions leave open up to an age; none where the first is above."""
    low, high = 0, age
    for condition in where:
        low, high = _narrowed(low, high, condition, age)
    return low, high


def _narrowed(low: int, high: int, condition: Condition, age: int) -> tuple[int, int]:
    if condition.column not in {"age", "days_before"} or condition.operator not in _BOUNDS:
        return low, high
    whole, is_floor = _whole_day(condition.operator, float(condition.constants[0]))
    if condition.column == "days_before":
        whole, is_floor = age - whole, not is_floor
    return (max(low, whole), high) if is_floor else (low, min(high, whole))


_BOUNDS = frozenset({"at_least", "above", "at_most", "below"})


def _whole_day(operator: str, limit: float) -> tuple[int, bool]:
    """Return the whole day that a comparison allows, and whether it is the first (or the last) allowed."""
    match operator:
        case "at_least":
            return math.ceil(limit), True
        case "above":
            return math.floor(limit) + 1, True
        case "at_most":
            return math.floor(limit), False
        case _:
            return math.ceil(limit) - 1, False


class Outcome(Declared):
    """
    What we would have wanted to see coming: yes, no or not yet known.

    `happens` completes "of 100 children, 31 ..."; `plainly` says the same to families, where that is a hard read.
    """

    name: Name
    label: Words
    happens: Words
    plainly: Words | None = None
    source: Name
    window: tuple[int, int] = Field(strict=False)
    valid: str | None = None
    take: Literal["latest", "first", "any"]
    rule: str
    definition: Annotated[str, Field(min_length=1)]
    definition_column: Name | None = None
    landmarks: tuple[Name, ...] | None = Field(default=None, min_length=1, strict=False)

    def used_at(self, landmark: Landmark) -> bool:
        """Whether it is foreseen from that landmark."""
        return self.landmarks is None or landmark.name in self.landmarks


class Rule(Declared):
    """
    An unlearned rule that a model must beat: it flags a child whose feature lies at or beyond a number.

    A feature that is not known is not flagged.
    """

    name: Name
    label: Words
    feature: Name
    at_least: Number | None = None
    at_most: Number | None = None
    landmarks: tuple[Name, ...] | None = Field(default=None, min_length=1, strict=False)

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("give exactly one of at_least, at_most")
        return self

    def used_at(self, landmark: Landmark) -> bool:
        """Whether it may be applied at that landmark."""
        return self.landmarks is None or landmark.name in self.landmarks

    def flags(self, value: float) -> bool:
        """Whether a value of its feature is flagged; NaN, which is not known, never is."""
        return (
            value >= self.at_least if self.at_least is not None else self.at_most is not None and value <= self.at_most
        )


class AuditAttribute(Declared):
    """
    A characteristic by which errors are compared; it exists only in the audit.

    `absent` names the group of a child of whom its source has no row, where that says something (not looked after).
    """

    name: Name
    label: Words
    source: Name
    column: Name
    labels: dict[str, str] = Field(default_factory=dict)
    absent: Words | None = None


class Pointer(Declared):
    """One column of one source."""

    source: Name
    column: Name


class Cohort(Declared):
    """Children born in one academic year; the month it starts in (September is 9)."""

    year_starts_month: int = Field(ge=1, le=12)


class Resident(Declared):
    """A child who came to live here less than so many days before a landmark is not scored there."""

    source: Name
    days: int = Field(ge=0)


class Scope(Declared):
    """
    Who must not be scored.

    `needs`: sources without which too little is known; `least_known_share` of the landmark's features is the other floor.
    `stale_after_days`: nothing happened, and no day was proven to be covered, in so long. `resident`: the source whose
    rows begin when the family came to live here. `least_link`: the least probability of any link the record rests on.
    `beyond_range`: a value may lie outside the range seen in training by at most this share of it (0.5: half as far
    again); within that it is taken as the nearest value seen, and said.
    """

    needs: tuple[Name, ...] = Field(default=(), strict=False)
    least_known_share: float | None = Field(default=None, gt=0, le=1)
    stale_after_days: int | None = Field(default=None, gt=0)
    resident: Resident | None = None
    least_link: float | None = Field(default=None, gt=0, le=1)
    beyond_range: float | None = Field(default=None, ge=0)

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources it asks about."""
        return (*self.needs, *((self.resident.source,) if self.resident is not None else ()))
