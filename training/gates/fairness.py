"""
The gate of fairness (M8): no group that a board protects falls short of everyone else by more than was agreed.

What is asked is the policy's primary measure: recall, or PPV (where needless flags come first). A protected group's shortfall
blocks; gaps in its favour, and gaps of groups that nobody named, are for the audit to show. A group too small to be judged alone
is asked of with its pool, where the policy names one; one that cannot be judged at all does not block beside others that were.
Where none could be judged the gate was not asked of anybody, and that is no pass. A policy that nobody has agreed to is another gate,
which nobody can except: people who decide on gaps have first said which.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fairness.audited import VERDICTS, Figures, Grouped, HeadAudit
from fairness.policy.policy import Policy
from fairness.scored import NOT_RECORDED
from fairness.verdicts import Verdict
from models.exceptions import POLICY
from models.gates import Gate

_NOBODY = "Nobody has agreed what to ask of the gaps between groups."
_AGREE = (
    "Agree with the governance board which groups to protect and by what margin; write it into a policy (earlyid policy), and "
    "train with it."
)
_LOOK = (
    "Look with the board at what is recorded of these groups and how, and at what the pack says could be done; learn again with "
    "what was put right, or draw the bands for a longer list, and ask again."
)
_MORE = (
    "Judge more children (more cohorts), or agree with the board on wider groups to protect; until then nothing is known of how "
    "these groups fare."
)
# Of the measure that a policy names first, the share that falls short.
SHORT_OF = {"recall": "recall", "fdr": "ppv"}
_NAMED = {"recall": "recall", "fdr": "share of its list that has the outcome"}


@dataclass(frozen=True, slots=True)
class _Group:
    """
    One protected group, or the pool that stands for it: its name, its gap, what was said of it, and what may be told.

    `enough` says whether there are enough to be judged, `found` whether there is any child of the group itself.
    """

    attribute: str
    group: str
    name: str
    gap: float
    verdict: Verdict
    enough: bool
    found: bool
    told: Mapping[str, Any]


def fairness_gate(
    heads: Sequence[HeadAudit], told: Sequence[Mapping[str, Any]], policy: Policy, at: int, labels: Mapping[str, str]
) -> list[Gate]:
    """
    Return a gate for each landmark and outcome, in their order; another, for the whole run, where nobody has agreed to the policy.

    `told` is, of each head, what may be told of the list whose place among the capacities is `at`; `labels` are those of the
    audit attributes. Sampling weights do not enter: the gaps are those of the children judged.
    """
    if policy.owner is None:
        return [
            Gate(
                code=POLICY,
                kind="release",
                label="A policy of the gaps between groups",
                threshold="a policy that somebody has agreed to",
                verdict="blocked",
                words=_NOBODY,
                next=_AGREE,
            )
        ]
    return [_of_head(head, lines, policy, at, labels) for head, lines in zip(heads, told, strict=True)]


def _of_head(head: HeadAudit, told: Mapping[str, Any], policy: Policy, at: int, labels: Mapping[str, str]) -> Gate:
    groups = list(_protected(head, told, policy, at, labels))
    measure = policy.primary.measure
    margin = getattr(policy.margins, measure)
    short = [group for group in groups if group.verdict is Verdict.LARGER_THAN_AGREED and group.gap < 0]
    nobody = not any(group.enough for group in groups)
    shown = [group for group in short or groups if group.enough and _figures(group, measure)["value"] is not None]
    lowest = min(shown, key=lambda group: group.gap, default=None)
    return _gate(
        (head.landmark, head.outcome),
        f"{_NAMED[measure][0].upper()}{_NAMED[measure][1:]} of protected groups",
        f"at most {margin * 100:g} points below everyone else's",
        **_figures(lowest, measure),
        verdict="blocked" if short or nobody else "passed",
        groups=tuple(f"{group.attribute}: {group.group}" for group in short),
        words=" ".join(_sentences(groups, short, lowest, _NAMED[measure])),
        next=_LOOK if short else _MORE * nobody,
    )


def _protected(
    head: HeadAudit, told: Mapping[str, Any], policy: Policy, at: int, labels: Mapping[str, str]
) -> Iterator[_Group]:
    """Yield every protected group: alone, or where that is too small, the pool that the policy has for it."""
    lines = {
        (part["attribute"], part["kind"], line["group"]): line for part in told["attributes"] for line in part["groups"]
    }
    parts = {(part.name, part.kind): part for part in head.grouped}
    for asked in policy.attributes:
        label, alone = labels.get(asked.name, asked.name), parts.get((asked.name, "attribute"))
        for group in asked.protects:
            if alone is None or group not in alone.groups:
                yield _Group(
                    asked.name,
                    group,
                    f"{group} ({label})",
                    math.nan,
                    Verdict.CANNOT_TELL,
                    enough=False,
                    found=False,
                    told={},
                )
                continue
            own = alone.groups.index(group)
            part, name = alone, group
            if asked.by_pool(group, _figures_of(alone, policy).enough[own, at]):
                part, name = parts[asked.name, "pooled"], str(asked.pool_of(group))
            figures, place = _figures_of(part, policy), part.groups.index(name)
            yield _Group(
                asked.name,
                group,
                f"{group} ({label}{f', as {name}' if part is not alone else ''})",
                float(figures.gap[place, at]),
                VERDICTS[int(figures.verdict[place, at])],
                enough=bool(figures.enough[place, at]),
                found=bool(alone.n[own] > 0) or group == NOT_RECORDED,
                told=lines[part.name, part.kind, name],
            )


def _figures_of(part: Grouped, policy: Policy) -> Figures:
    return part.figures[SHORT_OF[policy.primary.measure]]


def _sentences(groups: list[_Group], short: list[_Group], lowest: _Group | None, named: str) -> Iterator[str]:
    unjudged = sum(not group.enough for group in groups)
    untold = sum(group.verdict is Verdict.CANNOT_TELL for group in groups)
    if untold == len(groups) > unjudged:
        yield f"{_untold(untold, groups)} That none was shown to fall short is not to say that none does."
    if unjudged == len(groups):
        yield "Nothing could be told of any protected group: each has too few children, or too few to take the measure of."
    elif unjudged:
        yield f"{unjudged} of {len(groups)} protected groups could not be judged: too few children, or too few to take the measure of."
    if absent := [group for group in groups if not group.found]:
        yield f"No child of that name was found: {_names(absent)}."
    if short:
        yield f"Further below everyone else's {named} than agreed: {_names(short)}."
    elif untold < len(groups):
        yield f"No protected group was shown to be further below everyone else's {named} than agreed."
    watched = [group for group in groups if group.verdict is Verdict.KEEP_WATCHING and group.gap < 0]
    if watched:
        yield f"Possible gap, keep watching: {_names(watched)}."
    if 0 < untold < len(groups) or unjudged == len(groups):
        yield _untold(untold, groups)
    if lowest is not None:
        yield f"The gap shown is of {lowest.name}."


def _untold(untold: int, groups: list[_Group]) -> str:
    return f"Not enough data to tell: {untold} of {len(groups)} groups."


def _names(groups: list[_Group]) -> str:
    return ", ".join(group.name for group in groups)


def _figures(group: _Group | None, measure: str) -> dict[str, float | None]:
    """Return a gap and its interval as they may be told; None where there is none."""
    told = group.told["figures"].get(SHORT_OF[measure]) if group is not None and group.told else None
    return (
        dict.fromkeys(("value", "low", "high"))
        if told is None
        else dict(zip(("value", "low", "high"), told[3:6], strict=True))
    )


def _gate(head: tuple[str | None, str | None], label: str, threshold: str, **found: Any) -> Gate:
    landmark, outcome = head
    return Gate(
        code="fairness",
        kind="release",
        label=label,
        landmark=landmark,
        outcome=outcome,
        threshold=threshold,
        **found,
    )
