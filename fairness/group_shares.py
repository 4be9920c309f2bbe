"""
Shares of children by group, for audits that are not of a list: who is refused, who is offered something, who is known of.

Each share has the interval of M8, and each group's is set beside everyone else's and judged as any other gap;
`fairness.told_shares` says what may be told of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairness.audited import VERDICTS
from fairness.disclosure.counts import of_groups
from fairness.intervals import Comparison, Share, compare_groups, share_of
from fairness.policy.policy import Policy
from fairness.scored import NOT_RECORDED
from fairness.told_shares import NOTHING, Compared, told_attribute, told_value
from fairness.verdicts import Finding, Support, judge

Integers = NDArray[np.int64]
Told = dict[str, Any]
Counts = Mapping[str, tuple[int | None, int | None]]


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """One attribute: its groups, which of them the policy protects, and the place of each child's among them, (children,)."""

    name: str
    groups: tuple[str, ...]
    protected: tuple[bool, ...]
    place: Integers

    @property
    def sizes(self) -> Integers:
        """How many children there are of each group, (groups,)."""
        return np.bincount(self.place, minlength=len(self.groups))


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """
    A share: of whom (`whole`), who of them has it (`part`), (children,) each; judged where it has a margin.

    Where it is of things of which each child has `per` (features), whole and part are how many of them.
    """

    whole: Integers
    part: Integers
    margin: float | None = None
    per: int = 1


def grouping(name: str, found: NDArray[np.str_], declared: Sequence[str], policy: Policy) -> Grouping:
    """Return an attribute's groups: those declared, then those found, then *not recorded*."""
    names, which = np.unique(found, return_inverse=True)
    given = [group for group in dict.fromkeys([*declared, *names.tolist()]) if group != NOT_RECORDED]
    groups = (*given, NOT_RECORDED)
    places = np.array([groups.index(group) for group in names.tolist()], dtype=np.int64)
    protects = policy.of(name).protects
    return Grouping(name, groups, tuple(group in protects for group in groups), places[which])


def shares_by_group(
    measures: Mapping[str, Measured], family: NDArray[np.str_], groupings: Sequence[Grouping], policy: Policy
) -> Told:
    """
    Return what may be told of each measure, of all children (`figures`) and of each group of each attribute (`attributes`).

    A measure's groups of all attributes are judged together: those that the policy protects, and apart from them all others.
    """
    families, of_family = np.unique(family, return_inverse=True)
    everyone: dict[str, Share] = {}
    compared: dict[str, list[list[Comparison]]] = {}
    for name, measured in measures.items():
        rows = _Rows(of_family, len(families), measured)
        n, hits = rows.counts(np.zeros_like(of_family), 1)
        everyone[name] = share_of(n[:, 0], hits[:, 0])
        compared[name] = [compare_groups(*rows.counts(each.place, len(each.groups))) for each in groupings]
    verdicts = {name: judged(compared[name], groupings, measures[name].margin, policy) for name in measures}
    counts = {name: _told_counts(compared[name], groupings, measures[name].per) for name in measures}
    return {
        "figures": {name: [*told_value(share, measures[name].per), *NOTHING[3:]] for name, share in everyone.items()},
        "attributes": [
            {
                "attribute": each.name,
                **told_attribute(
                    each.groups,
                    each.protected,
                    each.sizes.tolist(),
                    {
                        name: Compared(
                            compared[name][i], verdicts[name][i], measures[name].per, counts[name][each.name]
                        )
                        for name in measures
                    },
                    policy.floors.children,
                ),
            }
            for i, each in enumerate(groupings)
        ],
    }


def judged(
    compared: Sequence[Sequence[Comparison]], groupings: Sequence[Grouping], margin: float | None, policy: Policy
) -> list[list[int | None]]:
    """Return each comparison's verdict, as its place among the four; None of a measure without a margin."""
    found: list[list[int | None]] = [[None] * len(each.groups) for each in groupings]
    if margin is None:
        return found
    every = [(i, g) for i, each in enumerate(groupings) for g in range(len(each.groups))]
    floor = Support(policy.floors.children, policy.floors.denominator)
    for protected in (True, False):
        asked = [(i, g) for i, g in every if groupings[i].protected[g] == protected]
        findings = [_finding(compared[i][g]) for i, g in asked]
        for (i, g), verdict in zip(asked, judge(findings, margin, floor), strict=True):
            found[i][g] = VERDICTS.index(verdict)
    return found


def _told_counts(
    compared: Sequence[Sequence[Comparison]], groupings: Sequence[Grouping], per: int
) -> Mapping[str, Counts]:
    """Return whole and part of every group as they may be told, in children."""
    return of_groups(
        {
            each.name: {
                group: (round(one.group.n / per), round(one.group.hits / per))
                for group, one in zip(each.groups, compared[i], strict=True)
            }
            for i, each in enumerate(groupings)
        }
    )


def _finding(comparison: Comparison) -> Finding:
    group, rest = comparison.group, comparison.rest
    return Finding(comparison.gap, Support(group.n, group.n), Support(rest.n, rest.n))


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Which of so many families each child is of, (children,), and what is measured of the children."""

    family: Integers
    families: int
    measured: Measured

    def counts(self, place: Integers, places: int) -> tuple[Integers, Integers]:
        """Return each family's whole and part in each place: (families, places) each."""
        cell, size = self.family * places + place, self.families * places
        whole, part = (
            np.bincount(cell, weights=which, minlength=size).astype(np.int64).reshape(-1, places)
            for which in (self.measured.whole, self.measured.part)
        )
        return whole, part
