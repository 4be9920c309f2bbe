"""
Champion against challenger, as the pack tells it: both models on the children whom both scored, overall and by group.

Differences have the interval of draws of whole families, the same draws for both. What is told is worked out from rounded
counts; where fewer than ten children have moved, a difference is told without an interval.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fairness.champion.both import Both, both
from fairness.champion.drawn import Draws, Line
from fairness.champion.new_gap import Moved, Says, change_of, half_margin, measure_of
from fairness.champion.told import hidden_line, told_group, told_line
from fairness.disclosure.hiding import hiding
from fairness.group_shares import Grouping, grouping
from fairness.intervals import RESAMPLES
from fairness.policy.policy import Policy
from models.small_numbers import rounded

Told = dict[str, Any]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


def compared(
    challenger: pd.DataFrame,
    champion: pd.DataFrame,
    groups: Mapping[str, Sequence[str]],
    policy: Policy,
    capacity: float,
) -> Told:
    """
    Return what may be told of the challenger beside the champion: two scored tables (`fairness.scored`).

    `groups` declares the groups of each attribute; both lists hold at most `capacity` of the children. Raises DataError where the
    two cannot be compared.
    """
    heads = [_head(each, groups, policy) for each in both(champion, challenger, list(groups), capacity)]
    said = [line["says"] for head in heads for attribute in head["attributes"] for line in attribute["groups"]]
    says = list(Says)
    return {
        "capacity": capacity,
        "measure": measure_of(policy),
        "half_margin": half_margin(policy),
        "resamples": RESAMPLES,
        "says": [each.value for each in says],
        "new_gaps": said.count(says.index(Says.NEW)),
        "could_not_tell": said.count(says.index(Says.CANNOT_TELL)),
        "compared": heads,
    }


def _head(children: Both, groups: Mapping[str, Sequence[str]], policy: Policy) -> Told:
    draws, nobody = Draws(children), np.zeros(len(children.observed), dtype=np.int64)
    (everyone,) = draws.lines(nobody, 1)
    moves = _Moves(children, policy)
    groupings = [grouping(name, children.groups[name], declared, policy) for name, declared in groups.items()]
    only_champion, only_challenger = children.only
    return {
        "landmark": children.landmark,
        "outcome": children.outcome,
        "n": rounded(len(children.observed)),
        "events": rounded(int(children.observed.sum())),
        "only_challenger": rounded(only_challenger),
        "only_champion": rounded(only_champion),
        "overall": {"group": None, "protected": False, **told_line(everyone, moves.table(nobody == 0), policy)},
        "attributes": [_attribute(each, draws, everyone, moves, policy) for each in groupings],
    }


class _Moves:
    """Who moves on to the list and off it, and for whom of the deciding measure's own children that is the better."""

    def __init__(self, children: Both, policy: Policy) -> None:
        before, after = children.listed
        y, recall = children.observed, measure_of(policy) == "recall"
        self._ways = {
            "on": after & ~before,
            "off": before & ~after,
            "stays_on": before & after,
            "stays_off": ~before & ~after,
        }
        on, off = self._ways["on"], self._ways["off"]
        self._better, self._worse = (on & y, off & y) if recall else ((on & y) | (off & ~y), (on & ~y) | (off & y))

    def table(self, rows: Flags) -> dict[str, int]:
        """Return how many of these children go which way."""
        return {way: int((went & rows).sum()) for way, went in self._ways.items()}

    def moved(self, rows: Flags) -> tuple[Moved, Moved]:
        """Return these children's moves that count, and everyone else's."""
        ours, theirs = (Moved(int((self._better & who).sum()), int((self._worse & who).sum())) for who in (rows, ~rows))
        return ours, theirs


def _attribute(each: Grouping, draws: Draws, everyone: Line, moves: _Moves, policy: Policy) -> Told:
    """Return an attribute's lines; children of hidden groups are counted with the largest from the start."""
    hidden, largest = hiding(each.sizes.tolist())
    place = np.where(np.array(hidden)[each.place], largest, each.place) if largest is not None else each.place
    lines = draws.lines(place, len(each.groups))
    return {
        "attribute": each.name,
        "hidden_in": None if largest is None else each.groups[largest],
        "groups": list(_lines(each, hidden, place, lines, (everyone, moves, policy))),
    }


def _lines(
    each: Grouping, hidden: Sequence[bool], place: Integers, lines: Iterator[Line], of: tuple[Line, _Moves, Policy]
) -> Iterator[Told]:
    everyone, moves, policy = of
    for g, (group, line) in enumerate(zip(each.groups, lines, strict=True)):
        named = {"group": group, "protected": each.protected[g]}
        if hidden[g] or not line.n[0]:
            yield named | hidden_line(0 if not hidden[g] else None)
            continue
        rows = place == g
        change = change_of(line, everyone.without(line), moves.moved(rows), policy)
        yield named | told_group(line, everyone, moves.table(rows), change, policy)
