"""
Reads the child records that are to be loaded: JSON lines, the first of which says what the others are made by.

They come from `training.child_lines`, perhaps made elsewhere and carried here, so every line is checked: a value that
only came up when a child is asked about would be found too late.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, with_config
from pydantic_core import to_json
from typing_extensions import TypedDict  # pydantic cannot read that of `typing` before Python 3.12

from models.contract import Contract
from models.errors import DataError, Problem
from models.exact import MAX_ROWS
from models.identifiers import is_identifier
from models.record import MAX_AGE, MIN_AGE
from models.record_form import record_form
from service.answers.kept_record import FORMAT as KEPT_FORMAT

_REFERENCE = re.compile(r"[A-Za-z0-9._:-]{1,64}")
# No child's line comes near to this; it keeps a file that is something else from filling the memory.
MOST_BYTES = 8 * 2**20
# Two hundred years of four weeks.
_Period = Annotated[int, Field(ge=0, le=2608)]
_Age = Annotated[int, Field(ge=MIN_AGE, le=MAX_AGE)]
_Event = tuple[_Age, _Age, dict[str, int | str | None]]
_Span = tuple[_Age, _Age, _Age]


class Made(BaseModel):
    """The first line: what the records are made by, and the day on which the agencies made the extracts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1]
    form: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    extracted: datetime.date


@with_config(extra="forbid", strict=True)
class _Line(TypedDict):
    child: str
    period: _Period
    events: dict[str, Annotated[list[_Event], Field(max_length=MAX_ROWS)]]
    coverage: dict[str, list[_Span]]
    links: dict[str, Annotated[float, Field(gt=0, le=1)]]


@dataclass(frozen=True, slots=True)
class Line:
    """One child: the reference, the number of the period it was born in, and its record as `kept_record` keeps one."""

    child: str
    period: int
    record: bytes


class ChildLines:
    """A file of child records that keeps a contract."""

    def __init__(self, file: BinaryIO, name: str, contract: Contract) -> None:
        """Read the first line; raises DataError when it is none, or the records are of another form than the contract's."""
        self._file, self._name = file, name
        try:
            self.made = Made.model_validate_json(file.readline(MOST_BYTES))
        except ValidationError:
            raise _refusal(name, 1, "not the first line of child records", "Write the file again.") from None
        if self.made.form != record_form(contract):
            remedy = "Write the file again by the contract that is to be asked."
            raise _refusal(name, 1, "the records are not of the form that the contract has", remedy)
        self._columns = contract.feature_columns
        self._covered = frozenset(contract.proven_by)

    def __iter__(self) -> Iterator[Line | str]:
        """Yield each child, or why it is set aside; raises DataError naming a line that is no child's record."""
        number = 1
        while line := self._file.readline(MOST_BYTES):
            number += 1
            found = self._read(line)
            if found is None:
                raise _refusal(self._name, number, "not a child's record", "Write the file again.")
            yield found

    def _read(self, line: bytes) -> Line | str | None:
        try:
            told = _ADAPTER.validate_json(line)
        except ValidationError:
            return None
        if not self._keeps_contract(told):
            return None
        if not _REFERENCE.fullmatch(told["child"]):
            return "no_reference"
        if is_identifier(told["child"]):
            return "reference_is_an_identifier"
        kept = {"format": KEPT_FORMAT} | {name: told[name] for name in ("events", "coverage", "links")}
        return Line(told["child"], told["period"], to_json(kept))

    def _keeps_contract(self, told: Any) -> bool:
        """Whether only what the contract names is told, and nothing was known before it happened or ended before it began."""
        events, coverage, links = told["events"], told["coverage"], told["links"]
        return (
            events.keys() <= self._columns.keys()
            and coverage.keys() <= self._covered
            and links.keys() <= self._columns.keys()
            and all(
                happened <= known and values.keys() <= self._columns[source]
                for source, found in events.items()
                for happened, known, values in found
            )
        )


_ADAPTER = TypeAdapter(_Line)


def open_lines(path: Path) -> BinaryIO:
    """Open a file of child records; raises DataError when it cannot be read."""
    try:
        return path.open("rb")
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror}") from None


def _refusal(name: str, line: int, what: str, remedy: str) -> DataError:
    return DataError("the child records cannot be loaded", (Problem(f"{name}, line {line}", what, remedy),))
