"""
The primary measure with the threshold drawn again in each resample, so that it flags the same share of everyone (M6).

The bundle's threshold is held fixed in every other interval: it is what ships. Children are counted in bins of the score, and
of the bin in which a list ends it holds the share that makes up its length: what a list would hold on average. The spread is
that of the binned measure, moved so that it lies about the exact one.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fairness.draws import Drawn, ends
from fairness.engine.measures import running
from fairness.policy.policy import Primary

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Ends(NamedTuple):
    """The bin in which each list ends in each resample, and the share of that bin on the list, (lists, 1, R) each."""

    bin: Integers
    share: Drawn


class Again(NamedTuple):
    """Both ends of the intervals of the groups' measure and of their gaps, (lists, groups) each."""

    low: Floats
    high: Floats
    gap_low: Floats
    gap_high: Floats


def ends_of(every: Drawn, flagged: Floats) -> Ends:
    """Return where lists end that hold the share `flagged` (lists,) of everyone, (2, bins, 1, R), highest scores first."""
    n = every.sum(axis=(0, 2))
    reached = running(n)
    length = flagged.astype(n.dtype)[:, None] * reached[-1]
    # A list of everyone ends in the last bin; rounding must not send it on.
    last = np.minimum(np.array([(reached < each).sum(axis=0) for each in length]), len(n) - 1)
    inside = np.take_along_axis(n, last, axis=0)
    over = length - (np.take_along_axis(reached, last, axis=0) - inside)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(inside > 0, over / inside, 0)
    return Ends(last[:, None], share[:, None].astype(n.dtype))


def drawn_again(
    primary: Primary,
    values: tuple[Floats, Floats],
    exact: tuple[Drawn, Drawn, Ends],
    drawn: tuple[Drawn, Drawn, Ends],
    told: tuple[Flags, Flags],
) -> Again:
    """
    Return the intervals; `values` (lists, groups) are the measure's exact ones, of the groups and of the rest of each.

    `exact` and `drawn` are the counts of everyone and of the groups, (2, bins, 1 or groups, R), and where lists end in them;
    `exact` has one resample, the children as they are. `told` says where hits, misses and families are enough to be drawn again,
    in the group and on both sides.
    """
    sides = zip(values, _measured(primary, *exact), _measured(primary, *drawn), strict=True)
    group, rest = (each + (value[..., None] - binned).astype(each.dtype) for value, binned, each in sides)
    return Again(*ends(np.clip(group, 0, 1), told[0]), *ends(np.clip(group - rest, -1, 1), told[1]))


def _measured(primary: Primary, every: Drawn, grouped: Drawn, at: Ends) -> tuple[Drawn, Drawn]:
    hits, n = _hits(primary, grouped, at)
    all_hits, all_n = _hits(primary, every, at)
    with np.errstate(divide="ignore", invalid="ignore"):
        return hits / n, (all_hits - hits) / (all_n - n)


def _hits(primary: Primary, cells: Drawn, at: Ends) -> tuple[Drawn, Drawn]:
    """Return hits and children among whom: with the outcome, found; or on the list, without it."""
    others, events = cells
    if primary == "recall":
        return _on_list(events, at), events.sum(axis=0)[None]
    needless = _on_list(others, at)
    return needless, needless + _on_list(events, at)


def _on_list(counts: Drawn, at: Ends) -> Drawn:
    """Return how many of counts (bins, groups, R) are on each list (lists, groups, R)."""
    inside, reached = (np.take_along_axis(each, at.bin, axis=0) for each in (counts, running(counts)))
    return np.asarray(reached - (1 - at.share) * inside)
