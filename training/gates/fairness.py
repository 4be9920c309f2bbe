"""
The gate of fairness (M8): no group that a board protects falls short of everyone else's recall by more than was agreed.

Recall is the share of the children with the outcome who are on the team's list. A protected group's shortfall blocks; gaps in
its favour, and gaps of groups that nobody named, are for the audit to show. The groups that the policy names are judged
together, and no others: a contract that audits more attributes is no easier to pass. A group too small to be judged does not
block beside one that was; where none could be judged the gate was not asked of anybody, and that is no pass.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from fairness.audit import MINIMUM_CELL
from fairness.intervals import Comparison, compare_groups
from fairness.scored import audit_column
from fairness.verdicts import Finding, Support, Verdict, judge
from models.contract import Contract
from models.gates import Gate
from training.plan import Plan
from training.plan_parts import FairnessPlan
from training.scores import once_each

# Children in the group and in the rest, and those of them with the outcome (M8).
FLOOR = Support(n=100, denominator=10)
_NOBODY = "Nobody has agreed what to ask of the gaps between groups."
_AGREE = (
    "Agree with the governance board which groups to protect and by what margin; write it into the plan's [fairness]."
)
_LOOK = (
    "Look with the board at what is recorded of these groups and how; learn again with what was put right, or draw the bands "
    "for a longer list, and ask again."
)
_MORE = (
    "Judge more children (more cohorts), or agree with the board on wider groups to protect; until then nothing is known of how "
    "these groups fare."
)


@dataclass(frozen=True, slots=True)
class _Group:
    """One protected group, how its recall compares with everyone else's, and how many children there are on each side."""

    name: str
    comparison: Comparison
    children: tuple[int, int]

    @property
    def finding(self) -> Finding:
        """What is judged of it: the gap, and the children and those with the outcome that it rests on on either side."""
        sides = zip(self.children, (self.comparison.group, self.comparison.rest), strict=True)
        return Finding(self.comparison.gap, *(Support(count, share.n) for count, share in sides))

    @property
    def gap(self) -> float:
        """Its recall less everyone else's; 0 where either has nobody with the outcome."""
        return self.comparison.gap.value if self.comparison.gap is not None else 0.0

    @property
    def enough(self) -> bool:
        """Whether either side has as many children, and as many with the outcome, as it takes to be judged at all."""
        sides = (self.finding.group, self.finding.rest)
        return all(side.n >= FLOOR.n and side.denominator >= FLOOR.denominator for side in sides)

    @property
    def may_be_told(self) -> bool:
        """Whether its gap rests on no small count: of those with the outcome, on the list and not, on either side."""
        sides = (self.comparison.group, self.comparison.rest)
        return all(min(side.hits, side.n - side.hits) >= MINIMUM_CELL for side in sides)


def fairness_gate(scored: pd.DataFrame, contract: Contract, plan: Plan) -> list[Gate]:
    """
    Return a gate for each landmark and outcome of a scored table, in its order; one for the whole run without a policy.

    Each child counts once: of several repeats, the first. Sampling weights do not enter: the gaps are those of the children
    judged.
    """
    if plan.fairness.owner is None:
        threshold = "a policy that somebody has agreed to"
        return [_gate((None, None), threshold, verdict="blocked", words=_NOBODY, next=_AGREE)]
    by_head = once_each(scored).groupby(["landmark", "outcome"], sort=False)
    return [_of_head(head, part, contract, plan.fairness) for head, part in by_head]


def _of_head(head: tuple[str, str], part: pd.DataFrame, contract: Contract, policy: FairnessPlan) -> Gate:
    groups = _protected(part, contract, policy)
    verdicts = judge([group.finding for group in groups], policy.margin, FLOOR)
    judged = list(zip(groups, verdicts, strict=True))
    short = [group for group, verdict in judged if verdict is Verdict.LARGER_THAN_AGREED and group.gap < 0]
    nobody = not any(group.enough for group in groups)
    lowest = min((each for each in short or groups if each.may_be_told), key=lambda each: each.gap, default=None)
    return _gate(
        head,
        f"at most {policy.margin * 100:g} points below everyone else's",
        **_figures(lowest),
        verdict="blocked" if short or nobody else "passed",
        words=" ".join(_sentences(judged, short, lowest)),
        next=_LOOK if short else _MORE * nobody,
    )


def _protected(part: pd.DataFrame, contract: Contract, policy: FairnessPlan) -> list[_Group]:
    labels = {attribute.name: attribute.label for attribute in contract.audit}
    return [
        _Group(f"{name} ({labels[attribute]})", comparison, children)
        for attribute, names in policy.protects.items()
        for name, (comparison, children) in zip(names, _compared(part, attribute, names), strict=True)
    ]


def _compared(
    part: pd.DataFrame, attribute: str, names: tuple[str, ...]
) -> Iterator[tuple[Comparison, tuple[int, int]]]:
    """Yield, for each of some groups of an attribute, its recall beside everyone else's, and the children on each side."""
    places = len(names) + 1
    # Whoever is in none of them is in the last place.
    place = pd.Index(names).get_indexer(part[audit_column(attribute)].astype(str)) % places
    had, listed = part["observed"].to_numpy() == 1, part["flagged"].to_numpy(dtype=np.bool_)
    families, of_family = np.unique(part["family"].to_numpy(dtype=np.str_)[had], return_inverse=True)
    cell, size = of_family * places + place[had], len(families) * places
    n, hits = (np.bincount(which, minlength=size).reshape(-1, places) for which in (cell, cell[listed[had]]))
    children = np.bincount(place, minlength=places).tolist()
    for count, comparison in zip(children[:-1], compare_groups(n, hits), strict=False):
        yield comparison, (count, len(part) - count)


def _sentences(judged: list[tuple[_Group, Verdict]], short: list[_Group], lowest: _Group | None) -> Iterator[str]:
    unjudged = sum(not group.enough for group, _ in judged)
    if unjudged == len(judged):
        yield "Nothing could be told of any protected group: each has too few children, or too few with the outcome."
    elif unjudged:
        yield f"{unjudged} of {len(judged)} protected groups could not be judged: too few children, or too few with the outcome."
    if short:
        yield f"Recall is further below everyone else's than agreed: {_names(short)}."
    elif unjudged < len(judged):
        yield "No protected group's recall was shown to be further below everyone else's than agreed."
    watched = [group for group, verdict in judged if verdict is Verdict.KEEP_WATCHING and group.gap < 0]
    if watched:
        yield f"Possible gap, keep watching: {_names(watched)}."
    if untold := sum(verdict is Verdict.CANNOT_TELL for _, verdict in judged):
        yield f"Not enough data to tell: {untold} of {len(judged)} groups."
    if lowest is not None:
        yield f"The gap shown is of {lowest.name}."


def _names(groups: list[_Group]) -> str:
    return ", ".join(group.name for group in groups)


def _figures(group: _Group | None) -> dict[str, float | None]:
    """Return a gap and its interval to a tenth of a point; None where there is none that may be told."""
    if group is None or group.comparison.gap is None:
        return dict.fromkeys(("value", "low", "high"))
    low, high = group.comparison.gap.bounds
    return {"value": round(group.gap, 3), "low": round(low, 3), "high": round(high, 3)}


def _gate(head: tuple[str | None, str | None], threshold: str, **found: Any) -> Gate:
    landmark, outcome = head
    return Gate(
        code="fairness",
        kind="release",
        label="Recall of protected groups",
        landmark=landmark,
        outcome=outcome,
        threshold=threshold,
        **found,
    )
