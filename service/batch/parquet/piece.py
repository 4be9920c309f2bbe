"""A piece of a matrix as numbers, landmark by landmark, and the rows of it that cannot be scored."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from models.batch import Bools
from models.contract import Contract
from models.errors import BadInput, Problem
from models.estimator import Floats
from models.feature import Landmark
from models.withdrawal import Asked
from service.batch.parquet import columns
from service.batch.parquet.matrix_file import LANDMARK, NOT_KNOWN, SUBJECT

_NOBODY = pa.array([], pa.string())


@dataclass(frozen=True, slots=True)
class Rows:
    """
    Rows of one landmark; `places` is where in the piece they stand, `names` the subject, or the area, of each.

    `matrix` (n, features) has the landmark's features in the contract's order, `covered` (n, sources) says which of the
    sources that they ask (in the order of `Asked`) are proven to cover the day. Of those not `available` no score is given.
    """

    landmark: Landmark
    places: NDArray[np.int64]
    names: pa.Array
    matrix: Floats
    covered: Bools
    available: Bools


@dataclass(slots=True)
class Piece:
    """Rows by landmark; and of each row that cannot be scored, by its place in the piece, the reason and the column."""

    rows: list[Rows] = field(default_factory=list)
    faults: dict[int, tuple[str, str]] = field(default_factory=dict)

    def mark(self, places: NDArray[np.int64], reason: str, column: str) -> None:
        """Add rows that cannot be scored; what was found of a row first stays."""
        for place in places.tolist():
            self.faults.setdefault(place, (reason, column))


class PieceReader:
    """Reads pieces of one file's matrix; `name` is the column that says whom, or which area, a row is of."""

    def __init__(self, contract: Contract, name: str, excluded: frozenset[str]) -> None:
        self._landmarks, self._name = contract.landmarks, name
        self._excluded = pa.array(sorted(excluded), pa.string())
        self._features = {at.name: [f.name for f in contract.features_at(at)] for at in contract.landmarks}
        self._asked = {at.name: Asked(contract, at).columns for at in contract.landmarks}
        self._sources = [source.name for source in contract.feature_sources]
        self._order = {at: [self._sources.index(name) for name in asked] for at, asked in self._asked.items()}

    def read(self, batch: pa.RecordBatch) -> Piece:
        """Return the piece; raises BadInput when it has not the columns of all the features of its landmarks."""
        piece = Piece()
        names = columns.texts(batch[self._name])
        for reason, wrong in _wrong(self._name, names).items():
            piece.mark(np.flatnonzero(wrong), reason, self._name)
        named = self._named(batch, piece)
        found = [self._rows(batch, at, places, named, piece) for at, places in self._by_landmark(batch, piece)]
        bad = np.zeros(len(batch), dtype=np.bool_)
        bad[list(piece.faults)] = True
        piece.rows = [_kept(rows, ~bad[rows.places], names) for rows in found]
        return piece

    def _by_landmark(self, batch: pa.RecordBatch, piece: Piece) -> list[tuple[Landmark, NDArray[np.int64]]]:
        at = columns.places(columns.texts(batch[LANDMARK]), [landmark.name for landmark in self._landmarks])
        piece.mark(np.flatnonzero(at < 0), "unknown-landmark", LANDMARK)
        return [(self._landmarks[k], np.flatnonzero(at == k)) for k in np.unique(at[at >= 0]).tolist()]

    def _rows(
        self,
        batch: pa.RecordBatch,
        landmark: Landmark,
        places: NDArray[np.int64],
        named: NDArray[np.int8],
        piece: Piece,
    ) -> Rows:
        """Return every row of a landmark, those that cannot be scored too; their names are still to be filled in."""
        matrix = self._matrix(batch, landmark, places, piece)
        asked = named[places][:, self._order[landmark.name]]
        for source, columns_of in enumerate(self._asked[landmark.name].values()):
            contradicted = (asked[:, source] == 1) & ~np.isnan(matrix[:, columns_of]).all(axis=1)
            piece.mark(places[contradicted], "source-has-values", NOT_KNOWN)
        return Rows(landmark, places, _NOBODY, matrix, np.equal(asked, 0), self._available(batch)[places])

    def _available(self, batch: pa.RecordBatch) -> Bools:
        if not len(self._excluded):
            return np.ones(len(batch), dtype=np.bool_)
        return ~columns.among(columns.texts(batch[SUBJECT]), self._excluded)

    def _named(self, batch: pa.RecordBatch, piece: Piece) -> NDArray[np.int8]:
        """Return for each row and source whether it is named as not known: 1, 0, or -1 where the row does not tell."""
        if NOT_KNOWN not in batch.schema.names:
            return np.full((len(batch), len(self._sources)), -1, dtype=np.int8)
        named, strange, untold = columns.listed(batch[NOT_KNOWN], self._sources)
        piece.mark(np.flatnonzero(strange), "unknown-source", NOT_KNOWN)
        return np.where(untold[:, np.newaxis], -1, named).astype(np.int8)

    def _matrix(self, batch: pa.RecordBatch, landmark: Landmark, places: NDArray[np.int64], piece: Piece) -> Floats:
        features = self._features[landmark.name]
        absent = [name for name in features if name not in batch.schema.names]
        if absent:
            problems = tuple(Problem("matrix", f'has no column "{name}"', "Add it.") for name in absent)
            raise BadInput(f"the matrix lacks features that are asked at {landmark.label}", problems)
        matrix = np.column_stack([columns.numbers(batch[name])[places] for name in features])
        for column, name in enumerate(features):
            piece.mark(places[np.isinf(matrix[:, column])], "not-finite", name)
        return matrix


def _kept(rows: Rows, kept: Bools, names: pa.Array) -> Rows:
    places = rows.places[kept]
    who = names.take(pa.array(places))
    return Rows(rows.landmark, places, who, rows.matrix[kept], rows.covered[kept], rows.available[kept])


def _wrong(name: str, column: pa.Array) -> dict[str, Bools]:
    return columns.wrong_subjects(column) if name == SUBJECT else columns.wrong_areas(column)
