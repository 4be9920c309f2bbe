"""What children are told apart by in the search: the groups of each audit attribute, and the fifths of the scores."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fairness.scored import audit_column
from models.small_numbers import shown

FIFTHS = (
    "lowest fifth of scores",
    "second lowest fifth of scores",
    "middle fifth of scores",
    "second highest fifth of scores",
    "highest fifth of scores",
)
# The place of children whose group may not be named.
UNNAMED = 0

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """
    One attribute (None: the scores), its groups that may be named, and where each row is among them.

    `place` (rows,) is 1 for the first of `groups`, and so on; UNNAMED for a row of any other group.
    """

    attribute: str | None
    groups: tuple[str, ...]
    place: Integers


def marks_of(part: pd.DataFrame, attributes: Sequence[str]) -> list[Mark]:
    """Return the marks of one landmark and outcome's rows, each child once: every attribute's, and then the scores'."""
    return [*(_attribute(part, name) for name in attributes), _fifths(part["probability"].to_numpy(dtype=np.float64))]


def _attribute(part: pd.DataFrame, name: str) -> Mark:
    """Return an attribute's mark; a group that a table of its counts would hide is not named, for `n` would tell of it."""
    place, found = pd.factorize(part[audit_column(name)].astype(str), sort=True)
    told = np.array(shown(np.bincount(place, minlength=len(found)).tolist()), dtype=bool)
    number = np.where(told, np.cumsum(told), UNNAMED)
    return Mark(name, tuple(group for group, named in zip(found, told, strict=True) if named), number[place])


def _fifths(probability: NDArray[np.float64]) -> Mark:
    """Return the scores' mark; children of one score are in one fifth, so that fifths need not be equal."""
    cuts = np.quantile(probability, [0.2, 0.4, 0.6, 0.8])
    return Mark(None, FIFTHS, np.searchsorted(cuts, probability, side="right") + 1)
