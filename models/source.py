"""What a contract says of one source: where it comes from, when a fact happened and became known, and its columns."""

import datetime
import re
from decimal import Decimal
from fnmatch import fnmatchcase
from fractions import Fraction
from functools import cached_property
from math import ceil, floor
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from models.declared import Declared, Name, Number, Words
from models.derivation import Below, CountBelow, CountEqual, DaysBetween, Derived, Difference
from models.exact import Step

# What every event carries besides its own columns: filters and takes may name these.
EVENT_COLUMNS = ("age", "days_before")
RESERVED_NAMES = frozenset({*EVENT_COLUMNS, "child", "happened", "known", "coverage"})

# Audit-only by law and by design: never a feature (a board minute in a plan is the only way round, and not here yet).
PROTECTED = Literal["sex", "ethnicity", "language", "religion", "disability", "sen"]
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
# Instead of a date format: cells hold ages in days, as linked extracts do.
AGES = "age"
ROLES = Literal["feature", "audit", "outcome", "identifier", "cluster", "site", "weight", "intervention"]


class Gateway(Declared):
    """The lawful gateway through which a source may be used."""

    name: Words
    purposes: tuple[Name, ...] = Field(min_length=1, strict=False)
    expires: datetime.date


class Timing(Declared):
    """When: a column of ages in days, a column of dates, one age for all, or (known only) a lag after it happened."""

    age: str | None = None
    date: str | None = None
    constant: int | None = None
    lag_days: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if sum(given is not None for given in (self.age, self.date, self.constant, self.lag_days)) != 1:
            raise ValueError("give exactly one of age, date, constant or lag_days")
        return self

    @property
    def file_column(self) -> str | None:
        """The column of the extract that is read for it, if any."""
        return self.age if self.age is not None else self.date


class Feed(Declared):
    """A feed that is complete between two dates."""

    start: datetime.date = Field(alias="from")
    end: datetime.date = Field(alias="to")


class Residence(Declared):
    """Residence spells: rows of another source, each from when it happened until the age or date in a column."""

    source: Name
    until: Name


class Coverage(Declared):
    """What proves that no row means nothing happened: a dated feed, a span of ages, or residence."""

    feed: Feed | None = None
    ages: tuple[int, int] | None = Field(default=None, strict=False)
    residence: Residence | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if sum(given is not None for given in (self.feed, self.ages, self.residence)) != 1:
            raise ValueError("give exactly one of feed, ages or residence")
        return self


class Column(Declared):
    """One column of an extract."""

    name: Name
    type: Literal["integer", "number", "code", "flag", "date", "key"]
    label: Words | None = None
    units: Words | None = None
    step: str = "1"
    range: tuple[Number, Number] | None = Field(default=None, strict=False)
    codes: Annotated[tuple[str, ...], Field(strict=False)] | dict[str, str | int] | None = None
    missing: tuple[str, ...] = Field(default=(), strict=False)
    missing_below: Number | None = None
    tie: Literal["max", "min", "not_known"] = "not_known"
    roles: tuple[ROLES, ...] = Field(default=("feature",), min_length=1, strict=False)
    characteristic: PROTECTED | None = None
    proxy: Words | None = None

    @model_validator(mode="after")
    def _says_enough(self) -> Self:
        Step.parse(self.step)
        if self.step != "1" and self.type != "number":
            raise ValueError('only a column of type "number" has a step')
        if self.type == "code" and not self.codes:
            raise ValueError("a code column lists its codes")
        if self.codes and self.type in {"number", "date", "key"}:
            raise ValueError(f'a column of type "{self.type}" has no codes')
        if self.type == "key" and "feature" in self.roles:
            raise ValueError('a key (of a family, a setting) is never a feature: give it the role "cluster" or "site"')
        self._check_code_values()
        if self.range and self.range[0] > self.range[1]:
            raise ValueError("the range starts above its end")
        if "feature" in self.roles and self.characteristic:
            raise ValueError(f"{self.characteristic} is audited, never a feature: leave role feature out")
        if "feature" in self.roles and self.proxy:
            raise ValueError("a column marked as a proxy may not be a feature: leave role feature out")
        return self

    def _check_code_values(self) -> None:
        wanted = str if self.type == "code" else int
        if not all(type(value) is wanted for value in self.code_map.values()):
            raise ValueError(
                f"the codes of a {self.type} column map to {'words' if wanted is str else 'whole numbers'}"
            )
        if self.type == "flag" and not set(self.code_map.values()) <= {0, 1}:
            raise ValueError("the codes of a flag column map to 0 or 1")
        low, high = self.bounds
        if self.type == "integer" and not all(low <= int(value) <= high for value in self.code_map.values()):
            raise ValueError("the codes of a column map to numbers in its range")

    @cached_property
    def code_map(self) -> dict[str, str | int]:
        """From the code as written in an extract to the value it stands for."""
        if isinstance(self.codes, dict):
            return self.codes
        return {code: code for code in self.codes or ()}

    @cached_property
    def grid(self) -> Step:
        """The step its numbers are whole counts of."""
        return Step.parse(self.step)

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers (dates are ages in days)."""
        return self.type not in {"code", "key"}

    @cached_property
    def bounds(self) -> tuple[int, int]:
        """The smallest and largest count of steps it may hold, after its declared range (rounded inwards)."""
        limit = self.grid.max_units
        if self.type == "flag":
            return 0, 1
        if self.range is None:
            return -limit, limit
        low, high = (
            Fraction(str(bound)) / Fraction(self.grid.numerator, self.grid.denominator) for bound in self.range
        )
        return max(-limit, ceil(low)), min(limit, floor(high))

    def read(self, raw: object) -> int | str | None:
        """
        Return the exact value of one cell given as a typed value: units of the step, a code, or None when not known.

        Raises ValueError with a reason code (`unknown_code`, `not_a_number`, `off_step`, `out_of_range`), never the value.
        """
        if raw is None or raw in self._missing_values:
            return None
        if isinstance(raw, str) or self.type == "code":
            return self._read_code(raw)
        return self._read_number(raw)

    @cached_property
    def _missing_values(self) -> tuple[str | Decimal, ...]:
        """The missing codes as texts, and as the numbers they are where the column holds numbers (999 is 999.0)."""
        return *self.missing, *(self.missing_numbers if self.numeric else ())

    @cached_property
    def missing_numbers(self) -> tuple[Decimal, ...]:
        """The missing codes that are numbers."""
        return tuple(Decimal(code) for code in self.missing if _NUMBER.fullmatch(code))

    def written(self, exact: int | str) -> float | str:
        """Return an exact value as a request gives it: the inverse of `read`."""
        coded = next((code for code, value in self.code_map.items() if value == exact), None)
        if coded is not None or isinstance(exact, str):
            return coded if coded is not None else exact
        if self.type == "flag":
            return bool(exact)
        return self.grid.value(exact) if self.type == "number" else exact

    def _read_code(self, raw: object) -> int | str:
        if isinstance(raw, str) and raw in self.code_map:
            return self.code_map[raw]
        raise ValueError("unknown_code")

    def _read_number(self, raw: object) -> int | None:
        if isinstance(raw, bool) and self.type == "flag":
            return int(raw)
        if isinstance(raw, bool) or not isinstance(raw, int | float):
            raise ValueError("not_a_number")  # noqa: TRY004 (a reason code, like the others)
        if self.missing_below is not None and raw < self.missing_below:
            return None
        units = self.grid.units(raw)
        low, high = self.bounds
        if not low <= units <= high:
            raise ValueError("out_of_range")
        if self.code_map and units not in self.code_map.values():
            raise ValueError("unknown_code")
        return units


class Source(Declared):
    """One agency's extract."""

    name: Name
    label: Words
    agency: Words
    gateway: Gateway
    file: Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*\.(csv|parquet)$")]
    child: str = Field(min_length=1)
    rows: Literal["one", "many"]
    happened: Timing
    known: Timing
    absence: Literal["none", "not_known"]
    coverage: Coverage | None = None
    date_format: str = "%Y-%m-%d"
    columns: tuple[Column, ...] = Field(alias="column", strict=False)
    derived: tuple[Derived, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.happened.lag_days is not None:
            raise ValueError("happened cannot be a lag: only known may follow what happened")
        if (self.absence == "none") != (self.coverage is not None):
            raise ValueError('absence = "none" needs a coverage that proves it; "not_known" has none')
        return self

    def column(self, name: str) -> Column | None:
        """The column of that name, if the extract has one."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    def matching(self, patterns: tuple[str, ...]) -> tuple[Column, ...]:
        """The columns that any of the patterns names, in the order they are declared."""
        return tuple(c for c in self.columns if any(fnmatchcase(c.name, pattern) for pattern in patterns))

    def inputs(self, derived: Derived) -> tuple[Column, ...]:
        """The columns a derived column is made of; unknown names are left out (the contract check names them)."""
        match derived:
            case Below(column=name):
                wanted: tuple[str, ...] = (name,)
            case CountBelow(by=by, cuts=cuts):
                wanted = (by, *cuts)
            case CountEqual(columns=patterns):
                return self.matching(patterns)
            case Difference(column=first, minus=second):
                wanted = (first, second)
            case DaysBetween(start=first, end=second):
                wanted = (first, second)
        return tuple(column for name in wanted if (column := self.column(name)))
