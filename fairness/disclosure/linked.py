"""
What may be told of linking beside an audit: the link report's parts, with no exact count in them.

The report itself is for those who link; a bundle goes further. Every count is told to the nearest five, and none under ten; a
share is told as finely as five children more or less would change it, so that it gives no count back.
"""

import math
from collections.abc import Mapping
from typing import Any

from models.small_numbers import NEAREST, nearest, rounded

Part = dict[str, Any]
# From so many on a share is told to a tenth of a point, below it to a point (NHS Digital tells whole per cent under 4,000).
_MANY = 4_000
# What is no count of children: how it was asked.
_ASKED = {"format", "margin", "minimum_cell", "floor", "resamples", "threshold", "these_are_estimates"}
_FIGURE = ("value", "low", "high")


def told_links(report: Mapping[str, Any]) -> Part:
    """Return parts of a link report as they may be told."""
    return {name: _told(name, value) for name, value in report.items()}


def _told(name: str, value: Any) -> Any:
    match value:
        case _ if name in _ASKED:
            return value
        case {"pairs": _, "recall": {"value": _}}:
            return _line(value)
        case dict():
            return told_links(value)
        case list():
            return [_told(name, each) for each in value]
        case bool():
            return value
        case int():
            return 0 if value == 0 else rounded(value)
        case float():
            return round(value, 3) if abs(value) <= 1 else nearest(value)
        case _:
            return value


def _line(line: Part) -> Part:
    """Return a group's line: its recall from told counts, its ends and its gap as finely as those allow."""
    n, share = line["pairs"], line["recall"]
    told = nearest(n)
    step = 0.001 if n >= _MANY else math.ceil(100 * NEAREST / n) / 100
    missed = min(told, nearest(n - share["value"] * n))
    value = round(1 - missed / told, 3)
    ends = {name: min(1.0, max(0.0, value + _to(step, share[name] - share["value"]))) for name in _FIGURE}
    found = {**line, "pairs": told, "recall": {name: round(end, 3) for name, end in ends.items()}}
    if "families" in line:
        found["families"] = rounded(line["families"])
    if line.get("gap") is not None:
        found["gap"] = {
            **line["gap"],
            **{name: _to(step, line["gap"][name]) for name in (*_FIGURE, "smallest_gap_seen")},
        }
    return found


def _to(step: float, number: float) -> float:
    """Return a number to whole steps; adding 0.0 makes of a minus zero what it is."""
    return round(round(number / step) * step, 3) + 0.0
