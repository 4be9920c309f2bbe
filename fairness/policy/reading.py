"""Reads a policy for what is audited, and names every error in it at once, each with its place and what to do."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from fairness.policy.policy import AttributePolicy, Policy
from fairness.policy.text import default_policy
from fairness.scored import NOT_RECORDED
from models.errors import PolicyError, Problem
from models.shaped import read_toml, refuse, shaped

Groups = Mapping[str, Sequence[str]]

_ANOTHER = "the policy was written for another contract, or for this one before a change"


def read_policy(
    path: Path | None,
    declared: Groups,
    contract: str | None,
    today: datetime.date,
    found: Groups | None = None,
) -> tuple[Policy, str]:
    """
    Read a policy (none: that of a run that was given none) with its text; raises PolicyError naming every problem.

    `declared` are the groups of each audit attribute (none where they are whatever is found), `contract` is the digest of the
    contract that declares them, None where it is not known. Nobody has agreed to anything on a day after `today`. `found` are the
    groups that a table of children has, where one is at hand: a policy names groups that are declared or found.
    """
    if path is None:
        return default_policy(declared, contract)
    document, text = read_toml(path, "policy", PolicyError)
    policy, problems = shaped(Policy, document, "policy")
    refuse(path, [*problems, *_wrong(policy, declared, contract, found), *_not_yet(policy, today)], PolicyError)
    return policy, text


def unmet(policy: Policy, declared: Groups, found: Groups | None = None) -> Iterator[Problem]:
    """Yield whatever a policy asks of an attribute or a group that is not audited: not declared, and not `found`."""
    for asked in policy.attributes:
        place = f"attribute › {asked.name}"
        if asked.name not in declared:
            yield Problem(place, "no attribute of that name is audited", _one_of(list(declared)))
        # An attribute that neither maps nor labels its values declares no groups: they are whatever is found.
        elif declared[asked.name] or found is not None:
            yield from _unknown(place, asked, declared[asked.name], None if found is None else found[asked.name])
    for intersection in policy.intersections:
        for name in intersection.attributes:
            if name not in declared:
                yield Problem(f"intersection › {name}", "no attribute of that name is audited", _one_of(list(declared)))


def _wrong(policy: Policy, declared: Groups, contract: str | None, found: Groups | None) -> Iterator[Problem]:
    if None not in {policy.contract, contract} and policy.contract != contract:
        yield Problem(
            "contract", _ANOTHER, "Audit by that one, or write the policy again for this one (earlyid policy)."
        )
    yield from unmet(policy, declared, found)


def _unknown(
    place: str, asked: AttributePolicy, declared: Sequence[str], found: Sequence[str] | None
) -> Iterator[Problem]:
    known = {*declared, *(found or ()), NOT_RECORDED}
    what_is = "is declared" if found is None else "is declared or found"
    # What was found is of children, and not for a message.
    remedy = _one_of([*declared, NOT_RECORDED]) if declared else "Write it as it stands in the table."
    named = [("protects", asked.protects), *((f"pools › {pool}", each) for pool, each in asked.pools.items())]
    for what, groups in named:
        for group in groups:
            if group not in known:
                yield Problem(f"{place} › {what} › {group}", f"no group of that name {what_is}", remedy)


def _one_of(names: Sequence[str]) -> str:
    return f"Use one of {', '.join(names)}." if names else "Take it out."


def _not_yet(policy: Policy, today: datetime.date) -> Iterator[Problem]:
    if policy.agreed is not None and policy.agreed > today:
        yield Problem("agreed", f"{policy.agreed.isoformat()} is still to come", "Give the day on which it was agreed.")
