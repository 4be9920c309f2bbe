"""
What may be told of the search for the worst segment: one dictionary for each landmark and outcome, in audit.json.

Counts are told to the nearest five, shares are worked out from the counts that are told, and an interval from those and the
design effect to one decimal; so it may differ a little from what was judged. Figures are of the confirming half alone, a
half of the families drawn at random that nothing else tells of: a whole group less a segment of it is no number.
"""

import math
from collections.abc import Collection, Mapping
from typing import Any

from fairness.intervals import Z95, wilson
from fairness.segment.confirm import Judged
from fairness.segment.reach import EXCESS, SHARE
from fairness.segment.search import Characteristic, Segment
from fairness.segment.words import said
from models.small_numbers import nearest, rounded

# From so many audited children on, a search finds what it was made to find (M9).
ENOUGH = 10_000

Told = dict[str, Any]


def told(segment: Segment, labels: Mapping[str, str], hidden: Collection[tuple[str | None, str]]) -> Told:
    """
    Tell of a search; `labels` are the attributes' words, `hidden` the attributes and groups of which the audit tells nothing.

    Nothing is told of a segment that names a hidden group. Of one with fewer than ten with the outcome or fewer than ten without,
    in the confirming half, no figure is.
    """
    why_not = _why_not(segment, hidden)
    definition = [] if why_not == "hidden" else [_told(each, labels) for each in segment.definition]
    figures = (
        _figures(segment.judged) if segment.judged is not None and why_not in {None, "not beyond chance"} else None
    )
    without_words: Told = {
        "landmark": segment.landmark,
        "outcome": segment.outcome,
        "exploratory": True,
        "children": rounded(segment.children),
        "searched": segment.searched,
        "definition": definition or None,
        "words": " × ".join(map(_words, definition)) or None,
        # Of a group that is nowhere told of, that would be told.
        "confirmed": segment.confirmed and why_not != "hidden",
        "why_not": why_not,
        "figures": figures,
        "reach": _reach(segment),
        "enough": segment.children >= ENOUGH,
    }
    return without_words | {"said": list(said(without_words))}


def _why_not(segment: Segment, hidden: Collection[tuple[str | None, str]]) -> str | None:
    """Return why a segment is not confirmed, or not told; None where it is both."""
    if not segment.definition:
        return "none"
    if any((each.attribute, each.group) in hidden for each in segment.definition):
        return "hidden"
    if not segment.enough:
        return "too few"
    return None if segment.confirmed else "not beyond chance"


def _told(each: Characteristic, labels: Mapping[str, str]) -> Told:
    label = "Score" if each.attribute is None else labels.get(each.attribute, each.attribute)
    return {"attribute": each.attribute, "label": label, "group": each.group}


def _words(characteristic: Told) -> str:
    """Say a characteristic: a group with its attribute, for "other" and "not recorded" are groups of several."""
    if characteristic["attribute"] is None:
        return str(characteristic["group"])
    return f"{characteristic['label']}: {characteristic['group']}"


def _figures(half: Judged) -> Told:
    n, everyone = nearest(half.n), nearest(half.all_n)
    observed = min(1.0, nearest(half.events) / n)
    expected = round(half.expected / half.n, 2)
    low, high = wilson(observed, n / round(half.design_effect, 1), Z95)
    return {
        "n": n,
        "observed": round(observed, 2),
        "foreseen": round(half.foreseen / half.n, 2),
        "observed_of_everyone": round(nearest(half.all_events) / everyone, 2),
        "foreseen_of_everyone": round(half.all_foreseen / half.all_n, 2),
        "excess": _points(round(observed, 2) - expected),
        "low": _points(low - expected),
        "high": _points(high - expected),
        # Upwards, so that what is at most .01 is confirmed, and nothing else.
        "p": round(math.ceil(half.p * 10_000) / 10_000, 4),
    }


def _points(share: float) -> float:
    """Return a share to whole points; adding 0.0 makes of a minus zero what it is."""
    return round(share, 2) + 0.0


def _reach(segment: Segment) -> Told:
    smallest = segment.reach.smallest
    return {
        "share": SHARE,
        "excess": EXCESS,
        "chance": round(segment.reach.chance, 2),
        "smallest": None if smallest is None else nearest(smallest),
    }
