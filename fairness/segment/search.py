"""
The search for the worst segment (M9): exploratory, and never a verdict.

A segment is the children who share up to three characteristics: groups of audit attributes, or fifths of the scores. The
families are parted at random into halves. In one half every segment is looked at, and the one of which most was left
unforeseen, for its size, is taken; whether that was chance is judged in the other half alone, at one-sided 1 %.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fairness.segment.confirm import Judged, judged, raised_to_observed
from fairness.segment.marks import Mark, marks_of
from fairness.segment.reach import LEVEL, Reach, reach
from fairness.segment.scan import Cell, scan
from models.small_numbers import FEWEST

# The draw of halves, apart from any other draw of the same seed.
_HALVES = 9

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Characteristic:
    """A group of an audit attribute; of no attribute (None), a fifth of the scores."""

    attribute: str | None
    group: str


@dataclass(frozen=True, slots=True)
class Segment:
    """
    What the search of one landmark and outcome came to, exactly; it leaves the process only as `fairness.segment.told` tells it.

    `definition` is empty where no segment was large enough to look at, or in none more happened than was foreseen; `judged`
    is of the half that had no part in finding it, None where nothing was found or nobody of it is there.
    """

    landmark: str
    outcome: str
    children: int
    searched: int
    definition: tuple[Characteristic, ...]
    judged: Judged | None
    reach: Reach

    @property
    def enough(self) -> bool:
        """Whether the confirming half has ten of the segment's children with the outcome and ten without."""
        half = self.judged
        return half is not None and min(half.events, half.n - half.events) >= FEWEST

    @property
    def confirmed(self) -> bool:
        """Whether it is more than chance would leave, in children who had no part in finding it."""
        return self.enough and self.judged is not None and self.judged.p <= LEVEL


def worst_segment(part: pd.DataFrame, attributes: Sequence[str], seed: int) -> Segment:
    """Search one landmark and outcome's scored rows (fairness/scored.py) for their worst segment; of repeats, the first."""
    once = part[part["repeat"] == part["repeat"].min()]
    marks = marks_of(once, attributes)
    observed = once["observed"].to_numpy(dtype=np.int64)
    # An extract from elsewhere may be certain of a child; nothing that happened can then be weighed against it.
    foreseen = np.clip(once["probability"].to_numpy(dtype=np.float64), 1e-6, 1 - 1e-6)
    _, families = np.unique(once["family"].to_numpy(dtype=np.str_), return_inverse=True)
    first = _half_of_families(families, seed)
    against = np.where(first, 0.0, foreseen)
    against[first] = raised_to_observed(foreseen[first], observed[first])
    found = scan(marks, first, observed, against)
    segment = _members(marks, found.worst or ())
    seen = found.worst is not None and bool((segment & ~first).any())
    return Segment(
        str(once["landmark"].iloc[0]),
        str(once["outcome"].iloc[0]),
        len(once),
        found.searched,
        tuple(Characteristic(marks[which].attribute, marks[which].groups[at - 1]) for which, at in found.worst or ()),
        judged(~first, segment, families, observed, foreseen) if seen else None,
        reach(len(once), float(foreseen.mean()), float((foreseen * (1 - foreseen)).mean()), found.searched),
    )


def members(part: pd.DataFrame, attributes: Sequence[str], definition: Sequence[Characteristic]) -> Flags:
    """Return which rows (of one repeat) are of a segment that was found among them by these attributes."""
    marks = marks_of(part, attributes)
    number = {mark.attribute: which for which, mark in enumerate(marks)}
    cell = tuple(
        (number[each.attribute], marks[number[each.attribute]].groups.index(each.group) + 1) for each in definition
    )
    return _members(marks, cell)


def _members(marks: Sequence[Mark], cell: Cell) -> Flags:
    if not cell:
        return np.zeros(len(marks[0].place), dtype=bool)
    return np.asarray(np.all([marks[which].place == at for which, at in cell], axis=0))


def _half_of_families(families: Integers, seed: int) -> Flags:
    """Return which rows are of the half that is searched: every other family of a random order."""
    count = int(families.max()) + 1
    drawn = np.random.default_rng([seed, _HALVES]).permutation(count)
    return np.asarray(drawn[families] % 2 == 0)
