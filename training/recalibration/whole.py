"""What is told of a recalibration as a whole: what was made again, what stays as it was learned, and what that is evidence of."""

from collections.abc import Sequence
from typing import Any

from models.gates import Gate
from training.cohort import CohortTable
from training.findings import Findings
from training.recalibration.head import RecalibratedHead
from training.recalibration.original import Original
from training.validation.proxies import proxies

# What only learning again could tell.
NOT_AGAIN = ("sites", "learning_curve", "without", "options")
_AS_LEARNED = {
    "terms": "Every term of model.json, and all of plan.toml and policy.toml, is the original's.",
    "refits": (
        "The curves of refits.json are those of the original's own refits, on the children it was learned from; where a slope "
        "was set they are as that slope serves them."
    ),
    "moves": (
        "How many children would be in another band is of drawing the thresholds again from other draws of these children. How "
        "many would be after learning again is told in the original alone."
    ),
    "fairness": "The policy asked of the gaps between groups is the original's, policy.toml; whoever signs agrees to it for these children.",
}
_QUICK = (
    "The evidence of what was learned is quick: sites, the learning curve, and what is left out were not worked out."
)


def evaluation_of(
    original: Original,
    asked: Findings,
    tables: Sequence[CohortTable],
    heads: Sequence[RecalibratedHead],
    *,
    elsewhere: bool,
) -> dict[str, Any]:
    """
    Return the evaluation of the whole; `tables` are the cohorts of the landmarks, for what the features tell of groups.

    `elsewhere` is what was stated of the children: that the bundle learned from none of them.
    """
    full = original.plan.evidence == "full"
    return {
        "format": 1,
        "rows_set_aside": {report.source: dict(sorted(report.set_aside.items())) for report in asked.reports},
        "evaluations": [head.head.evaluation for head in heads],
        "not_computed": [*NOT_AGAIN, *([] if full else ["proxies"])],
        **({"proxies": [proxies(asked.contract, table, original.plan) for table in tables]} if full else {}),
        "recalibrated": {
            "from": original.bundle.id,
            "elsewhere": elsewhere,
            "heads": [head.told for head in heads if head.told is not None],
            "as_learned": _AS_LEARNED,
        },
    }


def evidence_gate(original: Original) -> Gate:
    """Return the gate of evidence: what was learned must have been shown in full, and that stands in the original."""
    full = original.plan.evidence == "full"
    return Gate(
        code="evidence",
        kind="release",
        label="Evidence",
        threshold="full",
        verdict="passed" if full else "blocked",
        words=f"The evidence of what was learned is full, and stands in bundle {original.bundle.id}."
        if full
        else _QUICK,
        next="" if full else 'Recalibrate a bundle whose plan says evidence = "full": proposing a release requires it.',
    )
