"""
Each child once: the answer that people had when they acted, with what they did, and the child's groups.

A child may have been asked about several times. The answer that is judged is the one on which help was first offered, or the
latest where none was: a score that came after the action did not lead to it. Earlier and later ones are counted.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fairness.in_use.groups import attributes_of, observed_column
from fairness.in_use.record import HEAD, ONE, REASON
from fairness.scored import NOT_RECORDED, audit_column

Flags = NDArray[np.bool_]
Names = NDArray[np.str_]


@dataclass(frozen=True, slots=True, eq=False)
class Used:
    """
    The children (n,) of one landmark and outcome, and what came of asking about each.

    `why` is the code of a refusal, "" where there was a score. `accepted_known` and `known` say of whom it is known whether help
    was taken up, and whether the outcome happened. `matched`: who stands among the groups; of the others nothing more is known.
    """

    landmark: str
    outcome: str
    why: Names
    listed: Flags
    viewed: Flags
    offered: Flags
    accepted: Flags
    accepted_known: Flags
    observed: Flags
    known: Flags
    reason: Names
    family: Names
    groups: dict[str, Names]
    matched: Flags
    passed_over: int

    @property
    def scored(self) -> Flags:
        """Who had a score."""
        return np.asarray(self.why == "")


def used(record: pd.DataFrame, groups: pd.DataFrame) -> Iterator[Used]:
    """Yield the children of each landmark and outcome of the record; one of whom no group is known is *not recorded* in all."""
    judged = _judged(record)
    found = judged.merge(groups, on="subject", how="left", indicator=True)
    for (landmark, outcome), rows in found.groupby(HEAD, sort=False):
        answers = int(((record[HEAD] == [landmark, outcome]).all(axis=1)).sum())
        matched = (rows["_merge"] == "both").to_numpy()
        observed = rows[observed_column(str(outcome))]
        yield Used(
            str(landmark),
            str(outcome),
            _names(rows["not_scored"]),
            _yes(rows["flagged"]),
            _yes(rows["viewed"]),
            _yes(rows["offered"]),
            _yes(rows["accepted"]),
            rows["accepted"].notna().to_numpy(),
            _yes(observed),
            observed.notna().to_numpy(),
            _names(rows[REASON]),
            np.where(matched, _names("family " + rows["family"].fillna("")), _names("alone " + rows["subject"])),
            {name: _names(rows[audit_column(name)].fillna(NOT_RECORDED)) for name in attributes_of(groups)},
            matched,
            answers - len(rows),
        )


def _judged(record: pd.DataFrame) -> pd.DataFrame:
    """Return one answer of each child and score; it is viewed if it, or one before it, was."""
    ordered = record.sort_values("on", kind="stable")
    children = ordered.groupby(ONE, sort=False)
    before = children["offered"].cumsum() - ordered["offered"]
    seen = ordered.assign(viewed=children["viewed"].cummax())
    return seen[before == 0].drop_duplicates(ONE, keep="last").sort_index()


def _names(column: "pd.Series[str]") -> Names:
    return np.asarray(column, dtype=np.str_)


def _yes(column: "pd.Series[float]") -> Flags:
    return np.asarray(column == 1)
