"""
Opens a matrix: a row for each child and landmark, a column for each feature.

Beside the features stand `subject`, `landmark`, `area` and `not_known_sources`: the sources of which nothing at all is
known, not even that they cover the day. Where that is not told, those are meant of which no feature is known.
"""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from models.contract import Contract
from models.errors import BadInput, Problem
from service.batch.parquet import columns

SUBJECT, LANDMARK, AREA, NOT_KNOWN = "subject", "landmark", "area", "not_known_sources"
_TYPES = "Write features as doubles; subject, landmark and area as text; not_known_sources as lists of text."


class MatrixFile:
    """A matrix of one contract's features; `names` are the columns that say whom, or which area, a row is of."""

    def __init__(self, path: Path, contract: Contract, names: tuple[str, ...]) -> None:
        """Raises BadInput when there is no such file, or its columns are not those of a matrix."""
        self._path = path
        if not path.is_file():
            raise BadInput(f"there is no file {path.name}")
        try:
            # Without a buffer a whole row group would be read at once, however large its writer made it.
            self._file = pq.ParquetFile(path, buffer_size=2**16, pre_buffer=False)
        except (OSError, pa.ArrowException):
            raise self._unreadable() from None
        self._needed = (LANDMARK, *names)
        self._held = dict.fromkeys(self._needed, columns.is_text) | {NOT_KNOWN: columns.is_texts}
        self._held |= {feature.name: columns.is_number for feature in contract.features}
        problems = tuple(self._problems(self._file.schema_arrow))
        if problems:
            raise BadInput(f"{path.name} is not a matrix of this contract", problems)

    def batches(self, most: int) -> Iterator[pa.RecordBatch]:
        """Yield the rows in their order, at most so many at a time; raises BadInput when they cannot be read."""
        wanted = [name for name in self._file.schema_arrow.names if name in self._held]
        try:
            yield from self._file.iter_batches(most, columns=wanted)
        except (OSError, pa.ArrowException):
            raise self._unreadable() from None

    def _unreadable(self) -> BadInput:
        return BadInput(f"{self._path.name} cannot be read as Parquet")

    def _problems(self, schema: pa.Schema) -> Iterator[Problem]:
        for needed in self._needed:
            if needed not in schema.names:
                yield Problem(self._path.name, f'has no column "{needed}"', "Add it.")
        for column in schema:
            if column.name not in self._held and column.name not in {SUBJECT, AREA}:
                what, remedy = "is no feature of the contract", "Take it out, or call it as the contract does."
            elif schema.names.count(column.name) > 1:
                what, remedy = "stands there twice", "Take one out."
            elif column.name in self._held and not self._held[column.name](column.type):
                what, remedy = "is of another type", _TYPES
            else:
                continue
            yield Problem(self._path.name, f'column "{column.name:.80}" {what}', remedy)
