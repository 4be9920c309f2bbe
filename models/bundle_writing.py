"""Writes a bundle whole or not at all: aside, verified by loading it back, then renamed to its id."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from models.bundle import MANIFEST, SIGNATURE, Bundle, load_bundle, manifest_of
from models.canonical import canonical, digest
from models.errors import BadInput
from models.signature import sign


def write_bundle(out: Path, files: Mapping[str, bytes], key: Ed25519PrivateKey | None) -> Path:
    """
    Write `files` as a bundle under `out`, signed where a key is given; returns its folder, named by its id.

    A bundle of that id that is there already is the same bundle: it is verified and left as it is, and a signature it
    lacks is added.
    """
    bundle_id = digest(manifest_of(files))
    return _put(out, bundle_id, files, {SIGNATURE: sign(bundle_id, key)} if key is not None else {})


def copy_bundle(out: Path, bundle: Bundle) -> Path:
    """Write a bundle that was checked under `out`, with the signature it has; otherwise as `write_bundle` does."""
    signature = bundle.signature
    return _put(
        out, bundle.id, bundle.files, {SIGNATURE: canonical(signature.model_dump())} if signature is not None else {}
    )


def _put(out: Path, bundle_id: str, files: Mapping[str, bytes], signature: Mapping[str, bytes]) -> Path:
    final = out / bundle_id
    if final.exists():
        load_bundle(final)
        _add_signature(final, signature)
        return final
    aside = _folder_aside(out)
    try:
        for name, data in {**files, MANIFEST: manifest_of(files), **signature}.items():
            _write(aside / name, data)
        load_bundle(aside)
        aside.chmod(0o755)
        aside.rename(final)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    _flush_folder(out)
    return final


def check_writable(out: Path) -> None:
    """Raise BadInput when bundles cannot be written under `out`: better known before the learning than after."""
    _folder_aside(out).rmdir()


def _folder_aside(out: Path) -> Path:
    try:
        out.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=".writing-", dir=out))
    except OSError as error:
        raise BadInput(f"bundles cannot be written to {out.name}: {error.strerror}; choose another folder") from None


def _add_signature(folder: Path, signature: Mapping[str, bytes]) -> None:
    for name, data in signature.items():
        if not (folder / name).exists():
            _write(folder / name, data)


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
