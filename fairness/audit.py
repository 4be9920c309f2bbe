"""
Compares errors across groups at a team's capacity, or at many capacities at once, exactly.

A group is never left out: one that was declared and has no child, and children whose group is not recorded, are listed
like any other. These are point values; a gap between two of them is not yet a finding. They are worked out from counts
of cells, all groups and all capacities together, and are equal to those of fairlearn's MetricFrame. They tell of single
children and leave the process only as `fairness.protected` tells them.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fairness.scored import NOT_RECORDED, audit_column
from models.small_numbers import FEWEST

# Under this many children a group's counts and rates could tell of one child, and are not written.
MINIMUM_CELL = FEWEST
# Of children in one repeat, the mean over repeats: all of a group, those with the outcome, how many were foreseen to have
# it, those on the list, and those on it with the outcome.
COUNTS = ("n", "events", "foreseen", "flagged", "found")
RATES = ("selection_rate", "recall", "fpr", "ppv", "calibration_gap")

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Audit = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Rows:
    """One landmark and outcome's rows, (m,) each; `place` is the first list that a row is on (`lists`: on none)."""

    observed: Integers
    probability: Floats
    place: Integers
    lists: int
    repeats: int


def audit(scored: pd.DataFrame, groups: Mapping[str, Sequence[str]], capacity: float, small_group: int) -> Audit:
    """
    Audit a scored table at a capacity: that of its column `flagged`.

    `groups` declares, for each attribute, the groups that must appear whatever their size; groups found in the table
    beyond those appear too. Groups under `small_group` children are marked as small.
    """
    place = 1 - scored["flagged"].to_numpy(dtype=np.int64)
    return audits(scored, place, groups, (capacity,), small_group)[0]


def audits(
    scored: pd.DataFrame,
    place: Integers,
    groups: Mapping[str, Sequence[str]],
    capacities: Sequence[float],
    small_group: int,
) -> list[Audit]:
    """
    Audit a scored table at many capacities, ascending, whatever its column `flagged` says: one audit for each, in order.

    `place` (rows,) is, for each row, the first of the lists of these capacities that it is on; their number, if on none.
    """
    tables: list[list[Audit]] = [[] for _ in capacities]
    for (landmark, outcome), part in scored.assign(place=place).groupby(["landmark", "outcome"], sort=False):
        rows = _rows(part, len(capacities))
        everyone = _lines(np.zeros(len(part), dtype=np.int64), 1, rows, small_group)
        attributes = [_attribute(part, name, declared, rows, small_group) for name, declared in groups.items()]
        for k, table in enumerate(tables):
            table.append(
                {
                    "landmark": landmark,
                    "outcome": outcome,
                    "overall": everyone[k][0],
                    "attributes": [attribute[k] for attribute in attributes],
                }
            )
    said = {"format": 1, "small_group": small_group}
    return [said | {"capacity": at, "audits": table} for at, table in zip(capacities, tables, strict=True)]


def _rows(part: pd.DataFrame, lists: int) -> _Rows:
    return _Rows(
        part["observed"].to_numpy(dtype=np.int64),
        part["probability"].to_numpy(dtype=np.float64),
        part["place"].to_numpy(dtype=np.int64),
        lists,
        part["repeat"].nunique(),
    )


def _attribute(part: pd.DataFrame, name: str, declared: Sequence[str], rows: _Rows, small_group: int) -> list[Audit]:
    """Return one attribute's groups at each capacity: those declared, then those found, then *not recorded*."""
    codes, found = pd.factorize(part[audit_column(name)].astype(str), sort=True)
    every = list(dict.fromkeys([*declared, *(group for group in found if group != NOT_RECORDED), NOT_RECORDED]))
    places = {group: i for i, group in enumerate(every)}
    number = np.array([places[group] for group in found], dtype=np.int64)[codes]
    return [
        {"attribute": name, "groups": [{"group": group, **line} for group, line in zip(every, lines, strict=True)]}
        for lines in _lines(number, len(every), rows, small_group)
    ]


def _lines(number: Integers, groups: int, rows: _Rows, small_group: int) -> list[list[Audit]]:
    """Return the measures of every group (`number`: which of them each row is in) at every capacity."""
    width = rows.lists + 1
    cell, size = number * width + rows.place, groups * width
    flagged = np.bincount(cell, minlength=size).reshape(groups, width).cumsum(axis=1)
    found = np.bincount(cell[rows.observed == 1], minlength=size).reshape(groups, width).cumsum(axis=1)
    # Whoever is on some list or on none is everyone.
    n, events = flagged[:, -1:], found[:, -1:]
    foreseen = np.bincount(number, weights=rows.probability, minlength=groups)[:, None]
    flagged, found = flagged[:, :-1], found[:, :-1]
    rates = {
        "selection_rate": _share(flagged, n),
        "recall": _share(found, events),
        "fpr": _share(flagged - found, n - events),
        "ppv": _share(found, flagged),
        # Above 0, more happened than was foreseen.
        "calibration_gap": _share(events - foreseen, n) + np.zeros(flagged.shape),
    }
    counts = {"n": n, "events": events, "foreseen": foreseen, "flagged": flagged, "found": found}
    told = {name: _told(counts[name] / rows.repeats + np.zeros(flagged.shape)) for name in COUNTS}
    told |= {name: _told(rates[name]) for name in RATES}
    return [
        [_line({name: values[k][g] for name, values in told.items()}, small_group) for g in range(groups)]
        for k in range(rows.lists)
    ]


def _told(values: Floats) -> list[list[float | None]]:
    """Return (groups, lists) turned about and rounded; adding 0.0 makes of a minus zero what it is."""
    return [[None if math.isnan(value) else round(value, 6) + 0.0 for value in line] for line in values.T.tolist()]


def _share(part: NDArray[Any], whole: NDArray[Any]) -> Floats:
    """Return part / whole; NaN where there is nobody to take a share of."""
    with np.errstate(invalid="ignore"):
        return np.asarray(part / whole, dtype=np.float64)


def _line(told: dict[str, Any], small_group: int) -> Audit:
    """Return one group's measures; each repeat has each child once, so that there are whole children and outcomes."""
    return told | {"n": round(told["n"]), "events": round(told["events"]), "small": round(told["n"]) < small_group}
