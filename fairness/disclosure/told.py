"""
What may be told of an audit: every number that people read of groups is told here, once, for all pages and files.

What is told are counts to the nearest five (`rounding`), and figures worked out from told counts (`shares`, `standing`, `curves`);
shares with ten or more in every cell, of the group and of everyone else, are told by their exact counts, to a whole point (`exactly`).
A group of one to nine children is hidden and counted with the attribute's largest, and less is told wherever a small count would
come out of all that is told together (`withheld`). Of exact counts are also

- verdicts, and who lies beyond the margin though too few to be judged: told where no small count comes out by them (`verdicts`);
- design effects, to one decimal, and the reach of a bootstrap's interval, to a whole point, where every cell holds fifty;
- the second interval, by how many tenths wider it is than the first (`again`): of draws that nobody else has, and of ten families;
- how many groups could be judged and how many narrowly (`judged`): of all attributes together, and each of many children;
- AUC, intercept and slope, to two places, where more than ten had the outcome and more than ten had not; how many were foreseen,
  to a whole child, is a sum of probabilities and no count; a curve's bins hold fifty children, and ten of either kind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fairness.audited import HeadAudit
from fairness.disclosure.exactly import tell_exactly
from fairness.disclosure.lines import Lines
from fairness.disclosure.tallies import Nested, tallies
from fairness.disclosure.withheld import telling
from fairness.policy.policy import Policy

Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """`audits`: at each capacity, what is told of each landmark and outcome at that length of the list; `foresight`: whatever the list."""

    audits: tuple[list[Part], ...]
    foresight: list[Part]


def told(heads: Sequence[HeadAudit], policy: Policy, labels: Mapping[str, str], nested: Nested) -> Told:
    """
    Return what may be told of an audit, as `audit.json` has it.

    `labels` names the attributes for people; `nested` says which attribute is a finer grouping of another (`disclosure.nested`).
    """
    audits: list[list[Part]] = []
    foresight = []
    for head in heads:
        how = telling(tallies(head, policy, nested))
        tell_exactly(how)
        one = Lines(head, policy, labels, how)
        audits.append(one.audits())
        foresight.append(one.foresight())
    return Told(tuple(list(each) for each in zip(*audits, strict=True)), foresight)
