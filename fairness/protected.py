"""
What may be told of an audit: the same lines, by which nobody is told of one child, also with many capacities side by side.

Every count is rounded to the nearest five before a rate is worked out, so that nothing told depends on more than rounded
counts. A group of one to nine children is told without any figure, and is counted with the attribute's largest group: what
is told of the groups makes up the whole, and taking it from the whole leaves nothing of the hidden ones. What remains
possible: whoever puts tables of several outcomes, attributes and files side by side may narrow a rounded count below five
values, for they are not protected against each other.
"""

import math
from collections.abc import Sequence

from fairness.audit import COUNTS, MINIMUM_CELL, RATES, Audit
from models.small_numbers import NEAREST, nearest


def protected(exact: Audit) -> Audit:
    """
    Return an audit as it may be written: each line's `n`, `events` and rates, and whether the group is `small`.

    `hidden_in` is, for each attribute, the group that the children of hidden groups are counted with; None where none is
    hidden. A group without children has an `n` of 0; a hidden one has None, and is small.
    """
    small_group = exact["small_group"]
    tables = [
        table
        | {
            "overall": _line(table["overall"], small_group),
            "attributes": [_attribute(attribute, small_group) for attribute in table["attributes"]],
        }
        for table in exact["audits"]
    ]
    return exact | {"minimum_cell": MINIMUM_CELL, "rounded_to": NEAREST, "audits": tables}


def hiding(sizes: Sequence[int]) -> tuple[list[bool], int | None]:
    """
    Return which groups of an attribute are hidden, and the place of the one that their children are counted with.

    Groups of one to nine are hidden, in the largest. Where that would hold fewer than twenty with them every group is
    hidden that has a child, and in none: of eleven one could tell ten and one.
    """
    hidden = [0 < size < MINIMUM_CELL for size in sizes]
    if not any(hidden):
        return hidden, None
    largest = max(range(len(sizes)), key=sizes.__getitem__)
    together = sizes[largest] + sum(size for size, is_hidden in zip(sizes, hidden, strict=True) if is_hidden)
    if hidden[largest] or together < 2 * MINIMUM_CELL:
        return [size > 0 for size in sizes], None
    return hidden, largest


def _attribute(exact: Audit, small_group: int) -> Audit:
    lines = exact["groups"]
    hidden, place = hiding([line["n"] for line in lines])
    counted = [{name: line[name] for name in COUNTS} for line in lines]
    if place is not None:
        among = [place, *(i for i, is_hidden in enumerate(hidden) if is_hidden)]
        counted[place] = {name: math.fsum(lines[i][name] for i in among) for name in COUNTS}
    told = [
        {"group": line["group"], **(_nothing(None) if is_hidden else _line(counts, small_group))}
        for line, counts, is_hidden in zip(lines, counted, hidden, strict=True)
    ]
    return exact | {"groups": told, "hidden_in": None if place is None else lines[place]["group"]}


def _line(counts: Audit, small_group: int) -> Audit:
    if counts["n"] < MINIMUM_CELL:
        return _nothing(None if counts["n"] else 0)
    n, events, foreseen, flagged, found = (nearest(counts[name]) for name in COUNTS)
    return {
        "n": n,
        "events": events,
        "selection_rate": round(flagged / n, 3),
        "recall": _rate(found, events),
        "fpr": _rate(flagged - found, n - events),
        "ppv": _rate(found, flagged),
        "calibration_gap": round((events - foreseen) / n, 2) + 0.0,
        "small": n < small_group,
    }


def _nothing(n: int | None) -> Audit:
    return {"n": n, "events": None, **dict.fromkeys(RATES), "small": True}


def _rate(part: int, whole: int) -> float | None:
    """
    Return a share of rounded counts; None of ten or fewer.

    Fewer than thirteen children are told as ten. A share told from ten on would tell eight and nine from ten to twelve.
    """
    return min(1.0, round(part / whole, 3)) if whole > MINIMUM_CELL else None
