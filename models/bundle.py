"""
A bundle: an immutable, data-only folder holding all that is needed to score.

`manifest.json` lists and digests every other file; the bundle's id is the SHA-256 of that canonical manifest, so it
depends on content alone. Every file is read once, and what was checked is what is used. `signature.json` is the only
file outside the manifest; any other is refused.
"""

import stat
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.bands import Bands
from models.calibration import Calibrations
from models.canonical import canonical, digest
from models.contract import Contract
from models.contract_reading import parse_contract
from models.errors import ContractError, IntegrityError
from models.golden import read_cases, reproduce
from models.scorer import Scorer
from models.signature import Hex64, Signature, check_signature
from models.terms import Model

MANIFEST, SIGNATURE = "manifest.json", "signature.json"
REQUIRED = frozenset(
    {
        "contract.toml",
        "plan.toml",
        "model.json",
        "calibration.json",
        "bands.json",
        "capacities.json",
        "refits.json",
        "golden.jsonl",
        "evaluation.json",
        "audit.json",
        "policy.toml",
        "pack.html",
        "gates.json",
        "tripod.json",
        "card.md",
    }
)
# No file of a bundle comes near this; it keeps a hostile one from filling the memory before its digest is known.
MAX_BYTES = 64 * 2**20
# Nor does a bundle come near this, in files or in bytes of all of them together.
MOST_FILES = 64
MOST_BYTES = 256 * 2**20


class FileEntry(BaseModel):
    """One file of a bundle."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bytes: Annotated[int, Field(ge=0, le=MAX_BYTES)]
    sha256: Hex64


class Manifest(BaseModel):
    """What stands in `manifest.json`: format, names, sizes and digests, and nothing else."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    files: dict[str, FileEntry]


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that was checked: its id, its Scorer, the bytes of every file, and its signature if it has one."""

    id: str
    scorer: Scorer
    files: Mapping[str, bytes]
    signature: Signature | None

    @property
    def contract(self) -> Contract:
        """The contract inside."""
        return self.scorer.contract


def manifest_of(files: Mapping[str, bytes]) -> bytes:
    """Return the canonical manifest of a bundle's other files."""
    entries = {name: FileEntry(bytes=len(data), sha256=digest(data)) for name, data in files.items()}
    return canonical(Manifest(files=entries).model_dump())


def load_bundle(folder: Path) -> Bundle:
    """Read and check a whole bundle, golden cases included; raises IntegrityError with one clear line."""
    files = _read_all(folder)
    if MANIFEST not in files:
        raise IntegrityError(f"{folder.name}: not a bundle: it has no {MANIFEST}")
    manifest, signature = files.pop(MANIFEST), files.pop(SIGNATURE, None)
    bundle_id = digest(manifest)
    _check_files(_parse_manifest(manifest), files)
    signed = check_signature(bundle_id, signature) if signature is not None else None
    scorer = scorer_of(files)
    reproduce(read_cases(files["golden.jsonl"]), scorer)
    return Bundle(bundle_id, scorer, files, signed)


def scorer_of(files: Mapping[str, bytes]) -> Scorer:
    """Build the Scorer from the files of a bundle; raises IntegrityError when they do not fit together."""
    try:
        contract = parse_contract(files["contract.toml"].decode(), "contract.toml")
        model = Model.model_validate_json(files["model.json"])
        calibrations = Calibrations.model_validate_json(files["calibration.json"])
        bands = Bands.model_validate_json(files["bands.json"])
    except (ContractError, ValidationError, UnicodeDecodeError):
        raise IntegrityError("its contract, model, calibration or bands are not of this format") from None
    # A plan may learn fewer landmarks and outcomes than the contract declares: what the bundle answers is what it holds.
    held = contract.narrowed({e.landmark for e in model.estimators}, {e.outcome for e in model.estimators})
    return Scorer(held, model, calibrations, bands)


def _read_all(folder: Path) -> dict[str, bytes]:
    try:
        entries = sorted(islice(folder.iterdir(), MOST_FILES + 1))
    except OSError:
        raise IntegrityError(f"{folder.name}: there is no such bundle folder") from None
    try:
        if len(entries) > MOST_FILES or sum(entry.lstat().st_size for entry in entries) > MOST_BYTES:
            raise IntegrityError(f"{folder.name}: it is larger than any bundle")
        return {entry.name: _read(entry) for entry in entries}
    except OSError:
        raise IntegrityError(f"{folder.name}: a file of the bundle cannot be read") from None


def _read(entry: Path) -> bytes:
    status = entry.lstat()
    if not stat.S_ISREG(status.st_mode):
        raise IntegrityError(f"{entry.name} is not a plain file; a bundle holds nothing else")
    if status.st_size > MAX_BYTES:
        raise IntegrityError(f"{entry.name} is larger than any file of a bundle")
    return entry.read_bytes()


def _parse_manifest(data: bytes) -> Manifest:
    try:
        manifest = Manifest.model_validate_json(data)
    except ValidationError:
        raise IntegrityError(f"{MANIFEST} is not a manifest of format 1") from None
    if canonical(manifest.model_dump()) != data:
        raise IntegrityError(f"{MANIFEST} was altered: it is not in its canonical form")
    return manifest


def _check_files(manifest: Manifest, files: Mapping[str, bytes]) -> None:
    for name in sorted(manifest.files.keys() | files.keys() | REQUIRED):
        if name not in manifest.files:
            raise IntegrityError(f"{name} is {'not listed in' if name in files else 'missing from'} the manifest")
        if name not in files:
            raise IntegrityError(f"{name} is missing")
        entry = manifest.files[name]
        if entry.bytes != len(files[name]) or entry.sha256 != digest(files[name]):
            raise IntegrityError(f"{name} was altered: it does not have its digest")
