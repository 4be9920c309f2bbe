"""Writes explained scores as Parquet: a row for each row of the matrix and outcome, in the matrix's order."""

from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from models.band_words import BandWords
from models.bands import Banding
from models.batch import LEVELS, REFUSALS, SCORED, Batch, Bools, Scores
from models.bundle import Bundle
from models.estimator import Cells, Floats
from models.interval import LEVEL
from models.plain_words import STAMP
from service.batch.parquet.piece import Rows
from service.exclusions import NOT_AVAILABLE

_CODES, _LEVELS, _STAMP = pa.array([*REFUSALS, NOT_AVAILABLE]), pa.array(LEVELS), pa.array([STAMP])
_STATUS = pa.array(["scored", "not-scored"])
_WORD, _WORDS = pa.string(), pa.list_(pa.string())
SCHEMA = pa.schema(
    [
        *((name, _WORD) for name in ("subject", "landmark", "outcome", "status", "code")),
        *((name, pa.float64()) for name in ("probability", "low", "high")),
        ("widened", pa.bool_()),
        ("band", _WORD),
        ("band_label", _WORD),
        ("near_threshold", pa.bool_()),
        ("floor_established", pa.bool_()),
        ("reliability", _WORD),
        ("raises", _WORDS),
        ("lowers", _WORDS),
        ("stamp", _WORD),
    ]
)


class AnswerFile:
    """Writes the answers of one bundle, a piece of a matrix at a time."""

    def __init__(self, file: BinaryIO, bundle: Bundle) -> None:
        policy = bundle.scorer.policy
        self._bands, self._lifted = pa.array([band.code for band in policy.bands]), len(policy.bands)
        # What each band reads, and then what it reads where what is not known could lift the child into an earlier one.
        words, places = BandWords(policy), range(len(policy.bands))
        settled = [words.told(Banding(place, False, place, place)).label for place in places]
        self._labels = pa.array([*settled, *(words.told(Banding(place, False, 0, place)).label for place in places)])
        told = {"stamp": STAMP, "bundle": bundle.id, "interval_level": f"{LEVEL:g}, and more where it is widened"}
        told["links"] = "a matrix holds none: reliability does not know of doubtful links"
        self._schema = SCHEMA.with_metadata(told)
        self._writer = pq.ParquetWriter(file, self._schema)

    def write(self, answered: list[tuple[Rows, Batch]]) -> None:
        """Write the answers of one piece."""
        parts = [(rows.places, self._table(rows, batch, score)) for rows, batch in answered for score in batch.scores]
        table = pa.concat_tables([self._schema.empty_table(), *(part for _, part in parts)])
        if len(parts) > 1:
            order = np.argsort(np.concatenate([places for places, _ in parts]), kind="stable")
            table = table.take(pa.array(order))
        self._writer.write_table(table)

    def close(self) -> None:
        """Write the end of the file."""
        self._writer.close()

    def _table(self, rows: Rows, batch: Batch, scores: Scores) -> pa.Table:
        everyone = np.zeros(len(rows.places), dtype=np.int64)
        scored = _Scored(batch)
        terms = pa.array(["+".join(term.features) for term in scores.head.estimator.spec.terms], _WORD)
        columns = [
            rows.names,
            pa.array([rows.landmark.name]).take(pa.array(everyone)),
            pa.array([scores.head.outcome.name]).take(pa.array(everyone)),
            _STATUS.take(pa.array(scored.not_scored.astype(np.int64))),
            _CODES.take(pa.array(batch.refused, mask=batch.refused == SCORED)),
            *(scored.column(numbers) for numbers in (scores.probability, scores.low, scores.high)),
            scored.column(batch.widened),
            self._bands.take(scored.column(scores.place)),
            self._labels.take(scored.column(scores.place + self._lifted * (scores.first < scores.place))),
            scored.column(scores.near_threshold),
            scored.column(scores.first == scores.place),
            _LEVELS.take(scored.column(scores.level)),
            *(scored.lists(shown, terms) for shown in (scores.raises, scores.lowers)),
            _STAMP.take(pa.array(everyone)),
        ]
        return pa.table(columns, schema=self._schema)


class _Scored:
    """Puts what only the scored rows of a batch have into columns of all its rows, null for the others."""

    def __init__(self, batch: Batch) -> None:
        self.not_scored = batch.refused != SCORED

    def column(self, values: Floats | Cells | Bools) -> pa.Array:
        every = np.zeros(len(self.not_scored), dtype=values.dtype)
        every[~self.not_scored] = values
        return pa.array(every, mask=self.not_scored)

    def lists(self, shown: Cells, terms: pa.Array) -> pa.Array:
        ends = np.zeros(len(self.not_scored) + 1, dtype=np.int32)
        ends[1:][~self.not_scored] = (shown >= 0).sum(axis=1)
        values = terms.take(pa.array(shown[shown >= 0]))
        return pa.ListArray.from_arrays(np.cumsum(ends, dtype=np.int32), values, mask=pa.array(self.not_scored))
