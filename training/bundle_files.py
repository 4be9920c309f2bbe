"""The files of a bundle, from all that was learned and how it was judged."""

from collections.abc import Mapping, Sequence
from typing import Any

from fairness.pack.page import pack
from models.band_policy import bands_of, capacities_of, share_of
from models.bands import Policy
from models.bundle import scorer_of
from models.calibration import Calibrations
from models.canonical import canonical
from models.capacities import CAPACITIES, Capacities
from models.documents.documents import documents
from models.refits import Refits
from models.terms import Model
from training.audited import AuditedRun
from training.cohort import CohortTable
from training.findings import Findings
from training.heads import LearnedHead, Unlearned
from training.invented import golden_cases
from training.listed_gates import listed_gates
from training.plan_parts import BandsPlan
from training.scores import once_each
from training.validation.proxies import proxies
from training.withdrawing import unflagged

ONLY_IN_FULL = ("sites", "learning_curve", "without", "options", "proxies")


def kept_capacities(found: Findings, heads: Sequence[LearnedHead], audit: AuditedRun) -> Capacities:
    """Return every head's lists, and what may be told of the audit of the held-out rows at each of the twenty capacities."""
    return Capacities(
        outcomes=tuple(head.capacities for head in heads),
        audits=tuple(map(audit.at, CAPACITIES)),
        gates=tuple(tuple(listed_gates(found, heads, audit, capacity)) for capacity in CAPACITIES),
    )


def policy_of(plan: BandsPlan, capacities: Capacities) -> Policy:
    """Return the policy that the plan asks for; raises BadInput where no bands can be drawn by it."""
    share = plan.capacity if plan.children_a_month is None else share_of(plan.children_a_month, capacities)
    return Policy(
        team=plan.team,
        owner=plan.owner,
        agreed=plan.agreed,
        children_a_month=plan.children_a_month,
        capacities=capacities_of(share),
        bands=plan.band,
    )


def evaluated(
    asked: Findings, cohorts: Mapping[str, CohortTable], heads: Sequence[LearnedHead | Unlearned]
) -> dict[str, Any]:
    """Return the evaluation of a run: what was read, how each landmark and outcome was judged, and what was not worked out."""
    full = asked.plan.evidence == "full"
    return {
        "format": 1,
        "rows_set_aside": {report.source: dict(sorted(report.set_aside.items())) for report in asked.reports},
        "evaluations": [head.evaluation for head in heads],
        "not_computed": [] if full else list(ONLY_IN_FULL),
        **({"proxies": [proxies(asked.contract, cohort, asked.plan) for cohort in cohorts.values()]} if full else {}),
    }


def withdrawn(found: Findings, heads: Sequence[LearnedHead], policy: Policy) -> dict[str, Any]:
    """Return the evaluation with what each source's withdrawal would do at the team's capacity."""
    attributes = [attribute.name for attribute in found.contract.audit]
    return found.evaluation | {
        "evaluations": [
            head.evaluation
            | {"withdrawal": unflagged(head.withdrawn, once_each(head.scored), attributes, policy.capacity)}
            for head in heads
        ]
    }


def bundle_files(
    found: Findings, heads: Sequence[LearnedHead], capacities: Capacities, policy: Policy, audit: dict[str, Any]
) -> dict[str, bytes]:
    """Return every file of the bundle but its manifest; `audit` is the audit at the policy's capacity."""
    calibrations = Calibrations(
        calibrations=tuple(head.calibration for head in heads), intervals=tuple(head.intervals for head in heads)
    )
    files = {
        "contract.toml": found.contract_text.encode(),
        "plan.toml": found.plan_text.encode(),
        "model.json": canonical(Model(estimators=tuple(head.spec for head in heads)).model_dump()),
        "calibration.json": canonical(calibrations.model_dump()),
        "bands.json": canonical(bands_of(policy, capacities).model_dump(mode="json")),
        "capacities.json": canonical(capacities.model_dump()),
        "refits.json": canonical(Refits(refits=tuple(head.refit for head in heads)).model_dump()),
        "evaluation.json": canonical(found.evaluation),
        "gates.json": canonical(found.gates.model_dump()),
        "policy.toml": found.policy_text.encode(),
        "audit.json": canonical(audit),
    }
    cases = golden_cases(scorer_of(files), found.plan.seed)
    files["golden.jsonl"] = b"".join(canonical(case.model_dump()) for case in cases)
    files |= documents(files)
    return files | {"pack.html": pack(files).encode()}
