"""The audit of a table of scored children, on its own: by what the table says of itself, and a policy."""

from pathlib import Path
from typing import Any

import pandas as pd

from fairness.champion.compared import compared
from fairness.disclosure.nested import nested
from fairness.disclosure.told import told
from fairness.engine.audit import audited
from fairness.policy.policy import Policy
from fairness.report import Labels, report
from fairness.scored_file import Described, own, read_scored
from fairness.segment.run import segments

Part = dict[str, Any]
# The halves of a search for the worst segment are drawn from it.
_SEED = 20_260_901
_NOT_HERE = {
    "coverage": "A table of scored children does not hold those who could not be scored; the pack of a bundle tells of them.",
    "pooled": "A table of scored children does not say whose models scored them; the pack of a bundle does.",
    "linkage": "A table of scored children says nothing of how their records were linked; the pack of a bundle does.",
    "champion": "There was no model in use to set beside this one: --champion takes the scores of one on the same children.",
}


def audit_of_scored(
    table: pd.DataFrame, words: Described, policy: Policy, policy_text: str, champion: Path | None
) -> Part:
    """
    Return the audit of a scored table at the list that its column `flagged` is, as it may be told.

    `champion` is the scored table of the model in use, on the same children, where there is one.
    """
    labels = Labels(words.landmarks, words.outcomes, words.attributes)
    place = 1 - table["flagged"].to_numpy(dtype="int64")
    heads = audited(table, place, words.groups, (words.capacity,), policy)
    found = told(heads, policy, words.attributes, nested(table, [*words.groups]))
    others: Part = {}
    if champion is not None:
        before = own(*read_scored(champion))
        others["champion"] = compared(own(table, words), before, words.groups, policy, words.capacity)
    return report(
        policy,
        policy_text,
        labels,
        {"capacity": words.capacity, "audits": found.audits[0]},
        found.foresight,
        segments=list(segments(table, [*words.groups], words.attributes, found, _SEED)),
        not_computed={name: why for name, why in _NOT_HERE.items() if name not in others},
        **others,
    )
