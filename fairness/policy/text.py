"""The policy of a run that was given none, spelled out as TOML, and what each of its fields means."""

from collections.abc import Mapping, Sequence

from fairness.policy.policy import AttributePolicy, Policy
from models.toml_text import About, spelled_out, toml_value

_WORDS = {
    "format": "The form of this file.",
    "contract": "The digest of the contract it was written for: with another one, or a changed one, it is refused.",
    "owner": "nobody has agreed to this yet, and until somebody has, no release passes.",
    "agreed": "the day on which the owner agreed.",
    "primary": "The measure that decides (recall, or fdr: needless flags among those flagged), and why it is that one.",
    "margins": "By how much a group may differ from everyone else: 0.05 of a share is five points.",
    "margins.reason": "why a margin is above 0.1.",
    "floors": "How many children a group, and everyone else, must have to be judged: in all, and in a measure's denominator.",
    "attribute": "What is asked of each audit attribute: whom it protects (a shortfall blocks), and who is judged together if too few.",
    "attribute.protects": "no group of this attribute can block a release; those that the contract declares:",
    "attribute.pools": 'Groups judged together where they are too few alone: "name" = ["group", "group"].',
    "intersection": 'pairs of attributes to look at together, twelve at most: [[intersection]] attributes = ["one", "another"]',
}
_TITLE = "What a board asks of the gaps between groups. Agree on it before results are seen."


def default_policy(declared: Mapping[str, Sequence[str]], contract: str | None) -> tuple[Policy, str]:
    """
    Return the policy of a run that was given none, with its text: nobody has agreed to it, and it protects no group.

    `declared` are the groups of each audit attribute, `contract` the digest of the contract they come from.
    """
    attributes = tuple(AttributePolicy(name=name) for name in declared)
    policy = Policy(contract=contract, attributes=attributes)
    return policy, _spelled_out(policy, declared)


def _spelled_out(policy: Policy, declared: Mapping[str, Sequence[str]]) -> str:
    fields = policy.model_dump(mode="json", by_alias=True)
    asked = fields.pop("attribute")
    head = spelled_out(fields, _TITLE, About(_WORDS, {}))
    tables = (
        line
        for each in asked
        for line in (
            "",
            "[[attribute]]",
            f"name = {toml_value(each['name'])}",
            f"# protects, left out: {_WORDS['attribute.protects']}",
            f"# {toml_value(list(declared[each['name']]))}",
        )
    )
    return (
        "\n".join(
            [
                head.rstrip("\n"),
                "",
                f"# {_WORDS['attribute']}",
                f"# pools, left out: {_WORDS['attribute.pools']}",
                *tables,
            ]
        )
        + "\n"
    )
