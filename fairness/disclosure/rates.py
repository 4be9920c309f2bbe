"""
What may be told of groups where no interval is asked for: counts, and the shares that they make.

The same counts are told as in an audit, by the same rules; so two tables of one list say the same.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fairness.audited import Curve, Grouped, HeadAudit
from fairness.disclosure.shares import Counts
from fairness.disclosure.tallies import Tallies, tallies
from fairness.disclosure.withheld import telling
from fairness.engine.divisions import Division, divisions, everyone
from fairness.policy.policy import Policy

Floats = NDArray[np.float64]
Part = dict[str, Any]
RATES = ("selection_rate", "recall", "fpr", "ppv")


def rates(scored: pd.DataFrame, groups: Mapping[str, Sequence[str]], small_group: int) -> dict[str, Part]:
    """
    Return what is told of each attribute's groups on the list that the column `flagged` says, by attribute.

    Of each group `n`, `events`, whether it is `small`, four rates, and how many more had the outcome than were foreseen
    (`calibration_gap`, of all children); `hidden_in` is the group that hidden ones are counted with.
    """
    observed = scored["observed"].to_numpy(dtype=np.float64)
    flagged = scored["flagged"].to_numpy(dtype=np.float64)
    per_row = np.stack(
        [np.ones(len(scored)), observed, scored["probability"].to_numpy(dtype=np.float64), flagged, flagged * observed]
    )
    return of_counts(
        [_grouped(each, per_row) for each in (everyone(len(scored)), *divisions(scored, groups, Policy()))], small_group
    )


def of_counts(counted: Sequence[Grouped], small_group: int) -> dict[str, Part]:
    """Return the same of counts: everyone's first, then each attribute's, on one list."""
    every, *attributes = counted
    of = tallies(HeadAudit("", "", every, tuple(attributes)), Policy(), {})
    n, events, flagged, found = telling(of).counts()
    lines = _lines(Counts(n[:, None], events[:, None], flagged, found), of, small_group)
    return {
        block.grouped.name: {
            "hidden_in": None if block.hidden_in is None else block.grouped.groups[block.hidden_in],
            "groups": [
                {"group": group, **(_NOBODY if size == 0 else lines[line])}
                for group, size, line in zip(block.grouped.groups, block.grouped.n.tolist(), block.line, strict=True)
            ],
        }
        for block in of.blocks
    }


def counted(name: str, groups: Sequence[str], counts: Floats) -> Grouped:
    """Return one attribute's counts on one list, with no figure: n, events, foreseen, flagged and found (5, groups)."""
    n, events, foreseen, flagged, found = counts
    nothing = np.full((len(groups), 1), np.nan)
    return Grouped(
        name=name,
        kind="attribute",
        groups=tuple(groups),
        protected=(False,) * len(groups),
        n=n,
        events=events,
        foreseen=foreseen,
        flagged=flagged[:, None],
        found=found[:, None],
        families=np.zeros(len(groups), dtype=np.int64),
        figures={},
        curve=Curve(nothing, nothing, nothing),
        again_low=nothing,
        again_high=nothing,
        again_gap_low=nothing,
        again_gap_high=nothing,
    )


def _grouped(division: Division, per_row: Floats) -> Grouped:
    sums = [np.bincount(division.number, weights=row, minlength=len(division.groups)) for row in per_row]
    return counted(division.name, division.groups, np.array(sums, dtype=np.float64))


_NOBODY: Part = {"n": 0, "events": None, "small": True, **dict.fromkeys(RATES), "calibration_gap": None}


def _lines(told: Counts, of: Tallies, small_group: int) -> list[Part]:
    shares = {name: told.share(name)[0][:, 0] for name in RATES}
    with np.errstate(invalid="ignore", divide="ignore"):
        shares["calibration_gap"] = np.round((told.events[:, 0] - np.round(of.foreseen)) / told.n[:, 0], 2)
    return [
        {
            "n": _int(told.n[line, 0]),
            "events": _int(told.events[line, 0]),
            "small": not told.n[line, 0] >= small_group,
            **{name: _plain(values[line]) for name, values in shares.items()},
        }
        for line in range(len(told.n))
    ]


def _int(count: float) -> int | None:
    return None if count != count else int(count)


def _plain(value: float) -> float | None:
    return None if value != value else round(float(value), 3) + 0.0
