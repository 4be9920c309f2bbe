"""The audit of a run: every list, every group, the worst segments and who is missing, as it may be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from fairness.audited import HeadAudit
from fairness.disclosure.nested import nested
from fairness.disclosure.told import Told, told
from fairness.engine.audit import audited
from fairness.policy.policy import Policy
from fairness.report import Labels, report
from fairness.segment.run import segments
from models.capacities import CAPACITIES
from models.contract import Contract
from training.scores import PLACE, groups_of_audit

Part = dict[str, Any]
_NO_CHAMPION = (
    "There was no model in use to set beside this one. With the scores of both: earlyid audit SCORED --champion FILE."
)

_NOT_POOLED = (
    "The audit is of the children that this model was judged by alone. Full evidence adds children of earlier cohorts, each judged "
    "by a model learned on cohorts before theirs. More of the small groups can then be judged."
)


@dataclass(frozen=True, slots=True, eq=False)
class AuditedRun:
    """What the audit found exactly, and what may be told of it: of each of the twenty lists, and of what goes by none."""

    heads: Sequence[HeadAudit]
    told: Told
    segments: Sequence[Part]

    def at(self, capacity: float) -> Part:
        """Return what is told of one list."""
        return {"capacity": capacity, "audits": self.told.audits[CAPACITIES.index(capacity)]}


def audit_run(contract: Contract, scored: pd.DataFrame, policy: Policy, seed: int) -> AuditedRun:
    """Audit the held-out rows of a run at each of the twenty capacities; children count once, whatever their sampling weights."""
    groups = groups_of_audit(contract)
    heads = audited(scored, scored[PLACE].to_numpy(), groups, CAPACITIES, policy)
    labels = labels_of(contract).attributes
    found = told(heads, policy, labels, nested(scored, [*groups]))
    return AuditedRun(heads, found, list(segments(scored, [*groups], labels, found, seed)))


def report_of(
    contract: Contract,
    policy: Policy,
    policy_text: str,
    run: AuditedRun,
    capacity: float,
    *,
    pooled: Sequence[Part],
    **others: Any,
) -> Part:
    """
    Return the audit at one of the twenty capacities, as the bundle holds it.

    `pooled` is what is told of whom the audit is of, where children of earlier cohorts were judged too.
    """
    return report(
        policy,
        policy_text,
        labels_of(contract),
        run.at(capacity),
        run.told.foresight,
        segments=list(run.segments),
        not_computed={"champion": _NO_CHAMPION} | ({} if pooled else {"pooled": _NOT_POOLED}),
        **({"pooled": list(pooled)} if pooled else {}),
        **others,
    )


def labels_of(contract: Contract) -> Labels:
    """Return what a contract calls what is audited."""
    return Labels(
        {landmark.name: landmark.label for landmark in contract.landmarks},
        {outcome.name: outcome.label for outcome in contract.outcomes},
        {attribute.name: attribute.label for attribute in contract.audit},
    )
