"""The release gates that go by how long the team's list is: asked at each of the twenty capacities, so that bands can be drawn again."""

from collections.abc import Iterator, Sequence

from models.capacities import CAPACITIES
from models.gates import Gate
from training.audited import AuditedRun
from training.findings import Findings
from training.gates.fairness import fairness_gate
from training.heads import LearnedHead
from training.worth.gain_gate import gain_gate


def listed_gates(found: Findings, heads: Sequence[LearnedHead], audit: AuditedRun, capacity: float) -> Iterator[Gate]:
    """Yield the gain over rules of each landmark and outcome, and the gaps between groups, of lists of that share of children."""
    for head in heads:
        yield gain_gate(head.evaluation, found.plan, capacity)
    at = CAPACITIES.index(capacity)
    labels = {attribute.name: attribute.label for attribute in found.contract.audit}
    yield from fairness_gate(audit.heads, audit.told.audits[at], found.policy, at, labels)
