"""Attributes of which one is a finer grouping of the other: whoever knows both can subtract."""

from collections.abc import Mapping, Sequence

import pandas as pd

from fairness.scored import audit_column


def nested(scored: pd.DataFrame, attributes: Sequence[str]) -> dict[tuple[str, str], Mapping[str, str]]:
    """
    Return, for each finer attribute and coarser one, which group of the coarser holds each group of the finer.

    Read off a scored table: every child of a group of the finer is in one group of the coarser.
    """
    found = {}
    for finer in attributes:
        for coarser in attributes:
            if finer != coarser and (within := _within(scored, finer, coarser)) is not None:
                found[finer, coarser] = within
    return found


def _within(scored: pd.DataFrame, finer: str, coarser: str) -> Mapping[str, str] | None:
    pairs = scored[[audit_column(finer), audit_column(coarser)]].astype(str).drop_duplicates()
    if pairs.iloc[:, 0].duplicated().any():
        return None
    return dict(zip(pairs.iloc[:, 0].tolist(), pairs.iloc[:, 1].tolist(), strict=True))
