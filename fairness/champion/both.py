"""The children whom two models scored, and both lists of the same length that they make."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fairness.scored import audit_column
from models.errors import DataError, Problem

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
HEAD = ["landmark", "outcome"]


@dataclass(frozen=True, slots=True, eq=False)
class Both:
    """
    The children (n,) of one landmark and outcome whom both models scored, in their first repeat; the champion is first.

    `probability` and `listed` are (2, n). `only` is how many were scored by the champion alone, and by the challenger alone.
    """

    landmark: str
    outcome: str
    observed: Flags
    family: NDArray[np.str_]
    groups: dict[str, NDArray[np.str_]]
    probability: Floats
    listed: Flags
    only: tuple[int, int]


def both(champion: pd.DataFrame, challenger: pd.DataFrame, attributes: list[str], capacity: float) -> Iterator[Both]:
    """
    Yield the children of each landmark and outcome that both tables have, groups as the challenger's has them.

    Each model's list is drawn among these children: the smallest score that lists at most that share of them. Raises DataError
    where the tables have none in common, or tell different outcomes of one child.
    """
    first, second = (_once_each(table) for table in (champion, challenger))
    joined = second.merge(first, on=[*HEAD, "child"], suffixes=("", "_before"))
    _check(joined)
    for (landmark, outcome), rows in joined.groupby(HEAD, sort=False):
        sizes = [int(((table[HEAD] == [landmark, outcome]).all(axis=1)).sum()) for table in (first, second)]
        probability = np.stack([rows[name].to_numpy(np.float64) for name in ("probability_before", "probability")])
        yield Both(
            str(landmark),
            str(outcome),
            rows["observed"].to_numpy() == 1,
            rows["family"].to_numpy(dtype=np.str_),
            {name: rows[audit_column(name)].to_numpy(dtype=np.str_) for name in attributes},
            probability,
            np.stack([listed(each, capacity) for each in probability]),
            (sizes[0] - len(rows), sizes[1] - len(rows)),
        )


def listed(probability: Floats, capacity: float) -> Flags:
    """Return who is on the list: of the scores that list at most this share, the smallest; a tie at the cut is left off."""
    scores, children = np.unique(probability, return_counts=True)
    room = np.cumsum(children[::-1])[::-1] <= capacity * len(probability) + 1e-9
    return np.asarray(probability >= scores[room][0]) if room.any() else np.zeros(len(probability), dtype=np.bool_)


def _once_each(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the first repeat of each landmark and outcome, whatever its number."""
    return table[table["repeat"] == table.groupby(HEAD)["repeat"].transform("min")]


def _check(joined: pd.DataFrame) -> None:
    if joined.empty:
        remedy = "Give the scores of both models on the same children, under the same pseudonyms."
        raise DataError(
            "the two cannot be compared", (Problem("champion", "has no child whom the other scored", remedy),)
        )
    differ = int((joined["observed"] != joined["observed_before"]).sum())
    if differ:
        problem = Problem(
            'champion, column "observed"',
            f"{differ:,} row(s) tell another outcome of the same child",
            "Write both tables from the same outcomes.",
        )
        raise DataError("the two cannot be compared", (problem,))
