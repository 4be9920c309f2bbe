"""
What can be worked out from all that is told of one landmark and outcome: bounds on every count, hidden ones too.

A reader has, beside what is told of groups, everyone's exact counts (the evaluation and the lists tell them). Every count is
narrowed by every equation it stands in until nothing changes: cells make up their margins, groups make up wholes, and a longer
list holds all of a shorter one. It is done for all lines and lists at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairness.disclosure.tallies import EVERYONE, Sum
from models.small_numbers import FEWEST

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

# A child counted is at least one of so many, or nobody is told of anything.
POSSIBLE = 3
# In this order: on the list, those of them with the outcome, without; with it and not on the list, without it and not on it, not
# on the list; all, with the outcome, without; who is on this list and on none shorter: all, with the outcome, without.
TALLIES = ("flagged", "found", "needless", "missed", "passed", "unflagged", "n", "events", "others", "new", "new_found", "new_needless")  # fmt: skip
FLAGGED, FOUND, NEEDLESS, MISSED, PASSED, UNFLAGGED, N_TALLY, EVENTS_TALLY, OTHERS, _NEW, _NEW_D, _NEW_W = range(
    len(TALLIES)
)
_F, _D, _W, _U, _V, _M = FLAGGED, FOUND, NEEDLESS, MISSED, PASSED, UNFLAGGED
_N, _E, _Q = N_TALLY, EVENTS_TALLY, OTHERS
NEW = (_NEW, _NEW_D, _NEW_W)
# Of each share: the tallies of its hits, its misses and its denominator.
PARTS = {
    "selection_rate": (FLAGGED, UNFLAGGED, N_TALLY),
    "recall": (FOUND, MISSED, EVENTS_TALLY),
    "fpr": (NEEDLESS, PASSED, OTHERS),
    "ppv": (FOUND, NEEDLESS, FLAGGED),
    "false_omission": (MISSED, PASSED, UNFLAGGED),
}
# Tallies that no list changes.
STANDING = (_N, _E, _Q)
# Each whole and its two parts.
_TRIPLES = ((_F, _D, _W), (_E, _D, _U), (_Q, _W, _V), (_N, _E, _Q), (_N, _F, _M), (_M, _U, _V), (_NEW, _NEW_D, _NEW_W))
_ROUNDS, _FEW_ROUNDS = 60, 4
# Of sums of counts that are not whole.
_TINY = 1e-6
_ONE_MORE = ((0, 0), (0, 1), (0, 0))


def every_tally(n: Floats, events: Floats, flagged: Floats, found: Floats) -> Floats:
    """Return all tallies (tallies, lines, lists) of counts: `n` and `events` (lines,), the others (lines, lists)."""
    wide = np.zeros_like(flagged)
    all_of, having = n[:, None] + wide, events[:, None] + wide
    needless, missed = flagged - found, having - found
    new, new_found = (np.diff(counts, axis=1, prepend=0.0) for counts in (flagged, found))
    return np.stack(
        [flagged, found, needless, missed, all_of - having - needless, all_of - flagged, all_of, having, all_of - having, new, new_found, new - new_found]
    )  # fmt: skip


@dataclass(slots=True, eq=False)
class Bounds:
    """What is known of every tally of every line at every list: at least `low` and at most `high`, (tallies, lines, lists)."""

    low: Floats
    high: Floats

    def narrow(self, equations: "Equations", rounds: int = _ROUNDS) -> None:
        """Narrow all bounds until nothing changes, or for so many rounds."""
        for _ in range(rounds):
            width = float((self.high - self.low).sum())
            self._within_lines()
            self._along_lists()
            self._between_lines(equations)
            if float((self.high - self.low).sum()) == width:
                return

    def out(self, equations: "Equations", exact: Floats, lines: Integers) -> Flags:
        """Narrow until a small count comes out, and no further; return which do (`pinned`)."""
        self.narrow(equations, _FEW_ROUNDS)
        found = self.pinned(exact, lines)
        if not found.any():
            self.narrow(equations)
            found = self.pinned(exact, lines)
        return found

    def pinned(self, exact: Floats, lines: Integers) -> Flags:
        """
        Return (tallies, lines, lists): where a small count of one of these lines is one of fewer than three.

        Left out are those of a tally of which everyone has fewer than ten: whom a whole of three is of cannot be hidden by parts.
        """
        own = np.zeros(exact.shape[1], dtype=np.bool_)
        own[lines] = True
        small = (exact > 0) & (exact < FEWEST) & own[None, :, None] & (exact[:, [EVERYONE]] >= FEWEST)
        return np.asarray(small & (np.floor(self.high + _TINY) - np.ceil(self.low - _TINY) + 1 < POSSIBLE))

    def _within_lines(self) -> None:
        low, high = self.low, self.high
        for whole, one, other in _TRIPLES:
            np.maximum(low[whole], low[one] + low[other], out=low[whole])
            np.minimum(high[whole], high[one] + high[other], out=high[whole])
            for this, that in ((one, other), (other, one)):
                np.maximum(low[this], low[whole] - high[that], out=low[this])
                np.minimum(high[this], high[whole] - low[that], out=high[this])

    def _along_lists(self) -> None:
        low, high = self.low, self.high
        for tally in STANDING:
            low[tally] = low[tally].max(axis=1, keepdims=True)
            high[tally] = high[tally].min(axis=1, keepdims=True)
        for tally, new in zip((_F, _D, _W), NEW, strict=True):
            before_low, before_high = np.zeros_like(low[tally]), np.zeros_like(high[tally])
            before_low[:, 1:], before_high[:, 1:] = low[tally][:, :-1], high[tally][:, :-1]
            np.maximum(low[tally], before_low + low[new], out=low[tally])
            np.minimum(high[tally], before_high + high[new], out=high[tally])
            np.maximum(low[new], low[tally] - before_high, out=low[new])
            np.minimum(high[new], high[tally] - before_low, out=high[new])
            np.maximum(low[tally][:, :-1], low[tally][:, 1:] - high[new][:, 1:], out=low[tally][:, :-1])
            np.minimum(high[tally][:, :-1], high[tally][:, 1:] - low[new][:, 1:], out=high[tally][:, :-1])

    def _between_lines(self, of: "Equations") -> None:
        low, high = self.low, self.high
        least, most = of.parts @ low, of.parts @ high
        # A part is at most what its own least leaves of the room, and at least what its own most leaves of the need.
        room, need = high[:, of.whole] - least, low[:, of.whole] - most
        room, need = np.pad(room, _ONE_MORE, constant_values=np.inf), np.pad(need, _ONE_MORE, constant_values=-np.inf)
        upper, lower = low + room[:, of.within].min(axis=2), high + need[:, of.within].max(axis=2)
        np.minimum(high, upper, out=high)
        np.maximum(low, lower, out=low)
        low[:, of.wholes] = np.maximum(low[:, of.wholes], np.maximum.reduceat(least, of.starts, axis=1))
        high[:, of.wholes] = np.minimum(high[:, of.wholes], np.minimum.reduceat(most, of.starts, axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class Equations:
    """
    Sums of lines as arrays: `parts` (sums, lines) says what they are made of, `whole` (sums,) what they make, in order.

    `wholes` are the different ones, the first sum of each at `starts`. `within` (lines, most) are the sums that a line is part
    of; where it is part of fewer, a sum that does not exist (one past the last).
    """

    parts: Floats
    whole: Integers
    wholes: Integers
    starts: Integers
    within: Integers

    @classmethod
    def of(cls, sums: Sequence[Sum], lines: int) -> "Equations":
        """Return sums of so many lines."""
        ordered = sorted(sums)
        parts = np.zeros((len(ordered), lines))
        for i, (_, members) in enumerate(ordered):
            parts[i, list(members)] = 1.0
        whole = np.array([line for line, _ in ordered], dtype=np.int64)
        wholes, starts = np.unique(whole, return_index=True)
        each = [np.flatnonzero(parts[:, line]) for line in range(lines)]
        within = np.full((lines, max(map(len, each))), len(ordered))
        for line, sums_of in enumerate(each):
            within[line, : len(sums_of)] = sums_of
        return cls(parts, whole, wholes, starts, within)
