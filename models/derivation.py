"""The kinds of columns that a contract may derive, row by row, from those of an extract: a small closed set."""

from typing import Annotated, Literal

from pydantic import Field

from models.declared import Declared, Name, Number


class Below(Declared):
    """1 where a column is below a cut-off, else 0."""

    name: Name
    kind: Literal["below"]
    column: Name
    cut: Number


class CountBelow(Declared):
    """
    How many columns are below their own cut-off, which depends on a code column; not known where none can be judged.

    `cuts` gives, for each column, the cut-off at each code of `by`, such as the cut-offs of a questionnaire at each of
    its intervals. A cut-off need not lie on the step of its column.
    """

    name: Name
    kind: Literal["count_below"]
    by: Name
    cuts: dict[Name, Annotated[dict[str, Number], Field(min_length=1)]] = Field(min_length=1)


class CountEqual(Declared):
    """How many of the columns (patterns such as "asq_*" allowed) equal one of the values; not known if all are empty."""

    name: Name
    kind: Literal["count_equal"]
    columns: tuple[str, ...] = Field(min_length=1, strict=False)
    values: tuple[int | float | str, ...] = Field(min_length=1, strict=False)


class Difference(Declared):
    """`column` minus `minus`, both of one step."""

    name: Name
    kind: Literal["difference"]
    column: Name
    minus: Name


class DaysBetween(Declared):
    """Days from one date to another."""

    name: Name
    kind: Literal["days_between"]
    start: Name = Field(alias="from")
    end: Name = Field(alias="to")


Derived = Annotated[Below | CountBelow | CountEqual | Difference | DaysBetween, Field(discriminator="kind")]
