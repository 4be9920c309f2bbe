"""The gate of evidence: a release needs all of it, also what takes too long for every day."""

from models.gates import Gate
from training.plan import Plan

_QUICK = (
    "The evidence is quick: not worked out were sites, the learning curve, what is left out costs what, and what could be done "
    "about gaps between groups; the audit is of the latest cohort alone."
)
_NEXT = 'Set evidence = "full" in the plan and train again: proposing a release requires it.'


def evidence_gate(plan: Plan) -> Gate:
    """Return the gate, one for the whole run: quick evidence keeps a bundle from release."""
    full = plan.evidence == "full"
    return Gate(
        code="evidence",
        kind="release",
        label="Evidence",
        threshold="full",
        verdict="passed" if full else "blocked",
        words="The evidence is full." if full else _QUICK,
        next="" if full else _NEXT,
    )
