"""Scores a matrix in Parquet: child by child with reasons, or counted by area with no child in sight."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from models.batch import REFUSALS, SCORED, Batch, BatchScorer
from models.errors import BadInput
from models.private_file import written_whole
from service.batch.areas import NOT_KNOWN, AreaCounts
from service.batch.parquet.answer_file import AnswerFile
from service.batch.parquet.area_file import write_areas
from service.batch.parquet.matrix_file import AREA, SUBJECT, MatrixFile
from service.batch.parquet.piece import Piece, PieceReader, Rows
from service.batch.tally import Progress, Say, SetAside, Tally
from service.live import Live

# So many rows are held at once; with some dozens of features and terms, that is a few tens of megabytes.
ROWS_AT_ONCE = 20_000

Answered = list[tuple[Rows, Batch]]


@dataclass(frozen=True, slots=True)
class MatrixScored:
    """A matrix to score by what is live, `most` rows at a time, where `say` tells of progress."""

    live: Live
    path: Path
    say: Say
    most: int = ROWS_AT_ONCE

    def children(self, out: Path) -> Tally:
        """
        Write a row of `out` for each row of the matrix and outcome; rows that cannot be scored are set aside.

        Raises BadInput when there is no such file, when it is no matrix of the bundle's contract, when something is at
        `out` already, or when every row is set aside; nothing is left then.
        """
        tally = Tally()
        with written_whole(out) as file, SetAside(out, tally) as aside:
            with closing(AnswerFile(file, self.live.bundle)) as answers:
                for answered in self._answered(SUBJECT, tally, aside):
                    answers.write(answered)
            tally.check(self.path)
        return tally

    def areas(self, out: Path) -> Tally:
        """Write expected numbers of children by area, as Parquet or, if `out` ends so, CSV; raises as `children` does."""
        tally, counts = Tally(), AreaCounts()
        with written_whole(out) as file, SetAside(out, tally) as aside:
            for answered in self._answered(AREA, tally, aside):
                for rows, batch in answered:
                    named = rows.names.fill_null(NOT_KNOWN).dictionary_encode()
                    counts.add(batch, named.dictionary.to_pylist(), named.indices.to_numpy())
            tally.check(self.path)
            write_areas(file, out.suffix, list(counts.rows()), self.live.bundle.id)
        return tally

    def _answered(self, name: str, tally: Tally, aside: SetAside) -> Iterator[Answered]:
        contract, excluded, progress, done = self.live.bundle.contract, self.live.excluded, Progress(self.say), 0
        scorers = {at.name: BatchScorer(self.live.bundle.scorer, at) for at in contract.landmarks}
        reader = PieceReader(contract, name, excluded)
        needed = (name, SUBJECT) if excluded and name != SUBJECT else (name,)
        for read in MatrixFile(self.path, contract, needed).batches(self.most):
            # Said before the rows that follow: beside areas an exact total would tell too much.
            progress.done(done)
            piece = self._read(reader, read)
            for place, (reason, column) in sorted(piece.faults.items()):
                aside.add(done + place + 1, reason, [(column, reason)])
            answered = [(rows, _score(scorers[rows.landmark.name], rows)) for rows in piece.rows]
            for _, batch in answered:
                scored = int(np.count_nonzero(batch.refused == SCORED))
                tally.scored += scored
                tally.not_scored += len(batch.refused) - scored
            yield answered
            done += len(read)

    def _read(self, reader: PieceReader, batch: pa.RecordBatch) -> Piece:
        try:
            return reader.read(batch)
        except pa.ArrowException:
            why = "holds a text that is not UTF-8, or a whole number that no double holds"
            raise BadInput(f"{self.path.name} {why}") from None


def _score(scorer: BatchScorer, rows: Rows) -> Batch:
    """Score the rows of which a score is given; the others have the code that follows the Scorer's own."""
    batch = scorer.score(rows.matrix[rows.available], rows.covered[rows.available])
    refused = np.full(len(rows.places), len(REFUSALS))
    refused[rows.available] = batch.refused
    return replace(batch, refused=refused)
