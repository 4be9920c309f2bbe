"""
Verdicts of all groups of a head (M8), from what was found of each measure.

The groups of one measure at one list are judged together, in two families: those that the policy protects, and all others; so
looking at more attributes makes nothing easier or harder for the protected ones. A protected group is among the first once: itself,
or where it is too small to be judged the pool that stands for it. A pool that stands for nobody is among the others: writing one into
a policy changes nothing for groups that do not need it.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from fairness.audited import NOT_JUDGED
from fairness.engine.divisions import Division
from fairness.engine.found import Found
from fairness.policy.policy import Policy
from fairness.verdicts import decided

Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]

# Where the policy's name of a measure is another: the gap of a share is that of its complement, the other way about.
_POLICY_NAMES = {"ppv": "fdr"}


def margin_of(policy: Policy, measure: str) -> float | None:
    """Return the margin that the policy has for a measure; None where it asks nothing of it."""
    margin: float | None = getattr(policy.margins, _POLICY_NAMES.get(measure, measure), None)
    return margin


def verdicts(
    found: Sequence[Mapping[str, Found]], divisions: Sequence[Division], policy: Policy
) -> list[dict[str, Integers]]:
    """Return the verdict of every measure (lists or 1, groups) of each division."""
    given: list[dict[str, Integers]] = [{} for _ in found]
    cuts = np.cumsum([len(each.groups) for each in divisions])[:-1]
    for measure in found[0]:
        parts = [each[measure] for each in found]
        protected = np.concatenate(_protected(divisions, [each.enough for each in parts], policy), axis=1)
        said = _said(Found.together(parts), protected, margin_of(policy, measure))
        for one, part in zip(given, np.split(said, cuts, axis=1), strict=True):
            one[measure] = part
    return given


def _protected(divisions: Sequence[Division], enough: Sequence[Flags], policy: Policy) -> list[Flags]:
    """Return who is in the family of protected groups, (lists or 1, groups) of each division: each of them once, or its pool."""
    family = [np.zeros_like(some) for some in enough]
    at = {(each.name, each.kind): place for place, each in enumerate(divisions)}
    for asked in (each for each in policy.attributes if (each.name, "attribute") in at):
        alone, pools = at[asked.name, "attribute"], at.get((asked.name, "pooled"))
        for group in asked.protects:
            place, pool = divisions[alone].groups.index(group), asked.pool_of(group)
            pooled = asked.by_pool(group, enough[alone][:, place])
            family[alone][:, place] = ~pooled
            if pools is not None and pool is not None:
                family[pools][:, divisions[pools].groups.index(pool)] |= pooled
    return family


def _said(found: Found, protected: Flags, margin: float | None) -> Integers:
    """Return the verdicts of the groups of all divisions, (lists or 1, groups)."""
    if margin is None:
        return np.full(found.value.shape, NOT_JUDGED, dtype=np.int64)
    low, high, p = found.gap_low, found.gap_high, found.p_beyond(margin)
    among, others = (decided(low, high, np.where(family, p, np.nan), margin) for family in (protected, ~protected))
    return np.where(protected, among, others)
