"""Draws the bands of a bundle again for another capacity: the same model, with no data and no learning."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from models.band_policy import bands_of
from models.bands import Policy
from models.bundle import scorer_of
from models.canonical import canonical
from models.capacities import CAPACITIES, Capacities
from models.documents.documents import documents
from models.errors import IntegrityError
from models.gates import Gate, Gates
from models.golden import answered, read_cases


def rebanded(
    files: Mapping[str, bytes], policy: Policy, pack: Callable[[Mapping[str, bytes]], str]
) -> dict[str, bytes]:
    """
    Return the files of a bundle (no manifest, no signature) with its bands drawn by another policy.

    Thresholds, their figures, the audit and the gates that go by a list's length are those kept in `capacities.json`; what
    `audit.json` says of anything else, and every other gate, stays; golden cases are answered again, documents written again,
    and the board's pack (by `pack`, of the other files); every other file is the same to the byte. Raises BadInput when the policy has a capacity that is not kept, IntegrityError when the bundle keeps none.
    """
    capacities = read_capacities(files)
    bands = bands_of(policy, capacities)
    at = CAPACITIES.index(policy.capacity)
    drawn = {
        **files,
        "bands.json": canonical(bands.model_dump(mode="json")),
        "audit.json": _audit(files["audit.json"], capacities.audits[at]),
        "gates.json": _gates(files["gates.json"], capacities.gates[at]),
    }
    scorer = scorer_of(drawn)
    cases = [answered(case, scorer) for case in read_cases(files["golden.jsonl"])]
    drawn["golden.jsonl"] = b"".join(canonical(case.model_dump()) for case in cases)
    drawn |= documents(drawn)
    return drawn | {"pack.html": pack(drawn).encode()}


def _audit(before: bytes, kept: dict[str, Any]) -> bytes:
    """Return the audit kept, with whatever else the audit before said; raises IntegrityError when that is no audit."""
    try:
        return canonical(dict(json.loads(before)) | kept)
    except (ValueError, TypeError):
        raise IntegrityError("audit.json or the audits of capacities.json are no audits") from None


def _gates(before: bytes, kept: tuple[Gate, ...]) -> bytes:
    """Return the gates with those that go by a list's length as kept; raises IntegrityError when they are no gates."""
    try:
        gates = Gates.model_validate_json(before)
    except ValidationError:
        raise IntegrityError("gates.json does not hold gates") from None
    return canonical(gates.replaced(kept).model_dump())


def read_capacities(files: Mapping[str, bytes]) -> Capacities:
    """Read `capacities.json`; raises IntegrityError when it holds something else."""
    try:
        return Capacities.model_validate_json(files["capacities.json"])
    except ValidationError:
        raise IntegrityError("capacities.json does not hold the twenty capacities") from None
