"""
A list's children counted exactly: found, missed and flagged needlessly, of everyone and of each protected group.

Children count alike, as in the audit: sampling weights do not enter, but into how long a list is. The same families are drawn
again for every option, so that differences between options are paired. These counts are told by `told` alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from fairness.intervals import Comparison, compare_groups
from models.capacities import CAPACITIES
from training.capacities import thresholds
from training.judging import HeldOut
from training.metrics import family_weights
from training.plan import Plan
from training.study import Study

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Protected:
    """A group that the policy protects, or the pool that stands for some; `members` (n,) is of the study's rows."""

    attribute: str
    label: str
    group: str
    members: Flags


@dataclass(frozen=True, eq=False)
class Children:
    """The children held out (m,), their families as numbers, how often each is drawn (draws, m), and who is protected."""

    rows: Integers
    y: Floats
    weights: Floats
    families: Integers
    drawn: Floats
    groups: Sequence[Protected]

    @cached_property
    def sides(self) -> Floats:
        """Return who is of everyone and of each group: (m, 1 + groups), 0 or 1."""
        members = [group.members[self.rows] for group in self.groups]
        return np.column_stack([np.ones(len(self.rows)), *members]).astype(np.float64)


def children_of(study: Study, held_out: HeldOut, groups: Sequence[Protected], plan: Plan) -> Children:
    """Return the children that scores are of, whole families drawn as often as the plan says."""
    who = held_out.rows
    families = study.rows.families[who]
    return Children(
        who,
        study.rows.y[who],
        study.rows.weights[who],
        np.unique(families, return_inverse=True)[1],
        family_weights(families, plan.bootstrap, plan.seed),
        groups,
    )


class Listed:
    """
    Everyone, and each group, at a list: `found`, `missed` and `needless`, (1 + groups,) each, everyone first; `cells` are the three.

    `n` (1 + groups,) is how many children there are.
    """

    def __init__(self, children: Children, held_out: HeldOut, capacity: float) -> None:
        """`held_out` scores these children once; ties at the cut are never broken."""
        scores = held_out.log_odds[0]
        at = thresholds(scores, children.weights)[0][CAPACITIES.index(capacity)]
        self.flagged = (scores >= at).astype(np.float64)
        self._children = children
        self.n = children.sides.sum(axis=0).astype(np.int64)
        self.found, self.missed, self.needless = self.cells = self.cells_of(children.sides)

    def cells_of(self, members: Floats) -> tuple[Integers, Integers, Integers]:
        """Return how many of these children (m,) or (m, groups), 0 or 1, are found, missed and listed needlessly."""
        y, flagged = self._children.y, self.flagged
        found, missed, needless = (
            (who @ members).astype(np.int64) for who in (flagged * y, (1 - flagged) * y, flagged * (1 - y))
        )
        return found, missed, needless

    @cached_property
    def recall(self) -> tuple[float, Floats]:
        """Return the share listed of everyone with the outcome, and of every draw (draws,)."""
        (found, events), (found_again, events_again) = self._with_outcome
        return float(_share(found[:1], events[:1])[0]), _share(found_again[:, 0], events_again[:, 0])

    @cached_property
    def ppv(self) -> tuple[float, Floats]:
        """Return the share with the outcome of everyone listed, and of every draw (draws,)."""
        drawn, listed = self._children.drawn, self.flagged * self._children.y
        value = _share(self.found[:1], self.found[:1] + self.needless[:1])
        return float(value[0]), _share(drawn @ listed, drawn @ self.flagged)

    @cached_property
    def gaps(self) -> tuple[Floats, Floats]:
        """Return each group's recall minus everyone else's, (groups,), and of every draw (draws, groups)."""
        values, again = (
            _share(found[..., 1:], events[..., 1:])
            - _share(found[..., :1] - found[..., 1:], events[..., :1] - events[..., 1:])
            for found, events in self._with_outcome
        )
        return values, again

    def comparison(self, group: int) -> Comparison:
        """Compare a group's recall with everyone else's, by the interval of the audit (M8)."""
        children = self._children
        inside = children.sides[:, 1 + group] == 1
        sides = [children.y * inside, children.y * ~inside]
        return compare_groups(
            np.column_stack([self._by_family(side) for side in sides]),
            np.column_stack([self._by_family(side * self.flagged) for side in sides]),
        )[0]

    def _by_family(self, counts: Floats) -> Integers:
        return np.bincount(self._children.families, counts).astype(np.int64)

    @cached_property
    def _with_outcome(self) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
        """Return how many with the outcome are found and how many there are, of each side: as they are, and of every draw."""
        children = self._children
        events = children.y[:, None] * children.sides
        found = self.flagged[:, None] * events
        return (found.sum(axis=0), events.sum(axis=0)), (children.drawn @ found, children.drawn @ events)


def _share(part: Floats | Integers, whole: Floats | Integers) -> Floats:
    with np.errstate(invalid="ignore"):
        return np.asarray(part / whole, dtype=np.float64)
