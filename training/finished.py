"""The end of a run: lists and audits at every capacity, the bands, the last gates, and the bundle."""

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from models.band_policy import bands_of
from models.bands import Policy
from models.bundle_writing import write_bundle
from models.capacities import CAPACITIES, Capacities
from models.gates import Gate
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
    *,
    data: Path,
    out: Path,
    key: Ed25519PrivateKey | None,
) -> Run:
    """Write the bundle under `out`, signed where a key is given; `evidence` is the gate on how much was worked out."""
    scored = pd.concat([head.scored for head in heads], ignore_index=True)
    capacities = kept_capacities(found.contract, heads, scored, found.plan)
    policy = policy_of(capacities)
    gates = (*found.gates.gates, *capacities.gates[CAPACITIES.index(policy.capacity)], evidence)
    found = dataclasses.replace(
        found,
        evaluation=withdrawn(found, heads, policy),
        gates=found.gates.model_copy(update={"gates": gates}),
    )
    return Run(
        **{field.name: getattr(found, field.name) for field in dataclasses.fields(Findings)},
        bundle=write_bundle(out, bundle_files(found, heads, capacities, policy, who_is_missing(data)), key),
        bands=bands_of(policy, capacities),
        scored=flagged_at(scored, policy.capacity),
        followed=pd.concat([head.followed for head in heads], ignore_index=True),
    )
