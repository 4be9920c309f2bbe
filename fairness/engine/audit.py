"""
Audits a scored table: every measure of every group at every list, with intervals, gaps to everyone else and verdicts.

A group is never left out: one that was declared and has no child, and children whose group is not recorded, are listed like any
other. Children are counted as they are: sampling weights do not enter, since a verdict is about the children who were judged.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from fairness.audited import NOT_JUDGED, HeadAudit
from fairness.engine.divisions import divisions, everyone
from fairness.engine.grouped import Measured, grouped, measured
from fairness.engine.head import head_of
from fairness.engine.judging import verdicts
from fairness.engine.listed import correlations
from fairness.policy.policy import Policy

Integers = NDArray[np.int64]


def audited(
    scored: pd.DataFrame,
    place: Integers,
    groups: Mapping[str, Sequence[str]],
    capacities: Sequence[float],
    policy: Policy,
) -> list[HeadAudit]:
    """
    Audit a scored table at lists of these capacities, ascending: each landmark and outcome, in the table's order.

    `place` (rows,) is, for each row, the first of the lists that it is on; their number, if on none. `groups` declares, for each
    attribute, the groups that must appear whatever their size; groups found in the table beyond those appear too. Where the
    table holds several repeats, rows of one child are rows of one family.
    """
    parts = scored.assign(place=place).groupby(["landmark", "outcome"], sort=False)
    # These products are small: threads would wait for each other, and where others work, long.
    with threadpool_limits(1, user_api="blas"):
        return [_audited(name, part, groups, len(capacities), policy) for name, part in parts]


def _audited(
    name: tuple[Any, ...], part: pd.DataFrame, groups: Mapping[str, Sequence[str]], lists: int, policy: Policy
) -> HeadAudit:
    head = head_of(part, part["place"].to_numpy(dtype=np.int64), lists)
    alike = correlations(head)
    every, *found = (
        measured(head, each, alike, policy) for each in [everyone(len(part)), *divisions(part, groups, policy)]
    )
    judged = verdicts([each.found for each in found], [each.division for each in found], policy)
    landmark, outcome = name
    return HeadAudit(
        landmark,
        outcome,
        grouped(head, every, _none(every)),
        tuple(grouped(head, each, said) for each, said in zip(found, judged, strict=True)),
    )


def _none(of: Measured) -> dict[str, Integers]:
    return {name: np.full(found.value.shape, NOT_JUDGED, dtype=np.int64) for name, found in of.found.items()}
