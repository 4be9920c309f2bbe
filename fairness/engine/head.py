"""One landmark and outcome's rows, and what is worked out of them once, for all divisions into groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fairness.draws import Drawn
from fairness.engine.blocks import Resamples, numbered, resamples_of
from fairness.engine.drawn_again import Ends, ends_of
from fairness.engine.families import Families, families_of
from fairness.engine.measures import shares
from fairness.engine.scores import BINS, Scores, scores_of
from fairness.policy.policy import Policy

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Counts(NamedTuple):
    """Rows by observed, by place or bin, and by group (2, places or bins, groups): exact, and of each resample (..., R)."""

    exact: Floats
    drawn: Drawn


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """
    Rows, (rows,) each, and what all of them together are: `by_place` and `by_bin` count them as one group.

    `place` is the first of the lists that a row is on; `odds` (lists,) are those of the lowest probability on each list.
    """

    observed: Integers
    place: Integers
    lists: int
    repeats: int
    odds: Floats
    family: Integers
    families: Families
    scores: Scores
    resamples: Resamples
    by_place: Counts
    by_bin: Counts
    ends: tuple[Ends, Ends]

    @property
    def listed(self) -> Integers:
        """The place of each row's cell among observed × places."""
        return self.observed * (self.lists + 1) + self.place

    @property
    def binned(self) -> Integers:
        """The place of each row's cell among observed × bins."""
        return self.observed * BINS + self.scores.coarse.bin

    def enough(self, n: Sequence[Floats], denominator: Sequence[Floats], policy: Policy) -> Flags:
        """Return where rows and those in a measure's own denominator, on both sides, are as many children as the policy asks."""
        (some, others), (part, other_part) = n, denominator
        return policy.floors.reached((some, others), (part, other_part), self.repeats)


def head_of(part: pd.DataFrame, place: Integers, lists: int) -> Head:
    """Return a part of the scored table as a head, given its rows' places among so many lists."""
    observed = part["observed"].to_numpy(dtype=np.int64)
    probability = part["probability"].to_numpy(dtype=np.float64)
    scores = scores_of(probability, observed)
    family, families = numbered(part["family"])
    resamples = resamples_of(family, families)
    by_place = counted(resamples, observed * (lists + 1) + place, (2, lists + 1, 1))
    by_bin = counted(resamples, observed * BINS + scores.coarse.bin, (2, BINS, 1))
    flagged = shares(by_place.exact)["selection_rate"].share[:, 0]
    return Head(
        observed,
        place,
        lists,
        part["repeat"].nunique(),
        _odds(probability, place, lists),
        family,
        families_of(family, families),
        scores,
        resamples,
        by_place,
        by_bin,
        (ends_of(by_bin.exact[..., None], flagged), ends_of(by_bin.drawn, flagged)),
    )


def counted(resamples: Resamples, cell: Integers, shape: tuple[int, int, int]) -> Counts:
    """Return the rows of each cell, which is under 0 for rows in none."""
    width = int(np.prod(shape))
    exact = np.bincount(cell[cell >= 0], minlength=width).reshape(shape).astype(np.float64)
    return Counts(exact, resamples.totals(cell, width).reshape(*shape, -1))


def _odds(probability: Floats, place: Integers, lists: int) -> Floats:
    """Return the odds of the lowest probability on each list; NaN of an empty list, and of one of certainties."""
    lowest = np.full(lists + 1, np.inf)
    np.minimum.at(lowest, place, probability)
    lowest = np.minimum.accumulate(lowest)[:-1]
    lowest = np.where(lowest < 1, lowest, np.nan)
    return np.asarray(lowest / (1 - lowest))
