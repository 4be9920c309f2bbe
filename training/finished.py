"""The end of a run: lists and audits at every capacity, the bands, the last gates, and the bundle."""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from models.band_policy import bands_of
from models.bands import Policy
from models.bundle_writing import write_bundle
from models.capacities import CAPACITIES, Capacities
from models.gates import Gate
from training.audited import audit_run, report_of
from training.bundle_files import bundle_files, kept_capacities, withdrawn
from training.findings import Findings, Run
from training.heads import LearnedHead
from training.linked_folder import who_is_missing
from training.scores import flagged_at


def finished(
    found: Findings,
    heads: Sequence[LearnedHead],
    policy_of: Callable[[Capacities], Policy],
    evidence: Gate,
    coverage: Sequence[dict[str, Any]],
    *,
    data: Path,
    out: Path,
    key: Ed25519PrivateKey | None,
) -> Run:
    """
    Write the bundle under `out`, signed where a key is given.

    `evidence` is the gate on how much was worked out, `coverage` what is told of who is missing, by landmark.
    """
    scored = _of_all(head.scored for head in heads)
    judged = _of_all(head.audited.rows for head in heads)
    audit = audit_run(found.contract, judged, found.policy, found.plan.seed)
    capacities = kept_capacities(found, heads, audit)
    policy = policy_of(capacities)
    gates = (*found.gates.gates, *capacities.gates[CAPACITIES.index(policy.capacity)], evidence)
    found = dataclasses.replace(
        found,
        evaluation=withdrawn(found, heads, policy),
        gates=found.gates.model_copy(update={"gates": gates}),
    )
    told = report_of(
        *(found.contract, found.policy, found.policy_text, audit, policy.capacity),
        pooled=[head.audited.told for head in heads if head.audited.told is not None],
        coverage=list(coverage),
        **who_is_missing(data),
    )
    return Run(
        **{field.name: getattr(found, field.name) for field in dataclasses.fields(Findings)},
        bundle=write_bundle(out, bundle_files(found, heads, capacities, policy, told), key),
        bands=bands_of(policy, capacities),
        scored=flagged_at(scored, policy.capacity),
        audited=flagged_at(judged, policy.capacity),
        followed=_of_all(head.followed for head in heads),
    )


def _of_all(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(list(parts), ignore_index=True)
