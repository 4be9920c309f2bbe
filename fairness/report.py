"""
What `audit.json` holds: the policy that was asked, and of every list, group and measure what may be told.

Everything in it has passed through `fairness.disclosure`; pack, tables and model card are drawn from it alone.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fairness.audited import VERDICTS
from fairness.cell import cell
from fairness.intervals import RESAMPLES
from fairness.policy.policy import Policy
from fairness.scored import NOT_RECORDED
from models.canonical import digest
from models.small_numbers import FEWEST, NEAREST

FORMAT = 2
# A measure of a group, in this order; a verdict is its place among the phrases.
FIELDS = ("value", "low", "high", "gap", "gap_low", "gap_high", "smallest_gap", "verdict")
Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Labels:
    """What landmarks, outcomes and audit attributes are called, by name."""

    landmarks: Mapping[str, str]
    outcomes: Mapping[str, str]
    attributes: Mapping[str, str]


def report(
    policy: Policy,
    policy_text: str,
    labels: Labels,
    listed: Mapping[str, Any],
    foresight: Sequence[Part],
    *,
    not_computed: Mapping[str, str],
    **others: Any,
) -> Part:
    """
    Return the audit of one list, as it is written.

    `listed` is of that list (its `capacity` and `audits`), `foresight` of all that does not depend on it; `others` are further
    parts by name (segments, coverage, linkage, champion), and `not_computed`: what is missing, and why; to which is added how many
    combinations of two attributes nobody is in and are not listed.
    """
    return {
        "format": FORMAT,
        "minimum_cell": FEWEST,
        "rounded_to": NEAREST,
        "small_group": policy.floors.children,
        "resamples": RESAMPLES,
        "fields": list(FIELDS),
        "verdicts": [phrase.value for phrase in VERDICTS],
        "labels": {name: dict(getattr(labels, name)) for name in ("landmarks", "outcomes", "attributes")},
        "policy": asked(policy, policy_text),
        **listed,
        "foresight": list(foresight),
        **others,
        "not_computed": {**not_computed, **_unlisted(listed["audits"])},
    }


def _unlisted(audits: Sequence[Part]) -> Part:
    """Return of which two attributes how many combinations have no line, at most, of groups that are recorded."""
    missing: dict[str, int] = {}
    for parts in (head["attributes"] for head in audits):
        named = {(each["attribute"], each["kind"]): [line["group"] for line in each["groups"]] for each in parts}
        for each in (each for each in parts if each["kind"] == "intersection"):
            pair = [
                [group for group in named[name, "attribute"] if group != NOT_RECORDED]
                for name in each["attribute"].split(" × ")
            ]
            left = {cell(*both) for both in itertools.product(*pair)}.difference(
                named[each["attribute"], "intersection"]
            )
            missing[each["label"]] = max(missing.get(each["label"], 0), len(left))
    said = [f"{label}, {count}" for label, count in missing.items() if count]
    return (
        {"combinations": f"Combinations of two groups that hold no child are not listed: {'; '.join(said)}."}
        if said
        else {}
    )


def asked(policy: Policy, policy_text: str) -> Part:
    """Return what a policy asks, with the digest of the file that says so."""
    return {
        "digest": digest(policy_text.encode()),
        "owner": policy.owner,
        "agreed": None if policy.agreed is None else policy.agreed.isoformat(),
        "primary": policy.primary.model_dump(),
        "margins": policy.margins.model_dump(exclude={"reason"}),
        "floors": policy.floors.model_dump(),
        "protects": {each.name: list(each.protects) for each in policy.attributes if each.protects},
        "pools": {
            each.name: {pool: list(groups) for pool, groups in each.pools.items()}
            for each in policy.attributes
            if each.pools
        },
        "intersections": [list(each.attributes) for each in policy.intersections],
    }
