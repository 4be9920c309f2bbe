"""Everything that is found of the groups of one division, some groups at a time: what is held does not grow with their number."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairness.audited import Curve, Grouped
from fairness.engine.divisions import NOBODY, Division
from fairness.engine.drawn_again import Again, drawn_again
from fairness.engine.found import Found, by_bootstrap
from fairness.engine.head import Counts, Head, counted
from fairness.engine.judging import margin_of
from fairness.engine.listed import OnLists, listed, on_lists
from fairness.engine.scores import BINS, CURVE_BINS
from fairness.engine.standing import standing
from fairness.policy.policy import Policy

_GROUPS_AT_ONCE = 32

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """
    What is found of a division's groups before it is judged: each measure, and the primary one with the threshold drawn again.

    `counts` are rows: all, those with the outcome (1, groups), those on each list, and those on it with the outcome (lists,
    groups); `families` is how many families a group's children come from.
    """

    division: Division
    found: Mapping[str, Found]
    again: Again
    counts: tuple[Floats, Floats, Floats, Floats]
    families: Floats


def measured(head: Head, division: Division, alike: dict[str, Floats], policy: Policy) -> Measured:
    """Return every measure of a division's groups; `alike` are everyone's correlations within families."""
    pieces = [_piece(head, number, groups, alike, policy) for number, groups in _pieces(division)]
    founds, agains, groups = zip(*pieces, strict=True)
    return Measured(
        division,
        {name: Found.together([each[name] for each in founds]) for name in founds[0]},
        Again(*_side_by_side(agains)),
        _side_by_side([_counts(each) for each in groups]),
        np.concatenate([each.come["selection_rate"].families[0] for each in groups]),
    )


def grouped(head: Head, of: Measured, verdicts: Mapping[str, Integers]) -> Grouped:
    """Return a division as it was judged."""
    curve = _curve(head, of.division)
    n, events, flagged, found_on_list = (each / head.repeats for each in of.counts)
    return Grouped(
        name=of.division.name,
        kind=of.division.kind,
        groups=of.division.groups,
        protected=of.division.protected,
        n=n[0],
        events=events[0],
        foreseen=curve.foreseen.sum(axis=1),
        flagged=flagged.T,
        found=found_on_list.T,
        families=of.families.astype(np.int64),
        figures={name: found.figures(verdicts[name], head.repeats) for name, found in of.found.items()},
        curve=curve,
        again_low=of.again.low.T,
        again_high=of.again.high.T,
        again_gap_low=of.again.gap_low.T,
        again_gap_high=of.again.gap_high.T,
    )


def _counts(group: OnLists) -> tuple[Floats, Floats, Floats, Floats]:
    everyone, on_list = group.exact["recall"], group.exact["ppv"]
    return group.exact["selection_rate"].n, everyone.n, on_list.n, on_list.hits


def _side_by_side(pieces: Sequence[tuple[Floats, Floats, Floats, Floats]]) -> tuple[Floats, Floats, Floats, Floats]:
    """Return each of four arrays (..., groups) with the groups of all the pieces."""
    first, second, third, fourth = (np.concatenate(each, axis=1) for each in zip(*pieces, strict=True))
    return first, second, third, fourth


def _pieces(division: Division) -> Iterator[tuple[Integers, int]]:
    """Yield each row's place among some groups, and how many groups they are."""
    for first in range(0, len(division.groups), _GROUPS_AT_ONCE):
        groups = min(_GROUPS_AT_ONCE, len(division.groups) - first)
        number = division.number - first
        yield np.where((number < 0) | (number >= groups), NOBODY, number), groups


def _piece(
    head: Head, number: Integers, groups: int, alike: dict[str, Floats], policy: Policy
) -> tuple[dict[str, Found], Again, OnLists]:
    by_place, by_bin = (
        counted(head.resamples, np.where(number < 0, NOBODY, cell * groups + number), (2, width, groups))
        for cell, width in ((head.listed, head.lists + 1), (head.binned, BINS))
    )
    group, rest = on_lists(head, number, by_place)
    found = listed(head, group, rest, alike, policy) | _standing(head, number, by_bin, (group, rest), policy)
    return found, _again(head, group, rest, by_bin, policy), group


def _standing(
    head: Head, number: Integers, by_bin: Counts, on: tuple[OnLists, OnLists], policy: Policy
) -> dict[str, Found]:
    children = [cells.sum(axis=1) for cells in (by_bin.exact, head.by_bin.exact - by_bin.exact)]
    # AUC and calibration are taken of those with the outcome and those without: of whom there are fewer decides.
    enough = head.enough([each.sum(axis=0) for each in children], [each.min(axis=0) for each in children], policy)[None]
    group, rest = (side.families_of_both() >= policy.floors.denominator for side in on)
    sides = standing(head.scores, head.observed, number, (head.by_bin.drawn, by_bin.drawn), (group, rest))
    return {name: by_bootstrap(*each, margin_of(policy, name), enough) for name, each in sides.items()}


def _again(head: Head, group: OnLists, rest: OnLists, by_bin: Counts, policy: Policy) -> Again:
    measure = policy.primary.measure
    sides = [side.side("recall" if measure == "recall" else "ppv") for side in (group, rest)]
    of_group, of_rest = (side.value if measure == "recall" else 1 - side.value for side in sides)
    fewest = policy.floors.denominator
    steady, rest_steady = (side.smaller_cell(np.full(side.n.shape, head.repeats)) >= fewest for side in sides)
    every, (at, drawn_at) = head.by_bin, head.ends
    as_they_are = (every.exact[..., None], by_bin.exact[..., None], at)
    drawn = (every.drawn, by_bin.drawn, drawn_at)
    return drawn_again(measure, (of_group, of_rest), as_they_are, drawn, (steady, steady & rest_steady))


def _curve(head: Head, division: Division) -> Curve:
    inside = division.number >= 0
    cell = (division.number * CURVE_BINS + head.scores.curve)[inside]
    size = len(division.groups) * CURVE_BINS
    n, events, foreseen = (
        np.bincount(cell, weights=each, minlength=size).reshape(-1, CURVE_BINS) / head.repeats
        for each in (None, head.observed[inside], head.scores.probability[inside])
    )
    return Curve(n, events, foreseen)
