"""The measures of a division that depend on the length of the list: shares of children, and net benefit."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairness.engine.families import InFamilies, in_families
from fairness.engine.found import Found, Valued, by_bootstrap
from fairness.engine.head import Counts, Head
from fairness.engine.judging import margin_of
from fairness.engine.measures import SHARES, Part, net_benefit, shares
from fairness.engine.shares import shares_found, side_of
from fairness.policy.policy import Policy
from fairness.sides import Side

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class OnLists:
    """Hits and rows of each of SHARES of the groups or of the rest of each, exact and of each resample, and their families."""

    exact: dict[str, Part]
    drawn: dict[str, Part]
    come: dict[str, InFamilies]

    def side(self, name: str) -> Side:
        """Return one share as a side of a gap."""
        return side_of(self.exact[name], self.drawn[name], self.come[name])

    def families_of_both(self) -> Floats:
        """Return the families of children with the outcome, or of those without it if fewer (1, groups)."""
        return np.minimum(self.come["recall"].families, self.come["fpr"].families)

    def net_benefit(self, odds: Floats, families: int) -> Valued:
        """Return the net benefit at the odds of each list's threshold, steady where so many families are on the list."""
        values = net_benefit(self.exact, odds), net_benefit(self.drawn, odds)
        return Valued(*values, self.come["ppv"].families >= families)


def on_lists(head: Head, number: Integers, counts: Counts) -> tuple[OnLists, OnLists]:
    """
    Return the groups, and the rest of each, on all lists.

    `number` (rows,) is a row's place among the groups (under 0: in none), and `counts` the rows by place.
    """
    every = head.by_place
    come = in_families(head.families, head.listed, number, (2, head.lists + 1, counts.exact.shape[2]))
    rest = Counts(every.exact - counts.exact, every.drawn - counts.drawn)
    inside, outside = (
        OnLists(shares(side.exact), shares(side.drawn), families)
        for side, families in zip((counts, rest), come, strict=True)
    )
    return inside, outside


def correlations(head: Head) -> dict[str, Floats]:
    """Return how alike the rows of one family are in each of SHARES, (lists, 1) each."""
    everyone, _ = on_lists(head, np.zeros(len(head.observed), dtype=np.int64), head.by_place)
    return {name: everyone.side(name).correlation() for name in SHARES}


def listed(head: Head, group: OnLists, rest: OnLists, alike: dict[str, Floats], policy: Policy) -> dict[str, Found]:
    """Return each of LISTED of the groups; `alike` are everyone's correlations."""
    n = [side.exact["selection_rate"].n for side in (group, rest)]
    found = {}
    for name in SHARES:
        sides = group.side(name), rest.side(name)
        enough = head.enough(n, [side.n for side in sides], policy)
        found[name] = shares_found(*sides, alike[name], margin_of(policy, name), enough)
    benefit, of_rest = (side.net_benefit(head.odds, policy.floors.denominator) for side in (group, rest))
    return found | {"net_benefit": by_bootstrap(benefit, of_rest, None, enough)}
