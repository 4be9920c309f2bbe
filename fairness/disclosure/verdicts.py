"""
Which verdicts may be told: one from which a small count could be worked out is not.

A verdict is withheld where fewer than three numbers that a small count could be agree with it (`agreeing`). What the others say
of counts is then put to all equations together, and where a small count comes out all the same, less is told (`clues`).

The verdicts of AUC and calibration are all told: they are reached with ten of either kind, and by no small count.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairness.audited import NOT_JUDGED, VERDICTS, Figures, HeadAudit
from fairness.disclosure import judged
from fairness.disclosure.agreeing import BEYOND, Cells, too_telling
from fairness.disclosure.clues import Clue, withhold_together
from fairness.disclosure.recovered import PARTS, POSSIBLE, Equations, every_tally
from fairness.disclosure.shares import told_effect
from fairness.disclosure.tallies import EVERYONE, Block
from fairness.disclosure.telling import Telling
from fairness.engine.judging import margin_of
from fairness.policy.policy import Policy
from fairness.verdicts import Verdict
from models.small_numbers import FEWEST

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]

# Numbers that are tried, from the least on: a count told in fives could be ten.
_TRIED = 12
_TINY = 1e-6
_CANNOT_TELL = VERDICTS.index(Verdict.CANNOT_TELL)


@dataclass(frozen=True, slots=True, eq=False)
class Verdicts:
    """`told` has each share's verdicts, NOT_JUDGED where none is told, and `beyond` (lines, lists each), everyone's line first."""

    told: Mapping[str, Integers]
    beyond: Flags

    def of(self, block: Block, figures: Mapping[str, Figures]) -> dict[str, Integers]:
        """Return the verdicts of a block's groups, those of measures that are no share as they are."""
        return {
            name: self.told[name][list(block.lines)] if name in self.told else exact.verdict
            for name, exact in figures.items()
        }


def verdicts(head: HeadAudit, policy: Policy, how: Telling) -> Verdicts:
    """Return which verdicts are told of a landmark and outcome whose counts are told so."""
    return _Telling(head, policy, how).verdicts()


class _Telling:
    def __init__(self, head: HeadAudit, policy: Policy, how: Telling) -> None:
        self._head, self._policy, self._how = head, policy, how
        of = how.tallies
        self._exact = every_tally(of.n, of.events, of.flagged, of.found)
        self._bounds = how.bounds()
        self._bounds.narrow(Equations.of(of.sums, len(of.n)))
        self._whole = bool(np.array_equal(self._exact, np.round(self._exact)))
        self._single = np.arange(1, 1 + sum(len(block.lines) for block in of.blocks))
        self._primary = judged.name_of(policy)

    def verdicts(self) -> Verdicts:
        """Return what is told."""
        said = {measure: self._said(measure) for measure in PARTS if margin_of(self._policy, measure) is not None}
        hidden = {measure: np.zeros(each.shape, dtype=np.bool_) for measure, each in said.items()}
        clues = [clue for measure, each in said.items() for clue in self._clues(measure, each)]
        for clue in clues:
            hidden[clue.measure][clue.line, clue.list] |= clue.kept
        withhold_together(clues, hidden, self._how.tallies, self._bounds)
        primary = said[self._primary]
        beyond = (primary == BEYOND) & ~hidden[self._primary]
        told = {}
        for measure, each in said.items():
            # Who is too few is judged by no count: that nothing can be told stands, and only how far off they are is withheld.
            few = (each >= 0) & ~self._judged(measure)
            told[measure] = np.where(few, _CANNOT_TELL, np.where(hidden[measure], NOT_JUDGED, each))
            told[measure][EVERYONE] = NOT_JUDGED
        return Verdicts(told, beyond)

    def _of(self, measure: str, name: str) -> Floats:
        """Return an array of a measure's figures, (lines, lists); of lines that are no group NaN."""
        exact = self._exact[0]
        found = np.full(exact.shape, np.nan)
        found[self._single] = np.concatenate([getattr(each.figures[measure], name) for each in self._head.grouped])
        return found

    def _judged(self, measure: str) -> Flags:
        """Return where a group and everyone else reach the floors."""
        return np.asarray(self._of(measure, "enough") == 1)

    def _said(self, measure: str) -> Integers:
        """Return what there is to say of each line at each list."""
        said = np.nan_to_num(self._of(measure, "verdict"), nan=NOT_JUDGED).astype(np.int64)
        if measure == self._primary:
            each = [judged.beyond(block.grouped, self._policy) for block in self._how.tallies.blocks]
            beyond = np.zeros(said.shape, dtype=np.bool_)
            beyond[self._single] = np.concatenate(each)
            said[beyond & self._few()] = BEYOND
        return said

    def _clues(self, measure: str, said: Integers) -> Iterator[Clue]:
        """Yield what a measure's verdicts tell of its hits and of its misses."""
        hits, misses, whole = PARTS[measure]
        enough = self._judged(measure)
        asked = enough & (said >= 0) if measure != self._primary else (enough & (said >= 0)) | self._few()
        asked &= ~np.isnan(self._of(measure, "gap_low")) & (self._of(measure, "bootstrap") == 0)
        line, at = np.nonzero(asked)
        cells = Cells(
            least=np.maximum(np.ceil(self._bounds.low[whole, line, at] - _TINY), FEWEST),
            most=np.floor(self._bounds.high[whole, line, at] + _TINY),
            all_hits=self._exact[hits, EVERYONE, at],
            all_n=self._exact[whole, EVERYONE, at],
            effect=told_effect(self._of(measure, "effect")[line, at]),
            rest_effect=told_effect(self._of(measure, "rest_effect")[line, at]),
            judged=enough[line, at],
        )
        margin = margin_of(self._policy, measure) or 0.0
        for tally in (hits, misses):
            yield self._clue(measure, tally, (line, at), cells, said[line, at], margin)

    def _clue(
        self, measure: str, tally: int, where: tuple[Integers, Integers], cells: Cells, said: Integers, margin: float
    ) -> Clue:
        low, high = (each[tally][where] for each in (self._bounds.low, self._bounds.high))
        counts = np.ceil(low - _TINY)[:, None] + np.arange(_TRIED + 1.0)
        could = cells.said(counts, margin, misses=tally == PARTS[measure][1])
        could &= (counts <= high[:, None] + _TINY)[..., None]
        kept = np.take_along_axis(too_telling(could, counts), said[:, None], axis=1)[:, 0]
        # A whole of fewer than three, or of few in all, is nobody's to hide by parts.
        kept &= (could.any(axis=2).sum(axis=1) >= POSSIBLE) & (self._exact[tally, EVERYONE, where[1]] >= FEWEST)
        agree = np.take_along_axis(could, said[:, None, None], axis=2)[..., 0]
        some, slack = agree.any(axis=1), 0.0 if self._whole else 0.5
        least = np.where(some, np.where(agree, counts, np.inf).min(axis=1) - slack, low)
        # Of what is more than was tried nothing is known: a gap may be as large the other way about.
        tried = some & (counts[:, -1] >= high - _TINY)
        most = np.where(tried, np.where(agree, counts, -np.inf).max(axis=1) + slack, high)
        narrows = (least > low) | (most < high)
        return Clue(measure, tally, *where, kept, narrows, np.maximum(least, low), np.minimum(most, high))

    def _few(self) -> Flags:
        """Return where a group, and not only everyone else, is too few to be judged and its figure is told all the same."""
        each = [judged.too_few(block.grouped, self._policy) for block in self._how.tallies.blocks]
        _, events, flagged, found = self._how.counts()
        whole = events[:, None] if self._primary == "recall" else flagged
        few = (whole >= FEWEST) & ~np.isnan(found)
        few[self._single] &= np.concatenate(each)
        few[EVERYONE] = False
        few[1 + len(self._single) :] = False
        return few
